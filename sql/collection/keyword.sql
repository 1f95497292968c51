-- keyword: the leg that ranks by words, over the whole collection.
--
-- Returns  at most depth rows, best first; score: BM25; rank 1..n, ties go to the lower chunk_id.
-- Exact    at most `dead` of the scored chunks are gone, so the first depth + dead hold the best depth of the living;
--          they are looked up in order and only until depth are found (a scalar sub-select is not turned into a join).
create or replace function @schema@.keyword(query text, depth integer)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with best as materialized (
        select s.chunk_id, s.score
          from @schema@.bm25(keyword.query) as s
         order by s.score desc, s.chunk_id
         limit keyword.depth + (select coalesce(sum(dead), 0) from @schema@.statistic)
    )
    select live.chunk_id, live.score, (row_number() over (order by live.score desc, live.chunk_id))::integer
      from (select best.chunk_id, best.score
              from best
             where (select true from @schema@.chunk as c where c.id = best.chunk_id)
             limit keyword.depth) as live;
end;
comment on function @schema@.keyword(text, integer) is 'First depth chunks by BM25.';
