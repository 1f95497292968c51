-- keyword_among: the keyword leg over given chunks only; exact, for filters that leave few.
create or replace function @schema@.keyword_among(query text, depth integer, allowed integer[])
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select best.chunk_id, best.score, (row_number() over (order by best.score desc, best.chunk_id))::integer
      from (select s.chunk_id, s.score
              from @schema@.bm25(keyword_among.query) as s
              join unnest(keyword_among.allowed) as a (chunk_id) on a.chunk_id = s.chunk_id
             order by s.score desc, s.chunk_id
             limit keyword_among.depth) as best;
end;
comment on function @schema@.keyword_among(text, integer, integer[]) is
    'First depth chunks by BM25 among the given ones.';
