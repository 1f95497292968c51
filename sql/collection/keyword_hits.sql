-- keyword_hits: the part of a search that takes the best chunks from the CTE scored (chunk_id, score: every chunk that
--   holds a term, in no order). Gives the CTE keyword_hit: at most depth rows, score: BM25, rank from 1, ties to the lower
--   chunk_id.
-- Exact    at most `dead` of the scored chunks are gone, so the first depth + dead hold the best depth of the living;
--          they are looked up in order and only until depth are found (a scalar sub-select is not turned into a join).
    keyword_best as materialized (
        select scored.chunk_id, scored.score
          from scored
         order by scored.score desc, scored.chunk_id
         limit depth + (select coalesce(sum(dead), 0) from @schema@.statistic)
    ),
    keyword_hit as (
        select live.chunk_id, live.score,
               (row_number() over (order by live.score desc, live.chunk_id))::integer as rank
          from (select keyword_best.chunk_id, keyword_best.score
                  from keyword_best
                 where (select true from @schema@.chunk as c where c.id = keyword_best.chunk_id)
                 limit depth) as live
    )
