-- explain: what a search does, and why its hits stand where they stand. Arguments as for pgretrieve.search.
--
-- Returns an object: request (mode, depth, ef_search, form of each leg), filter (strategy, chunks that pass),
-- strategy, rows_scanned, cut_short (as in search_reported.sql),
-- relevance (whether it is known, by which model, or why not; what is cut), groups (how many were found at which depths), terms (document frequency, idf and weight of each), unknown_terms, synonyms,
-- understood (what the query's syntax came to), legs (rows, execution_ms, planning_ms, indexes, plan: each leg run by
-- itself), settings, vector_index, stages (where the time goes), search_ms (the whole statement), hits (its rows, without
-- the text, each with fusion, the arithmetic of its score, and terms, the parts of its keyword_score).
-- All is run twice and the second run reported: in the first one a session still makes its plans.
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
    target     pgretrieve.collection := pgretrieve._find_collection(explain.collection);
    request    pgretrieve.search_request;
    report     jsonb;
    hits       pgretrieve.hit[];
    groups     jsonb;
    told       record;
    started    timestamptz;
    request_ms double precision;
    search_ms  double precision;
    dense_ms   double precision;
    keyword_ms double precision;
begin
    for run in 1 .. 2 loop
        started := clock_timestamp();
        request := pgretrieve._search_request(target, query, embedding, k, mode, filter, min_relevance, options);
        request_ms := extract(epoch from clock_timestamp() - started) * 1000;
        started := clock_timestamp();
        select coalesce(array_agg(h order by h.rank), '{}') into hits
          from pgretrieve.search(explain.collection, query, embedding, k, mode, filter, min_relevance, options) as h;
        search_ms := extract(epoch from clock_timestamp() - started) * 1000;
        select r.* into told
          from pgretrieve._search_report(target, request, k, cardinality(hits), false) as r;
        if request.group_by <> 'chunk' then
            -- the legs as deep as the search went in the end
            select jsonb_build_object('by', request.group_by, 'size', request.group_size, 'found', g.groups,
                                      'depths', g.depths, 'cut', g.cut) into groups
              from pgretrieve._search_groups(target, request.query, request.embedding, k, request) as g;
            select r.* into told
              from pgretrieve._search_report(target, request, k, (groups ->> 'found')::integer,
                                             (groups ->> 'cut')::boolean) as r;
            request.depth := groups #>> '{depths,-1}';
            request.ef_search := least(1000, greatest(request.ef_search, request.depth));
        end if;
        execute format('select %I.explain($1, $2, $3, $4)', target.schema_name)
            into report using request.query, request.embedding, request, hits;
    end loop;

    select sum((l.value -> 'execution_ms')::double precision) filter (where l.key like 'dense%'),
           sum((l.value -> 'execution_ms')::double precision) filter (where l.key like 'keyword%')
      into dense_ms, keyword_ms
      from jsonb_each(report -> 'legs') as l;
    return jsonb_build_object(
               'collection', explain.collection, 'query', query, 'k', k,
               'request', to_jsonb(request) - array['allowed', 'query', 'embedding', 'without', 'legs', 'hit_weights', 'query_weights']
                          || to_jsonb(request.query) - 'text'
                          || jsonb_build_object('allowed_chunks', cardinality(request.allowed)),
               'filter', case when request.path is not null then jsonb_build_object(
                   'path', request.path, 'passing_chunks', cardinality(request.allowed),
                   'strategy', coalesce(nullif(request.keyword_plan, 'none'), request.dense_plan)) end,
               'strategy', told.strategy, 'rows_scanned', told.rows_scanned, 'cut_short', told.cut_short,
               'groups', groups,
               'relevance', jsonb_build_object(
                   'known', request.hit_weights is not null,
                   'problem', pgretrieve._calibration_problem(target.calibrations -> request.mode, request,
                                                                pgretrieve._space_of(target), (report -> 'chunks')::bigint),
                   'model', case when request.hit_weights is not null
                                 then target.calibrations #> array[request.mode, 'model'] end,
                   'min_relevance', request.min_relevance, 'cut', request.cut),
               'like', case when request.without is not null then jsonb_build_object(
                   'query', (request.query).text, 'left_out_chunks', cardinality(request.without)) end,
               'stages', jsonb_build_array(
                   jsonb_build_object('stage', 'request', 'ms', request_ms),
                   jsonb_build_object('stage', 'dense', 'ms', dense_ms),
                   jsonb_build_object('stage', 'keyword', 'ms', keyword_ms),
                   jsonb_build_object('stage', 'rest', 'ms', greatest(
                       0, search_ms - request_ms - coalesce(dense_ms, 0) - coalesce(keyword_ms, 0)))),
               'search_ms', search_ms)
           || report;
end;
$$;
comment on function pgretrieve.explain is
    'What a search does: terms, plan and time of each leg, and its hits with the arithmetic of their scores.';
