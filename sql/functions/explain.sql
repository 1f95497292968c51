-- explain: what a search does. Arguments as for pgretrieve.search.
--
-- Returns an object: request (mode, depth, ef_search, form of each leg), terms (document frequency and weight of each),
-- unknown_terms, understood (what the query's syntax came to), legs (rows, execution_ms, planning_ms, indexes, plan: each leg run by itself), search_ms (the whole
-- statement, as a caller sees it), hits (its rows, without the text).
create or replace function pgretrieve.explain(
    collection    text,
    query         text,
    embedding     vector default null,
    k             integer default 10,
    mode          text default 'hybrid',
    filter        jsonb default null,
    min_relevance double precision default null,
    options       jsonb default '{}'
)
    returns jsonb
    language plpgsql volatile
    set search_path from current
as $$
declare
    target    pgretrieve.collection := pgretrieve._find_collection(explain.collection);
    request   pgretrieve.search_request;
    report    jsonb;
    hits      jsonb;
    started   timestamptz;
begin
    request := pgretrieve._search_request(target, query, embedding, k, mode, filter, min_relevance, options);
    execute format('select %I.explain($1, $2, $3)', target.schema_name) into report using query, embedding, request;
    started := clock_timestamp();
    select jsonb_agg(to_jsonb(h) - 'text' - 'metadata' order by h.rank) into hits
      from pgretrieve.search(explain.collection, query, embedding, k, mode, filter, min_relevance, options) as h;
    return jsonb_build_object(
               'collection', explain.collection, 'query', query, 'k', k,
               'request', to_jsonb(request) - 'allowed'
                          || jsonb_build_object('allowed_chunks', cardinality(request.allowed)),
               'search_ms', extract(epoch from clock_timestamp() - started) * 1000)
           || report || jsonb_build_object('hits', coalesce(hits, '[]'));
end;
$$;
comment on function pgretrieve.explain is 'What a search does: terms, plan and time of each leg, and its hits.';
