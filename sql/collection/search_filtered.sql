-- search_filtered: as search, over the documents that pass a filter.
--
-- request.dense_plan, keyword_plan: 'among' (exactly over the chunks in request.allowed), 'filtered' (candidates are walked
-- in order, and each is tested against request.path), or 'none'.
-- Plans    as in search.sql. What a filter may want another plan for stands in functions of its own: passing, dense_passing.
create or replace function @schema@.search_filtered(
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
    depth       constant integer := request.depth;
    path        constant jsonpath := request.path;
    allowed     constant integer[] := request.allowed;
    whole_check constant tsquery := @schema@.query_check(query, true);
begin
    perform pgretrieve._set_scan(depth, request.ef_search, request.probes, most_tuples => 200000);
    return query
    with open_check as materialized (
        select @schema@.query_check(search_filtered.query, false) as check_for
    ),
    near as materialized (
        select l.* from @schema@.dense_among(query_embedding, depth, allowed) as l where request.dense_plan = 'among'
         union all
        select l.* from @schema@.dense_filtered(query_embedding, depth, path, request.enough, request.page) as l
         where request.dense_plan = 'filtered'
    ),
    dense_hit as materialized (
        select near.* from near where whole_check is null or @schema@.chunk_matches(near.chunk_id, whole_check)
    ),
    -- with what the dense leg has found, for fusion, as in search.sql
    scored as materialized (
        select s.chunk_id, s.score
          from (select coalesce(allowed, array_agg(near.chunk_id) filter (where request.completes)) as ids from near) as found,
               lateral @schema@.scored(search_filtered.query,
                                       case when request.fusion = 'zscore' and request.completes then null
                                            when allowed is null then greatest(500, 5 * depth)
                                            else 0 end,
                                       found.ids) as s
         where request.keyword_plan <> 'none'
    ),
    @keyword_hits_filtered@,
    @fused@,
    possible as (
        select p.* from @schema@.possible_score(search_filtered.query, request.mode) as p
         where request.hit_weights is not null
    ),
    @relevance@,
    @fusion@
end;
$$;
comment on function @schema@.search_filtered is
    'The hybrid statement of this collection under a filter; called by pgretrieve.search.';
