-- keyword_hits: the part of a search that takes the best chunks from the CTEs scored (chunk_id, score: every chunk that
--   may be among them, in no order) and open_check (check_for: what the scores leave open of the query's syntax). Gives the
--   CTE keyword_hit: at most depth rows, score: BM25, rank from 1, ties to the lower chunk_id.
-- Exact    at most `dead` of the scored chunks are gone, so the first depth + dead hold the best depth of the living;
--          they are looked up in order and only until depth are found (a scalar sub-select is not turned into a join).
--          Where phrases have to be checked, all are candidates, and texts are read in order until depth have passed.
    keyword_best as materialized (
        select scored.chunk_id, scored.score
          from scored
         order by scored.score desc, scored.chunk_id
         limit (select case when open_check.check_for is null
                            then depth + (select coalesce(sum(dead), 0) from @schema@.statistic) end
                  from open_check)
    ),
    keyword_hit as (
        select live.chunk_id, live.score,
               (row_number() over (order by live.score desc, live.chunk_id))::integer as rank
          from (select keyword_best.chunk_id, keyword_best.score
                  from keyword_best
                 where case when (select open_check.check_for from open_check) is null
                            then (select true from @schema@.chunk as c where c.id = keyword_best.chunk_id)
                            else @schema@.chunk_matches(keyword_best.chunk_id,
                                                        (select open_check.check_for from open_check))
                       end
                 limit depth) as live
    )
