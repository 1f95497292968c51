-- search: legs, fusion and text of one collection in one statement. Arguments come checked from pgretrieve.search.
--
-- request.dense_plan, keyword_plan: which form of each leg runs: 'all', 'exact' (dense only), or 'none'. Every form stands
-- in the statement, inlined; those that do not run cost a comparison.
-- Returns  see fusion.sql.
-- What the query requires or excludes holds for what the dense leg brings, too.
-- Plans    on one generic plan for the whole session: planning would cost a third of the search. That planner does not
--          know how small the limit is and would read every vector, hence enable_seqscan.
create or replace function @schema@.search(
    query pgretrieve.keyword_query, query_embedding vector, k integer, request pgretrieve.search_request
)
    returns table (hit pgretrieve.hit, turn integer, cut boolean)
    language plpgsql stable
    rows 10
    @search_settings@
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    depth constant integer := request.depth;
    whole_check constant tsquery := @schema@.query_check(query, true);
begin
    perform pgretrieve._set_scan(depth, request.ef_search, request.probes, most_tuples => greatest(20000, 20 * depth));
    return query
    with open_check as materialized (
        select @schema@.query_check(search.query, false) as check_for
    ),
    near as materialized (
        select l.* from @schema@.dense(query_embedding, depth) as l where request.dense_plan = 'all'
         union all
        select l.* from @schema@.dense_exact(query_embedding, depth) as l where request.dense_plan = 'exact'
    ),
    dense_hit as materialized (
        select near.* from near where whole_check is null or @schema@.chunk_matches(near.chunk_id, whole_check)
    ),
    -- Fusion of exact scores wants those of what the dense leg has found, too; zscore wants the mean of all. The ids come
    -- from a join: a function whose arguments hold a sub-select is not inlined, but planned for each search.
    scored as materialized (
        select s.chunk_id, s.score
          from (select array_agg(near.chunk_id) filter (where request.completes) as ids from near) as found,
               lateral @schema@.scored(search.query,
                                       case when request.fusion <> 'zscore' or not request.completes then depth end,
                                       found.ids) as s
         where request.keyword_plan = 'all'
    ),
    @keyword_hits@,
    @fused@,
    possible as (
        select p.* from @schema@.possible_score(search.query, request.mode) as p
         where request.hit_weights is not null
    ),
    @relevance@,
    @fusion@
end;
$$;
comment on function @schema@.search is 'The hybrid statement of this collection; called by pgretrieve.search.';
