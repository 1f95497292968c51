-- search: legs, fusion and text of one collection in one statement. Arguments come checked from pgretrieve.search.
--
-- dense_plan, keyword_plan: which form of each leg runs: 'all', 'exact' (dense only), or 'none'. Every form stands in the
-- statement, inlined; those that do not run cost a comparison.
-- Plans    on one generic plan for the whole session: planning would cost a third of the search. That planner does not
--          know how small the limit is and would read every vector, hence enable_seqscan.
create or replace function @schema@.search(
    query text, query_embedding vector, k integer, mode text, depth integer, ef_search integer,
    rrf_k double precision, dense_weight double precision, keyword_weight double precision, by_document boolean,
    dense_plan text, keyword_plan text
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
    perform pgretrieve._set_scan(search.depth, search.ef_search, @probes@,
                                 most_tuples => greatest(20000, 20 * search.depth));
    return query
    with leg_hit as materialized (
        select 'dense' as leg, l.* from @schema@.dense(search.query_embedding, search.depth) as l
         where search.dense_plan = 'all'
         union all
        select 'dense', l.* from @schema@.dense_exact(search.query_embedding, search.depth) as l
         where search.dense_plan = 'exact'
         union all
        select 'keyword', l.* from @schema@.keyword(search.query, search.depth) as l
         where search.keyword_plan = 'all'
    ),
    @fusion@
end;
$$;
comment on function @schema@.search is 'The hybrid statement of this collection; called by pgretrieve.search.';
