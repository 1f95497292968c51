-- search_dense_filtered: as search_dense, over the documents that pass a filter. Plans as in search_filtered.sql.
create or replace function @schema@.search_dense_filtered(
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
    perform pgretrieve._set_scan(request.depth, request.ef_search, request.probes, most_tuples => 200000);
    return query
    select d.external_id, h.chunk_id::bigint, h.rank, h.score, null::double precision,
           h.rank, h.score, null::integer, null::double precision, d.title, c.text, d.metadata
      from (select l.* from @schema@.dense_among(query_embedding, request.depth, request.allowed) as l
             where request.dense_plan = 'among'
             union all
            select l.* from @schema@.dense_filtered(query_embedding, request.depth, request.path, request.enough, request.page) as l
             where request.dense_plan = 'filtered'
             order by rank
             limit k) as h
      join @schema@.chunk as c on c.id = h.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by h.rank;
end;
$$;
comment on function @schema@.search_dense_filtered is
    'Search by meaning alone under a filter; called by pgretrieve.search.';
