-- search_filtered: as search, over the documents that pass a filter.
--
-- dense_plan, keyword_plan: 'among' (exactly over the chunks in allowed), 'filtered' (candidates are walked in order, and
-- each is tested against path), or 'none'.
-- Plans    anew for each search, since the best plan hangs on the filter: a generic one lost a third of the answers.
create or replace function @schema@.search_filtered(
    query text, query_embedding vector, k integer, mode text, depth integer, ef_search integer,
    rrf_k double precision, dense_weight double precision, keyword_weight double precision, by_document boolean,
    dense_plan text, keyword_plan text, path jsonpath, allowed integer[]
)
    returns setof pgretrieve.hit
    language plpgsql stable
    rows 10
    @search_settings@
    set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
    perform pgretrieve._set_scan(search_filtered.depth, search_filtered.ef_search, @probes@,
                                 most_tuples => 200000);
    return query
    with leg_hit as materialized (
        select 'dense' as leg, l.* from @schema@.dense_among(search_filtered.query_embedding, search_filtered.depth, search_filtered.allowed) as l
         where search_filtered.dense_plan = 'among'
         union all
        select 'dense', l.* from @schema@.dense_filtered(search_filtered.query_embedding, search_filtered.depth, search_filtered.path) as l
         where search_filtered.dense_plan = 'filtered'
         union all
        select 'keyword', l.* from @schema@.keyword_among(search_filtered.query, search_filtered.depth, search_filtered.allowed) as l
         where search_filtered.keyword_plan = 'among'
         union all
        select 'keyword', l.* from @schema@.keyword_filtered(search_filtered.query, search_filtered.depth, search_filtered.path) as l
         where search_filtered.keyword_plan = 'filtered'
    ),
    @fusion@
end;
$$;
comment on function @schema@.search_filtered is 'The hybrid statement of this collection under a filter; called by pgretrieve.search.';
