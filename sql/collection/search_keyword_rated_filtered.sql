-- search_keyword_rated_filtered: as search_keyword_filtered, with relevance or a cut.
create or replace function @schema@.search_keyword_rated_filtered(
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
    return query
    with keyword_hit as (
        select h.*
          from @schema@.keyword_filtered(search_keyword_rated_filtered.query, request.depth, request.path, request.allowed) as h
    ),
    possible as (
        select p.* from @schema@.possible_score(search_keyword_rated_filtered.query, 'keyword') as p
    ),
    @keyword_relevance@,
    @plain_page@
end;
$$;
comment on function @schema@.search_keyword_rated_filtered is
    'Search by words alone with relevance under a filter; called by pgretrieve.search.';
