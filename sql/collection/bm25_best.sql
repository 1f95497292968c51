-- bm25_best: BM25 scores of the chunks that can be among the first `depth` of the living, and of those in `also` that hold a
--   term of the query, in no order. Exact: what is left out cannot be among them.
--
-- Two arms, of which one runs: bm25, and bm25_top where the lists are so long that going round some of them pays.
-- Marked   one sort is to leave the best and those in `also`. So those get 2^20 more, and lose it after. Scores stay far
--          below: a query has 64 terms, each counts up to 255 times (at k1 of 10 and more, a query would reach it that has
--          dozens of rare terms, each dozens of times). They are multiples of 2^-32, so nothing is rounded.
-- also     chunks whose scores are wanted wherever they stand, such as what the dense leg has found; without
--          repeats; may be null.
create or replace function @schema@.bm25_best(query pgretrieve.keyword_query, depth integer, also integer[])
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 300
begin atomic
    with term as materialized (select * from @schema@.weighted_terms((query).text, (query).language)),
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
                        select a.chunk_id, 65536, 1048576, 0, 0 from unnest(also) as a (chunk_id)
                       ) as scored
                 where (select not bound.frequent from bound)
                 group by scored.chunk_id
                 union all
                select s.chunk_id, s.score
                  from @schema@.bm25_top(query, depth, also) as s
                 where (select bound.frequent from bound)) as marked
         order by marked.score desc, marked.chunk_id
         limit (select bound.most from bound) + coalesce(cardinality(also), 0)
    )
    select best.chunk_id, best.score - case when best.score >= 1048576 then 1048576 else 0 end
      from best
     where best.score <> 1048576;
end;
comment on function @schema@.bm25_best(pgretrieve.keyword_query, integer, integer[]) is
    'BM25 scores of the chunks that can be among the best, and of given ones, unordered.';
