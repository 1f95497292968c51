-- search_hybrid: a search by words and meaning, by chunk, of plain words and without a filter: the legs, their fusion and the
--   page, and none of what search.sql can do besides. Most searches are such, and starting a long statement costs time.
--
-- Plans    as in search.sql.
create or replace function @schema@.search_hybrid(
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
    depth constant integer := request.depth;
begin
    perform pgretrieve._set_scan(depth, request.ef_search, request.probes, most_tuples => greatest(20000, 20 * depth));
    return query
    with dense_hit as materialized (
        select l.* from @schema@.dense(query_embedding, depth) as l
    ),
    near as materialized (
        select array_agg(h.chunk_id) filter (where request.completes) as ids from dense_hit as h
    ),
    @asked_terms@,
    @best_scores@,
    -- as in bm25_best
    scored as materialized (
        select best.chunk_id, best.score - case when best.score >= 1048576 then 1048576 else 0 end as score
          from best
         where best.score <> 1048576
    ),
    @keyword_hits_plain@,
    @fused@,
    @relevance@,
    @plain_page@
end;
$$;
comment on function @schema@.search_hybrid is 'Plain hybrid search of this collection; called by pgretrieve.search.';
