-- best_scores: the part of a statement that scores the best of what the terms in CTE term find, and those in `also` (a null for a
--   constant, so that the planner leaves it out); see bm25_best.sql. Gives the CTE best: what is in `also` comes with 2^20 more.
    bound as materialized (
        select coalesce(sum(term.df) >= greatest(20000, 3000 * count(*)), false) as frequent,
               depth + (select coalesce(sum(dead), 0) from @schema@.statistic)::bigint as most
          from term
    ),
    best as (
        select marked.chunk_id, marked.score
          from (select scored.chunk_id, sum(scored.weight * (scored.code >> 16)
                           / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
                           + 1572864::double precision - 1572864::double precision) as score
                  from (
                        @postings@
                         union all
                        select a.chunk_id, 65536, 1048576, 0, 0 from unnest(@also@) as a (chunk_id)
                       ) as scored
                 where (select not bound.frequent from bound)
                 group by scored.chunk_id
                 union all
                select s.chunk_id, s.score
                  from @schema@.bm25_top(query, depth, @also@) as s
                 where (select bound.frequent from bound)) as marked
         order by marked.score desc, marked.chunk_id
         limit (select bound.most from bound) + coalesce(cardinality(@also@), 0)
    )
