-- search_dense: a search by meaning alone, by chunk, through the index and without a filter. Nothing is to be fused.
--
-- Plans    as in search.sql.
create or replace function @schema@.search_dense(
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
    perform pgretrieve._set_scan(request.depth, request.ef_search, request.probes,
                                 most_tuples => greatest(20000, 20 * request.depth));
    return query
    select d.external_id, h.chunk_id::bigint, h.rank, h.score, null::double precision,
           h.rank, h.score, null::integer, null::double precision, d.title, c.text, d.metadata
      from (select l.* from @schema@.dense(query_embedding, request.depth) as l order by l.rank limit k) as h
      join @schema@.chunk as c on c.id = h.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by h.rank;
end;
$$;
comment on function @schema@.search_dense is 'Search by meaning alone of this collection; called by pgretrieve.search.';
