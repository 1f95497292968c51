-- search: legs, fusion and text of one collection in one statement. Arguments come checked from pgretrieve.search.
--
-- request.dense_plan, keyword_plan: which form of each leg runs: 'all', 'exact' (dense only), or 'none'. Every form stands
-- in the statement, inlined; those that do not run cost a comparison.
-- Plans    on one generic plan for the whole session: planning would cost a third of the search. That planner does not
--          know how small the limit is and would read every vector, hence enable_seqscan.
create or replace function @schema@.search(
    query text, query_embedding vector, k integer, request pgretrieve.search_request
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
    perform pgretrieve._set_scan(depth, request.ef_search, @probes@, most_tuples => greatest(20000, 20 * depth));
    return query
    with scored as materialized (
        select s.chunk_id, s.score from @schema@.bm25(search.query) as s where request.keyword_plan = 'all'
    ),
    @keyword_hits@,
    leg_hit as materialized (
        select 'dense' as leg, l.* from @schema@.dense(query_embedding, depth) as l where request.dense_plan = 'all'
         union all
        select 'dense', l.* from @schema@.dense_exact(query_embedding, depth) as l where request.dense_plan = 'exact'
         union all
        select 'keyword', keyword_hit.* from keyword_hit
    ),
    @fusion@
end;
$$;
comment on function @schema@.search is 'The hybrid statement of this collection; called by pgretrieve.search.';
