-- dense_filtered: the dense leg under a filter that many documents pass: the index is walked until depth have passed.
--
-- The filter is a scalar sub-select so that the planner cannot turn it into a join, which would lose the index order.
create or replace function @schema@.dense_filtered(query_embedding vector, depth integer, path jsonpath)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select e.chunk_id, e.embedding @operator@ @query@ as distance
              from @schema@.embedding as e
             where (select d.metadata @@ dense_filtered.path
                      from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                     where c.id = e.chunk_id)
             order by e.embedding @operator@ @query@
             limit dense_filtered.depth) as near;
end;
comment on function @schema@.dense_filtered(vector, integer, jsonpath) is
    'First depth chunks by vector distance whose document passes the filter.';
