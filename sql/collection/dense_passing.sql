-- dense_passing: the depth nearest of all chunks whose document passes a filter, compared one by one; exact.
--
-- A function by itself, planned for its filter: the statement around it wants another plan, and rarely comes here.
create or replace function @schema@.dense_passing(query_embedding vector, depth integer, path jsonpath)
    returns table (chunk_id integer, distance double precision)
    language plpgsql stable parallel safe
    rows 100
    set search_path from current
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = on
as $$
#variable_conflict use_column
begin
    return query
    select e.chunk_id, (e.embedding @operator@ @query@) + 0 as distance
      from @schema@.document as d
      join @schema@.chunk as c on c.document_id = d.id
      join @schema@.embedding as e on e.chunk_id = c.id
     where d.metadata @@ dense_passing.path
     order by distance, e.chunk_id
     limit dense_passing.depth;
end;
$$;
comment on function @schema@.dense_passing(vector, integer, jsonpath) is
    'First depth chunks by vector distance of all whose document passes the filter.';
