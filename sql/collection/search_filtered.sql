-- search_filtered: as search, over the documents that pass a filter.
--
-- request.dense_plan, keyword_plan: 'among' (exactly over the chunks in request.allowed), 'filtered' (candidates are walked
-- in order, and each is tested against request.path), or 'none'.
-- Plans    anew for each search, since the best plan hangs on the filter: a generic one lost a third of the answers.
create or replace function @schema@.search_filtered(
    query text, query_embedding vector, k integer, request pgretrieve.search_request
)
    returns table (hit pgretrieve.hit, turn integer, cut boolean)
    language plpgsql stable
    rows 10
    @search_settings@
    set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    depth       constant integer := request.depth;
    path        constant jsonpath := request.path;
    allowed     constant integer[] := request.allowed;
    min_match   constant jsonb := request.min_match;
    whole_check constant tsquery := @schema@.query_check(query, true);
begin
    perform pgretrieve._set_scan(depth, request.ef_search, @probes@, most_tuples => 200000);
    return query
    with near as (
        select l.* from @schema@.dense_among(query_embedding, depth, allowed) as l where request.dense_plan = 'among'
         union all
        select l.* from @schema@.dense_filtered(query_embedding, depth, path) as l where request.dense_plan = 'filtered'
    ),
    dense_hit as materialized (
        select near.* from near where whole_check is null or @schema@.chunk_matches(near.chunk_id, whole_check)
    ),
    keyword_hit as materialized (
        select l.* from @schema@.keyword_among(search_filtered.query, depth, allowed, min_match, request.field_weights) as l
         where request.keyword_plan = 'among'
         union all
        select l.* from @schema@.keyword_filtered(search_filtered.query, depth, path, min_match, request.field_weights) as l
         where request.keyword_plan = 'filtered'
    ),
    -- for fusion: what the dense leg found, by words
    scored as (
        select s.chunk_id, s.score
          from @schema@.scored(search_filtered.query, min_match, null, null, request.field_weights) as s
         where request.completes
    ),
    @fusion@
end;
$$;
comment on function @schema@.search_filtered is
    'The hybrid statement of this collection under a filter; called by pgretrieve.search.';
