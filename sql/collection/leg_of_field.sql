-- leg_of_field: the leg of search_legs by the vectors of a field, in the form that the request says.
--
-- In plpgsql on purpose: inlined, its many parts would have to be started by every search of several legs.
create or replace function @schema@.leg_of_field(
    field text, query_embedding vector, request pgretrieve.search_request
)
    returns table (chunk_id integer, score double precision, rank integer)
    language plpgsql stable
    rows 100
    set search_path from current
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    if request.dense_plan in ('all', 'exact') then
        return query
        select l.* from @schema@.dense_field(leg_of_field.field, query_embedding, request.depth,
                                             request.dense_plan = 'exact') as l;
    elsif request.dense_plan = 'among' then
        return query
        select l.* from @schema@.dense_field_among(leg_of_field.field, query_embedding, request.depth, request.allowed) as l;
    else
        return query
        select l.* from @schema@.dense_field_filtered(leg_of_field.field, query_embedding, request.depth, request.path,
                                                      request.enough) as l;
    end if;
end;
$$;
comment on function @schema@.leg_of_field is 'One leg of a search, by the vectors of a field.';
