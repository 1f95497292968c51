-- dense: the leg that ranks by meaning, over the whole collection, through the approximate index where there is one.
--
-- Returns  at most depth rows, best first; score: @score_meaning@; rank 1..n, ties go to the lower chunk_id.
-- Sorted twice: iterative scans may hand rows out slightly out of order.
create or replace function @schema@.dense(query_embedding vector, depth integer)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select e.chunk_id, e.embedding @operator@ @query@ as distance
              from @schema@.embedding as e
             order by e.embedding @operator@ @query@
             limit dense.depth) as near;
end;
comment on function @schema@.dense(vector, integer) is 'First depth chunks by vector distance, approximate if indexed.';
