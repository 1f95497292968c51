-- dense_exact: the dense leg by reading every vector. The "+ 0" is what no index can serve: exact by construction.
create or replace function @schema@.dense_exact(query_embedding vector, depth integer)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select e.chunk_id, (e.embedding @operator@ (select @query@)) + 0 as distance
              from @schema@.embedding as e
             order by distance, e.chunk_id
             limit dense_exact.depth) as near;
end;
comment on function @schema@.dense_exact(vector, integer) is 'First depth chunks by vector distance, exact.';
