-- search_keyword: a search by words alone, by chunk and without a filter, with syntax or min_match. There is nothing to fuse, and
--   the leg is exact at any depth, so it ends where the page ends.
create or replace function @schema@.search_keyword(
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
      from @schema@.keyword(search_keyword.query, search_keyword.k) as h
      join @schema@.chunk as c on c.id = h.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by h.rank;
end;
$$;
comment on function @schema@.search_keyword is 'Search by words alone of this collection; called by pgretrieve.search.';
