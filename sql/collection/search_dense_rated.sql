-- search_dense_rated: as search_dense, with relevance or a cut.
create or replace function @schema@.search_dense_rated(
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
    perform pgretrieve._set_scan(request.depth, request.ef_search, request.probes,
                                 most_tuples => greatest(20000, 20 * request.depth));
    return query
    with dense_hit as (
        select l.* from @schema@.dense(query_embedding, request.depth) as l
    ),
    @dense_relevance@,
    @plain_page@
end;
$$;
comment on function @schema@.search_dense_rated is
    'Search by meaning alone with relevance; called by pgretrieve.search.';
