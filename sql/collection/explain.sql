-- explain: each leg of a search run by itself, timed, with its plan. Called by pgretrieve.explain.
create or replace function @schema@.explain(
    query text, query_embedding vector, request pgretrieve.search_request
)
    returns jsonb
    language plpgsql volatile
    @search_settings@
    set enable_seqscan = on
as $$
#variable_conflict use_column
declare
    legs jsonb := '{}';
    leg  text;
    form text;
    call text;
    plan jsonb;
begin
    perform pgretrieve._set_scan(request.depth, request.ef_search, @probes@,
                                 case when request.path is null then greatest(20000, 20 * request.depth) else 200000 end),
            set_config('enable_seqscan', case when request.path is null then 'off' else 'on' end, true);
    for leg, form in
        values ('dense', request.dense_plan), ('keyword', request.keyword_plan)
    loop
        continue when form = 'none';
        -- values reach the leg as literals here; the search itself binds them
        call := format('@schema@.%I(%s)',
                       case form when 'all' then leg else leg || '_' || form end,
                       concat_ws(', ',
                                 case leg when 'dense' then format('%L::vector', query_embedding) else format('%L', query) end,
                                 request.depth::text,
                                 case form when 'among' then format('%L::integer[]', request.allowed)
                                           when 'filtered' then format('%L::jsonpath', request.path) end,
                                 case leg when 'keyword' then format('%L::jsonb', request.min_match) end));
        execute 'explain (analyze, costs off, summary, format json) select * from ' || call into plan;
        plan := regexp_replace(plan::text, '\[[-+0-9.e,]{40,}\]', '[...]', 'g');  -- the query's vector, in full
        legs := legs || jsonb_build_object(leg, jsonb_build_object(
            'form', form,
            'rows', plan -> 0 -> 'Plan' -> 'Actual Rows',
            'execution_ms', plan -> 0 -> 'Execution Time',
            'planning_ms', plan -> 0 -> 'Planning Time',
            'indexes', pgretrieve._plan_indexes(plan),
            'plan', plan -> 0 -> 'Plan'));
    end loop;
    return jsonb_build_object(
        'terms', (select coalesce(jsonb_agg(jsonb_build_object(
                             'term', t.lexeme, 'query_frequency', t.query_frequency, 'df', t.df, 'weight', t.weight)
                             order by t.weight desc, t.lexeme), '[]')
                    from @schema@.scored_terms(query) as t),
        'unknown_terms', (select coalesce(jsonb_agg(w.lexeme order by w.lexeme), '[]')
                            from (select array_agg(t.lexeme) as lexemes, array_agg(cardinality(t.positions)) as frequencies
                                    from unnest(to_tsvector(@text_config@::regconfig,
                                                            pgretrieve._parsed_query(query) ->> 'words'))
                                             as t (lexeme, positions, weights)) as given,
                                 @schema@.term_weights(given.lexemes, given.frequencies) as w
                           where w.df = 0),
        'understood', @schema@.query_report(query, request.min_match),
        'chunks', (select coalesce(sum(s.chunks), 0) from @schema@.statistic as s),
        'average_chunk_terms', (select sum(s.tokens) / nullif(sum(s.chunks), 0) from @schema@.statistic as s),
        'legs', legs);
end;
$$;
comment on function @schema@.explain is 'Each leg of a search, timed, with its plan.';
