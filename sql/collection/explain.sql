-- explain: each leg of a search run by itself, timed, with its plan; and the arithmetic behind its hits. Called by
--   pgretrieve.explain.
create or replace function @schema@.explain(
    query text, query_embedding vector, request pgretrieve.search_request, hits pgretrieve.hit[]
)
    returns jsonb
    language plpgsql volatile
    @search_settings@
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    legs jsonb := '{}';
    leg  text;
    form text;
    call text;
    plan jsonb;
    inner_plan jsonb;
    walk bigint[];
    -- the lists of all legs
    listed_legs   text[] := '{}';
    listed_chunks integer[] := '{}';
    listed_scores double precision[] := '{}';
    listed_ranks  integer[] := '{}';
    chunks integer[];
    scores double precision[];
    ranks  integer[];
    parts  jsonb;
    words  jsonb;
    boosts jsonb;
    parsed constant jsonb := pgretrieve._parsed_query(query@and_fields@);
    fielded text[] := '{}';  -- what is looked for in one field
begin
    perform pgretrieve._set_scan(request.depth, request.ef_search, @probes@,
                                 case when request.path is null then greatest(20000, 20 * request.depth) else 200000 end);
    for leg, form in
        values ('dense', request.dense_plan), ('keyword', request.keyword_plan)
    loop
        continue when form = 'none';
        -- values reach the leg as literals here; the search itself binds them
        call := case leg || ' ' || form
            when 'dense all' then 'dense(%1$L::vector, %2$s)'
            when 'dense exact' then 'dense_exact(%1$L::vector, %2$s)'
            when 'dense among' then 'dense_among(%1$L::vector, %2$s, %4$L::integer[])'
            when 'dense filtered' then 'dense_filtered(%1$L::vector, %2$s, %3$L::jsonpath, %5$s, %9$s)'
            when 'keyword all' then 'keyword(%6$L, %2$s, %7$L::jsonb, %8$L::jsonb)'
            else 'keyword_filtered(%6$L, %2$s, %3$L::jsonpath, %4$L::integer[], %7$L::jsonb, %8$L::jsonb)'
        end;
        call := '@schema@.' || format(call, query_embedding, request.depth, request.path, request.allowed, request.enough, query,
                                      request.min_match, request.field_weights, request.page);
        execute format('select array_agg(l.chunk_id), array_agg(l.score), array_agg(l.rank) from %s as l', call)
            into chunks, scores, ranks;
        listed_legs := listed_legs || array_fill(leg, array[coalesce(cardinality(chunks), 0)]);
        listed_chunks := listed_chunks || chunks;
        listed_scores := listed_scores || scores;
        listed_ranks := listed_ranks || ranks;
        execute 'explain (analyze, costs off, summary, format json) select * from ' || call into plan;
        if leg = 'dense' and form = 'filtered' then
            -- what the leg's function ran: the walk, as far as it went, or where there was no index to walk, the comparison
            walk := current_setting('pgretrieve.walk');
            execute 'explain (analyze, costs off, summary, format json) select * from @schema@.'
                    || case when walk[1] > 0 then format('dense_walk(%L::vector, %L) limit %s', query_embedding, request.path, walk[1])
                            else format('dense_passing(%L::vector, %s, %L)', query_embedding, request.depth, request.path) end
                into inner_plan;
            plan := jsonb_set(plan, '{0,Plan,Plans}', jsonb_build_array(inner_plan #> '{0,Plan}'));
        end if;
        plan := regexp_replace(plan::text, '\[[-+0-9.e,]{40,}\]', '[...]', 'g');  -- the query's vector, in full
        legs := legs || jsonb_build_object(leg, jsonb_build_object(
            'form', form,
            'rows', plan -> 0 -> 'Plan' -> 'Actual Rows',
            'execution_ms', plan -> 0 -> 'Execution Time',
            'planning_ms', plan -> 0 -> 'Planning Time',
            'indexes', pgretrieve._plan_indexes(plan),
            'plan', plan -> 0 -> 'Plan'));
    end loop;
    if request.mode = 'hybrid' then
        select coalesce(jsonb_object_agg(p.chunk_id, p.parts), '{}') into parts
          from (select f.chunk_id,
                       jsonb_agg(jsonb_build_object('leg', f.leg, 'rank', f.rank, 'score', f.score, 'formula', f.formula,
                                                    'contribution', f.contribution) order by f.leg) as parts
                  from @schema@.fusion_parts(query, query_embedding, request, hits, listed_legs, listed_chunks,
                                             listed_scores, listed_ranks) as f
                 group by f.chunk_id) as p;
    else
        select coalesce(jsonb_object_agg(h.chunk_id, jsonb_build_array(jsonb_build_object(
                   'leg', request.mode, 'rank', coalesce(h.dense_rank, h.keyword_rank), 'score', leg.score,
                   'formula', null, 'contribution', leg.score))), '{}') into parts
          from unnest(hits) as h, lateral (values (coalesce(h.dense_score, h.keyword_score))) as leg (score);
    end if;
    select coalesce(jsonb_object_agg(h.chunk_id, pgretrieve._boost_parts(h.document_id, h.metadata, request.boosts)), '{}')
      into boosts
      from unnest(hits) as h;
    select coalesce(jsonb_object_agg(t.chunk_id, t.terms), '{}') into words
      from (select s.chunk_id,
                   jsonb_agg(jsonb_build_object('term', pgretrieve._shown_term(s.lexeme), 'tf', s.frequency, 'idf', s.idf,
                                                'query_frequency', s.query_frequency, 'contribution', s.score)
                             || case when s.fields is null then '{}' else jsonb_build_object('fields', s.fields) end
                             order by s.score desc, s.lexeme) as terms
              from @schema@.term_scores(query, array(select h.chunk_id::integer from unnest(hits) as h),
                                      request.field_weights) as s
             where request.keyword_plan <> 'none'
             group by s.chunk_id) as t;
    if parsed ? 'fielded' then
        fielded := array(select f.lexeme from @schema@.field_words(parsed -> 'fielded') as f);
    end if;
    return jsonb_build_object(
        'hits', (select coalesce(jsonb_agg(
                     to_jsonb(h) - 'text' - 'metadata' || jsonb_build_object(
                         'terms', coalesce(words -> h.chunk_id::text, '[]'),
                         'fusion', jsonb_build_object(
                             'method', case request.mode when 'hybrid' then request.fusion else 'none' end,
                             'parts', parts -> h.chunk_id::text,
                             'boosts', boosts -> h.chunk_id::text,
                             'sum', (select sum((p.value -> 'contribution')::double precision)
                                       from jsonb_array_elements((parts -> h.chunk_id::text)
                                                                 || (boosts -> h.chunk_id::text)) as p)))
                     order by h.rank), '[]')
                   from unnest(hits) as h),
        'terms', (select coalesce(jsonb_agg(jsonb_build_object(
                             'term', pgretrieve._shown_term(t.lexeme), 'query_frequency', t.query_frequency, 'df', t.df,
                             'idf', t.weight / (t.query_frequency * (@k1@::double precision + 1)), 'weight', t.weight)
                             order by t.weight desc, t.lexeme), '[]')
                    from @schema@.scored_terms(query) as t),
        'unknown_terms', (select coalesce(jsonb_agg(pgretrieve._shown_term(w.lexeme) order by w.lexeme), '[]')
                            from (select array_agg(t.lexeme) as lexemes, array_agg(t.frequency) as frequencies
                                    from (select t.lexeme, t.frequency from @schema@.query_terms(parsed ->> 'words') as t
                                           union all select f.lexeme, 1 from unnest(fielded) as f (lexeme)) as t) as given,
                                 @schema@.term_weights(given.lexemes, given.frequencies) as w
                           where w.df = 0),
        'understood', @schema@.query_report(query, request.min_match),
        'synonyms', (select coalesce(jsonb_agg(jsonb_build_object(
                                'term', g.term, 'synonyms', y.synonyms, 'df', g.df, 'weight', g.weight)
                                order by g.weight desc, g.term), '[]')
                       from (select s.term, count(*) as df, max(s.weight) as weight
                               from @schema@.synonym_postings(query, request.field_weights) as s group by s.term) as g
                       join @schema@.synonym as y on y.term = g.term),
        'chunks', (select coalesce(sum(s.chunks), 0) from @schema@.statistic as s),
        'average_chunk_terms', (select sum(s.tokens) / nullif(sum(s.chunks), 0) from @schema@.statistic as s),
        'settings', (select jsonb_object_agg(s.name, current_setting(s.name))
                       from unnest(array['work_mem', 'jit', '@index_kind@.iterative_scan']
                                   || case '@index_kind@'
                                          when 'hnsw' then array['hnsw.ef_search', 'hnsw.max_scan_tuples']
                                          when 'ivfflat' then array['ivfflat.probes']
                                      end) as s (name)
                      where s.name not like 'none.%'),
        'vector_index', pg_get_indexdef(to_regclass('@schema@.embedding_ann')),
        'legs', legs);
end;
$$;
comment on function @schema@.explain is 'Each leg of a search, timed, with its plan.';
