-- dense_walk: chunks as the vector index hands them out, nearest first, each with whether its document passes a filter.
--   The caller stops when it has enough.
--
-- The test is a scalar sub-select, so that the planner cannot turn it into a join, which would lose the index order.
create or replace function @schema@.dense_walk(query_embedding vector, path jsonpath)
    returns table (chunk_id integer, distance double precision, passes boolean)
    language sql stable rows 1000
begin atomic
    select e.chunk_id, e.embedding @operator@ @query@,
           (select d.metadata @@ dense_walk.path
              from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
             where c.id = e.chunk_id)
      from @schema@.embedding as e
     order by e.embedding @operator@ @query@;
end;
comment on function @schema@.dense_walk(vector, jsonpath) is
    'Chunks in the order of the vector index, with whether their document passes a filter.';
