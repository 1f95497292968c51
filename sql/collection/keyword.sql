-- keyword: the leg that ranks by words, over the whole collection.
--
-- Returns  at most depth rows, best first; score: BM25; rank 1..n, ties go to the lower chunk_id.
-- min_match see option min_match; null: any term.
-- Exact    at most `dead` of the scored chunks are gone, so the first depth + dead hold the best depth of the living;
--          they are looked up in order and only until depth are found (a scalar sub-select is not turned into a join).
--          Where phrases have to be checked, all are candidates, and texts are read in order until depth have passed.
create or replace function @schema@.keyword(query text, depth integer, min_match jsonb)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(keyword.query, false) as check_for
    ),
    best as materialized (
        select s.chunk_id, s.score
          from @schema@.scored(keyword.query, keyword.min_match, keyword.depth) as s
         order by s.score desc, s.chunk_id
         limit (select case when open_check.check_for is null
                            then keyword.depth + (select coalesce(sum(dead), 0) from @schema@.statistic) end
                  from open_check)
    )
    select live.chunk_id, live.score, (row_number() over (order by live.score desc, live.chunk_id))::integer
      from (select best.chunk_id, best.score
              from best
             where case when (select open_check.check_for from open_check) is null
                        then (select true from @schema@.chunk as c where c.id = best.chunk_id)
                        else @schema@.chunk_matches(best.chunk_id, (select open_check.check_for from open_check))
                   end
             limit keyword.depth) as live;
end;
comment on function @schema@.keyword(text, integer, jsonb) is 'First depth chunks by BM25.';
