-- search_words_rated: as search_words, with relevance or a cut. The leg is as in bm25_best, of terms that are looked up here.
create or replace function @schema@.search_words_rated(
    query pgretrieve.keyword_query, query_embedding vector, k integer, request pgretrieve.search_request
)
    returns setof pgretrieve.hit
    language plpgsql stable
    rows 10
    set search_path from current
    set jit = off
    set work_mem = '64MB'
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    depth constant integer := request.depth;
begin
    return query
    with @asked_terms@,
    @best_scores@,
    scored as (
        select best.chunk_id, best.score from best
    ),
    @keyword_hits_plain@,
    @keyword_relevance@,
    @plain_page@
end;
$$;
comment on function @schema@.search_words_rated is
    'Search by plain words alone with relevance; called by pgretrieve.search.';
