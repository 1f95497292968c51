-- dense_field_passing: the depth nearest of all documents that pass a filter, by the vector of a field; exact. Planned for its
--   filter, as dense_passing is.
create or replace function @schema@.dense_field_passing(field text, query_embedding vector, depth integer, path jsonpath)
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
    select arm.chunk_id, arm.distance
      from (
            @field_passing@
           ) as arm
     order by arm.distance, arm.chunk_id
     limit dense_field_passing.depth;
end;
$$;
comment on function @schema@.dense_field_passing(text, vector, integer, jsonpath) is
    'First depth documents by the vector of a field of all that pass the filter.';
