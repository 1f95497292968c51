-- dense_among: the dense leg over given chunks only; exact, for filters that leave few.
--
-- Looked for by a list, not by a join: for that the planner would hash all vectors.
-- The query is cast in a sub-select: once, and not for each vector.
create or replace function @schema@.dense_among(query_embedding vector, depth integer, allowed integer[])
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select e.chunk_id, (e.embedding @operator@ (select @query@)) + 0 as distance
              from @schema@.embedding as e
             where e.chunk_id = any (dense_among.allowed)
             order by distance, e.chunk_id
             limit dense_among.depth) as near;
end;
comment on function @schema@.dense_among(vector, integer, integer[]) is
    'First depth chunks by vector distance among the given ones, exact.';
