-- keyword_hits_plain: keyword_hits.sql for a query of plain words, of whose syntax nothing is left to check.
    keyword_best as materialized (
        select scored.chunk_id, scored.score
          from scored
         order by scored.score desc, scored.chunk_id
         limit depth + (select coalesce(sum(dead), 0) from @schema@.statistic)
    ),
    keyword_hit as materialized (
        select live.chunk_id, live.score,
               (row_number() over (order by live.score desc, live.chunk_id))::integer as rank
          from (select keyword_best.chunk_id, keyword_best.score
                  from keyword_best
                 where (select true from @schema@.chunk as c where c.id = keyword_best.chunk_id)
                 limit depth) as live
    )
