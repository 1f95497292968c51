-- search_hybrid_filtered: as search_hybrid, over the documents that pass a filter. Forms of the legs as in search_filtered.sql.
create or replace function @schema@.search_hybrid_filtered(
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
declare
    depth   constant integer := request.depth;
    path    constant jsonpath := request.path;
    allowed constant integer[] := request.allowed;
begin
    perform pgretrieve._set_scan(depth, request.ef_search, request.probes, most_tuples => 200000);
    return query
    with open_check as materialized (
        select null::tsquery as check_for
    ),
    dense_hit as materialized (
        select l.* from @schema@.dense_among(query_embedding, depth, allowed) as l where request.dense_plan = 'among'
         union all
        select l.* from @schema@.dense_filtered(query_embedding, depth, path, request.enough, request.page) as l
         where request.dense_plan = 'filtered'
    ),
    scored as materialized (
        select s.chunk_id, s.score
          from @schema@.bm25_among(search_hybrid_filtered.query, allowed) as s
         where allowed is not null
         union all
        select s.chunk_id, s.score
          from (select array_agg(h.chunk_id) filter (where request.completes) as ids from dense_hit as h) as near,
               lateral @schema@.bm25_best(search_hybrid_filtered.query, greatest(500, 5 * depth), near.ids) as s
         where allowed is null
    ),
    @keyword_hits_filtered@,
    @fused@,
    possible as (
        select p.* from @schema@.possible_score(search_hybrid_filtered.query, request.mode) as p
         where request.hit_weights is not null
    ),
    @relevance@,
    @plain_page@
end;
$$;
comment on function @schema@.search_hybrid_filtered is
    'Plain hybrid search under a filter; called by pgretrieve.search.';
