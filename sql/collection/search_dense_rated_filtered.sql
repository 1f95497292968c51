-- search_dense_rated_filtered: as search_dense_filtered, with relevance or a cut.
create or replace function @schema@.search_dense_rated_filtered(
    query pgretrieve.keyword_query, query_embedding vector, k integer, request pgretrieve.search_request
)
    returns setof pgretrieve.hit
    language plpgsql stable
    rows 10
    @search_settings@
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    perform pgretrieve._set_scan(request.depth, request.ef_search, request.probes, most_tuples => 200000);
    return query
    with dense_hit as (
        select l.* from @schema@.dense_among(query_embedding, request.depth, request.allowed) as l
         where request.dense_plan = 'among'
         union all
        select l.* from @schema@.dense_filtered(query_embedding, request.depth, request.path, request.enough, request.page) as l
         where request.dense_plan = 'filtered'
    ),
    @dense_relevance@,
    @plain_page@
end;
$$;
comment on function @schema@.search_dense_rated_filtered is
    'Search by meaning alone with relevance under a filter; called by pgretrieve.search.';
