-- explain: each leg of a search run by itself, timed, with its plan; and the arithmetic behind its hits. Called by
--   pgretrieve.explain.
create or replace function @schema@.explain(
    query pgretrieve.keyword_query, query_embedding vector, request pgretrieve.search_request, hits pgretrieve.hit[]
)
    returns jsonb
    language plpgsql volatile
    @search_settings@
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    legs jsonb := '{}';
    leg  pgretrieve.leg;
    form text;
    call text;
    plan jsonb;
    inner_plan jsonb;
    walk bigint[];
    whole_check tsquery;  -- of a dense leg: what its chunks have to match
    -- the lists of all legs
    listed_legs   text[] := '{}';
    listed_chunks integer[] := '{}';
    listed_scores double precision[] := '{}';
    listed_ranks  integer[] := '{}';
    chunks integer[];
    scores double precision[];
    ranks  integer[];
    parts  jsonb;
    words  jsonb := '{}';  -- of each hit and keyword leg, what its terms add
    boosts jsonb;
    parsed constant jsonb := pgretrieve._parsed_query((query).text@and_fields@);
    fielded text[] := '{}';  -- what is looked for in one field
begin
    perform pgretrieve._set_scan(request.depth, request.ef_search, request.probes,
                                 case when request.path is null then greatest(20000, 20 * request.depth) else 200000 end);
    foreach leg in array pgretrieve._legs_of(request) loop
        form := case leg.kind when 'dense' then request.dense_plan else request.keyword_plan end;
        -- values reach the leg as literals here; the search itself binds them
        call := case case when leg.field is null then leg.kind else 'field' end || ' ' || form
            when 'dense all' then 'dense(%1$L::vector, %2$s)'
            when 'dense exact' then 'dense_exact(%1$L::vector, %2$s)'
            when 'dense among' then 'dense_among(%1$L::vector, %2$s, %4$L::integer[])'
            when 'dense filtered' then 'dense_filtered(%1$L::vector, %2$s, %3$L::jsonpath, %5$s, %8$s)'
            when 'field among' then 'dense_field_among(%7$L, %1$L::vector, %2$s, %4$L::integer[])'
            when 'field filtered' then 'dense_field_filtered(%7$L, %1$L::vector, %2$s, %3$L::jsonpath, %5$s)'
            when 'field all' then 'dense_field(%7$L, %1$L::vector, %2$s)'
            when 'field exact' then 'dense_field(%7$L, %1$L::vector, %2$s, true)'
            when 'keyword all' then 'keyword(%6$L::pgretrieve.keyword_query, %2$s)'
            else 'keyword_filtered(%6$L::pgretrieve.keyword_query, %2$s, %3$L::jsonpath, %4$L::integer[])'
        end;
        call := '@schema@.' || format(call, leg.embedding, request.depth, request.path, request.allowed, request.enough, leg.query,
                                      leg.field, request.page);
        whole_check := case leg.kind when 'dense' then @schema@.query_check(leg.query, true) end;
        execute format('select array_agg(l.chunk_id), array_agg(l.score), array_agg(l.rank) from %s as l '
                       'where $1 is null or @schema@.chunk_matches(l.chunk_id, $1)', call)
            into chunks, scores, ranks using whole_check;
        listed_legs := listed_legs || array_fill(leg.name, array[coalesce(cardinality(chunks), 0)]);
        listed_chunks := listed_chunks || chunks;
        listed_scores := listed_scores || scores;
        listed_ranks := listed_ranks || ranks;
        execute 'explain (analyze, costs off, summary, format json) select * from ' || call into plan;
        if leg.kind = 'dense' and leg.field is null and form = 'filtered' then
            -- what the leg's function ran: the walk, as far as it went, or where there was no index to walk, the comparison
            walk := current_setting('pgretrieve.walk');
            execute 'explain (analyze, costs off, summary, format json) select * from @schema@.'
                    || case when walk[1] > 0 then format('dense_walk(%L::vector, %L) limit %s', leg.embedding, request.path, walk[1])
                            else format('dense_passing(%L::vector, %s, %L)', leg.embedding, request.depth, request.path) end
                into inner_plan;
            plan := jsonb_set(plan, '{0,Plan,Plans}', jsonb_build_array(inner_plan #> '{0,Plan}'));
        end if;
        plan := regexp_replace(plan::text, '\[[-+0-9.e,]{40,}\]', '[...]', 'g');  -- the query's vector, in full
        legs := legs || jsonb_build_object(leg.name, jsonb_build_object(
            'query', (leg.query).text,
            'weight', leg.weight,
            'form', form,
            'rows', plan -> 0 -> 'Plan' -> 'Actual Rows',
            'execution_ms', plan -> 0 -> 'Execution Time',
            'planning_ms', plan -> 0 -> 'Planning Time',
            'indexes', pgretrieve._plan_indexes(plan),
            'plan', plan -> 0 -> 'Plan'));
        if leg.kind = 'keyword' then
            select words || coalesce(jsonb_object_agg(t.chunk_id || ' ' || leg.name, t.terms), '{}') into words
              from (select s.chunk_id,
                           jsonb_agg(jsonb_build_object('term', pgretrieve._shown_term(s.lexeme), 'tf', s.frequency,
                                                        'idf', s.idf, 'query_frequency', s.query_frequency,
                                                        'factor', s.factor, 'contribution', s.score)
                                     || case when s.fields is null then '{}' else jsonb_build_object('fields', s.fields) end
                                     order by s.score desc, s.lexeme) as terms
                      from @schema@.term_scores(leg.query, array(select h.chunk_id::integer from unnest(hits) as h)) as s
                     group by s.chunk_id) as t;
        end if;
    end loop;
    if request.mode = 'hybrid' then
        select coalesce(jsonb_object_agg(p.chunk_id, p.parts), '{}') into parts
          from (select f.chunk_id,
                       jsonb_agg(jsonb_build_object('leg', f.leg, 'rank', f.rank, 'score', f.score, 'formula', f.formula,
                                                    'contribution', f.contribution)
                                 || case when words ? (f.chunk_id || ' ' || f.leg) and f.leg <> 'keyword'
                                         then jsonb_build_object('terms', words -> (f.chunk_id || ' ' || f.leg))
                                         else '{}' end
                                 order by f.number) as parts
                  from @schema@.fusion_parts(request, hits, listed_legs, listed_chunks,
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
    if parsed ? 'fielded' then
        fielded := array(select f.lexeme from @schema@.field_words(parsed -> 'fielded', (query).language) as f);
    end if;
    return jsonb_build_object(
        'hits', (select coalesce(jsonb_agg(
                     to_jsonb(h) - 'text' - 'metadata' || jsonb_build_object(
                         'terms', coalesce(words -> (h.chunk_id || ' keyword'), '[]'),
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
                             'term', pgretrieve._shown_term(t.lexeme), 'query_frequency', t.query_frequency, 'factor', t.factor,
                             'df', t.df,
                             'idf', t.weight / (t.factor * t.query_frequency * (@k1@::double precision + 1)), 'weight', t.weight)
                             order by t.weight desc, t.lexeme), '[]')
                    from @schema@.scored_terms(query) as t),
        'unknown_terms', (select coalesce(jsonb_agg(pgretrieve._shown_term(w.lexeme) order by w.lexeme), '[]')
                            from (select array_agg(t.lexeme) as lexemes, array_agg(t.frequency) as frequencies
                                    from (select t.lexeme, t.frequency
                                            from @schema@.query_terms(parsed ->> 'words', (query).language) as t
                                           union all select f.lexeme, 1 from unnest(fielded) as f (lexeme)) as t) as given,
                                 @schema@.term_weights(given.lexemes, given.frequencies) as w
                           where w.df = 0),
        'understood', @schema@.query_report(query),
        'synonyms', (select coalesce(jsonb_agg(jsonb_build_object(
                                'term', case g.within when '' then g.term else g.within || ':' || g.term end,
                                'synonyms', y.synonyms, 'df', g.df, 'weight', g.weight)
                                order by g.weight desc, g.term, g.within), '[]')
                       from (select s.term, s.within, count(*) as df, max(s.weight) as weight
                               from @schema@.synonym_postings(query) as s group by s.term, s.within) as g
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
