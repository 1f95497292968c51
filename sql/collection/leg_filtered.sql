-- leg_filtered: one leg of search_legs under a filter, in the form that the request says.
--
-- In plpgsql on purpose: inlined, its many parts would have to be started by every search, filter or not.
create or replace function @schema@.leg_filtered(
    kind text, query pgretrieve.keyword_query, query_embedding vector, request pgretrieve.search_request
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
    if kind = 'keyword' then
        return query
        select l.* from @schema@.keyword_filtered(leg_filtered.query, request.depth, request.path, request.allowed) as l;
    elsif request.dense_plan = 'among' then
        return query select l.* from @schema@.dense_among(query_embedding, request.depth, request.allowed) as l;
    else
        return query
        select l.* from @schema@.dense_filtered(query_embedding, request.depth, request.path, request.enough) as l;
    end if;
end;
$$;
comment on function @schema@.leg_filtered is 'One leg of a search of several queries under a filter.';
