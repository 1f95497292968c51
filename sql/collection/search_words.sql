-- search_words: a search by plain words alone, by chunk and without a filter. The leg is exact at any depth, so it ends where the
--   page ends. With syntax or min_match it is search_keyword. Of search_settings it has what words need: each takes time.
create or replace function @schema@.search_words(
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
    depth constant integer := search_words.k;
begin
    return query
    with scored as (
        select s.chunk_id, s.score from @schema@.bm25_best(search_words.query, depth, null) as s
    ),
    @keyword_hits_plain@
    select d.external_id, h.chunk_id::bigint, h.rank, h.score, null::double precision,
           null::integer, null::double precision, h.rank, h.score, d.title, c.text, d.metadata
      from keyword_hit as h
      join @schema@.chunk as c on c.id = h.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by h.rank;
end;
$$;
comment on function @schema@.search_words is 'Search by plain words alone of this collection; called by pgretrieve.search.';
