-- search_keyword_filtered: as search_keyword, over the documents that pass a filter.
create or replace function @schema@.search_keyword_filtered(
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
begin
    return query
    select d.external_id, h.chunk_id::bigint, h.rank, h.score, null::double precision,
           null::integer, null::double precision, h.rank, h.score, d.title, c.text, d.metadata
      from @schema@.keyword_filtered(search_keyword_filtered.query, request.depth, request.path, request.allowed) as h
      join @schema@.chunk as c on c.id = h.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by h.rank
     limit k;
end;
$$;
comment on function @schema@.search_keyword_filtered is
    'Search by words alone under a filter; called by pgretrieve.search.';
