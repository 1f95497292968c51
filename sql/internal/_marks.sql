-- _marks: what stands in templates for the names and constants of one collection: pairs of a mark and its value, in the order in
--   which they are put in place, as values hold marks too. A null: the collection has nothing of the kind.
--
-- Worked out once for all templates: it takes longer than to put the values in place. Every value is quoted here by its kind.
-- field    as in _render.sql.
create or replace function pgretrieve._marks(collection pgretrieve.collection, field text default null)
    returns text[]
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    of_fields constant text := case collection.fields when '{}' then '' else 'field_' end;
    query     constant text := case collection.storage
        when 'bit' then format('binary_quantize(query_embedding)::bit(%s)', collection.dimensions)
        else format('query_embedding::%s(%s)', collection.storage, collection.dimensions)
    end;
begin
    return array[
        ['search_settings', (select t.body from pgretrieve.template as t where t.name = 'search_settings')],
        ['keyword_hits', (select t.body from pgretrieve.template as t where t.name = 'keyword_hits')],
        ['keyword_hits_plain', (select t.body from pgretrieve.template as t
                                 where t.name = 'keyword_hits_plain')],
        ['keyword_hits_filtered', (select t.body from pgretrieve.template as t
                                    where t.name = 'keyword_hits_filtered')],
        ['fusion', (select t.body from pgretrieve.template as t where t.name = 'fusion')],
        ['fused', (select t.body from pgretrieve.template as t where t.name = 'fused')],
        ['relevance', (select t.body from pgretrieve.template as t where t.name = 'relevance')],
        ['dense_relevance', (select t.body from pgretrieve.template as t where t.name = 'dense_relevance')],
        ['keyword_relevance', (select t.body from pgretrieve.template as t where t.name = 'keyword_relevance')],
        ['gap_cut', (select t.body from pgretrieve.template as t where t.name = 'gap_cut')],
        ['hit_numbers', (select t.body from pgretrieve.template as t where t.name = 'hit_numbers')],
        ['query_numbers', (select t.body from pgretrieve.template as t where t.name = 'query_numbers')],
        ['asked_terms', (select t.body from pgretrieve.template as t where t.name = 'asked_terms')],
        ['best_scores', (select t.body from pgretrieve.template as t where t.name = 'best_scores')],
        ['also', 'also'],
        ['plain_page', (select t.body from pgretrieve.template as t where t.name = 'plain_page')],
        ['known_legs', (select t.body from pgretrieve.template as t where t.name = 'known_legs')],
        ['fusion_legs', (select t.body from pgretrieve.template as t where t.name = 'fusion_legs')],
        ['fusion_methods', (select t.body from pgretrieve.template as t where t.name = 'fusion_methods')],
        ['fusion_of_dense', pgretrieve._fusion_of('dense')],
        ['fusion_of_keyword', pgretrieve._fusion_of('keyword')],
        ['words', (select coalesce(max(t.body), '') from pgretrieve.template as t
                    where t.name = 'words' and (select h.words from pgretrieve._has_words(collection.schema_name) as h))],
        -- what reads the lists, of all fields together or of each
        ['postings', (select t.body from pgretrieve.template as t where t.name = of_fields || 'postings')],
        ['held_postings', (select t.body from pgretrieve.template as t where t.name = of_fields || 'held_postings')],
        ['term_postings', (select t.body from pgretrieve.template as t where t.name = of_fields || 'term_postings')],
        ['matching_postings', (select t.body from pgretrieve.template as t
                                where t.name = of_fields || 'matching_postings')],
        ['frequent_postings', (select t.body from pgretrieve.template as t
                                where t.name = of_fields || 'frequent_postings')],
        ['synonym_counts', (select t.body from pgretrieve.template as t where t.name = of_fields || 'synonym_counts')],
        ['terms', of_fields || 'terms'],
        ['first_chunk', (select t.body from pgretrieve.template as t where t.name = 'first_chunk')],
        ['vectors', case of_fields when '' then 'embedding' else pgretrieve._vectors(collection.fields, field) end],
        ['field', field],
        ['term_chunks', case of_fields
                            when '' then 'total.chunks'
                            else 'case when pgretrieve._is_field_list(term.lexeme) '
                                 'then (select sum(f.chunks)::double precision from @schema@.field_statistic as f '
                                 'where f.field = split_part(term.lexeme, E''\x1f'', 2)) '
                                 'else total.chunks end' end],
        -- what of a chunk is indexed, and the same as one text
        ['indexed', case of_fields when '' then 'd.title || E''\n'' || @chunk_text@'
                                   else '(d.fields || jsonb_build_object(''title'', d.title, ''text'', @chunk_text@))::text' end],
        ['whole_vector', case of_fields
                             when '' then '@schema@.analyse_in(@whole_text@, d.language)'
                             else 'case when strpos(chunk_matches.check_for::text, E''\x1f'') = 0 '
                                  'then @schema@.analyse_in(@whole_text@, d.language) '
                                  'else @schema@.field_vector(d.fields || jsonb_build_object(''title'', d.title, '
                                  '''text'', @chunk_text@, '''', @whole_text@), d.language) end' end],
        ['whole_text', case of_fields
                           when '' then 'd.title || E''\n'' || @chunk_text@'
                           else 'concat_ws(E''\n'', d.title, (select string_agg(f.value, E''\n'' order by f.key) '
                                'from jsonb_each_text(d.fields) as f), @chunk_text@)' end],
        -- rows of a table with what stands above them
        ['chunk_text', case when (collection.chunking ->> 'table_tokens')::integer > 0
                            then 'case c.context when '''' then c.text else c.context || E''\n'' || c.text end'
                            else 'c.text' end],
        ['synonym_leg', (select coalesce(max(t.body), '') from pgretrieve.template as t
                          where t.name = 'synonym_leg'
                            and (select h.synonyms from pgretrieve._has_words(collection.schema_name) as h))],
        ['query_analysis', case when collection.languages = '{}'
                                then 'unnest(@schema@.analyse(query_terms.words))'
                                else (select t.body from pgretrieve.template as t where t.name = 'query_languages') end],
        -- keys are anybody's: as JSON has them without the signs that quote a body or mark a place in it
        ['filterable', quote_literal(replace(replace(pgretrieve._filterable_keys(collection.schema_name)::text,
                                                     '$', '\u0024'), '@', '\u0040'))],
        ['schema', quote_ident(collection.schema_name)],
        ['collection_id', collection.id::text],
        ['storage', collection.storage],
        ['dimensions', collection.dimensions::text],
        ['query', query],
        -- of a text (g.text) and where they stand
        ['tokens', '(select t.*' || case when collection.normalise_numbers then ' from pgretrieve._number_tokens('
                                         else ', t.start_offset + length(t.token) as end_offset from pgretrieve._tokens(' end
                   || '(select c.cfgparser from pg_ts_config as c where c.oid = @text_config@::regconfig), g.text) as t)'],
        ['text_config', quote_literal(pgretrieve._parser(collection.text_config))],
        ['own_language', quote_literal(collection.text_config)],
        ['languages', quote_literal(collection.languages) || '::text[]'],
        ['prepared_in', pgretrieve._in_languages('prepared', collection)],
        ['analysed_in', pgretrieve._in_languages('analysed', collection)],
        ['prepared', pgretrieve._preparation(collection.text_config, collection.fold_accents,
                                                  collection.normalise_numbers)],
        -- numbers in the many make no text longer: a table would come after every paragraph for being full of them
        ['length_of_terms', case when collection.normalise_numbers
            then '(coalesce(sum(cardinality((u.term).positions)) '
                 'filter (where not pgretrieve._is_number((u.term).lexeme)), 0))::integer'
            else 'sum(cardinality((u.term).positions))::integer' end],
        ['length_of_counted', case when collection.normalise_numbers
            then '(coalesce(sum(counted.frequency) filter (where not pgretrieve._is_number(counted.lexeme)) '
                 'over (partition by counted.chunk_id), 0))::integer'
            else '(sum(counted.frequency) over (partition by counted.chunk_id))::integer' end],
        ['length_of_fields', case when collection.normalise_numbers
            then '(coalesce(sum(sum(term.frequency) filter (where not pgretrieve._is_number(term.lexeme))) '
                 'over (partition by term.chunk_id), 0))::integer'
            else '(sum(sum(term.frequency)) over (partition by term.chunk_id))::integer' end],
        ['uncounted', case when collection.normalise_numbers then 'pgretrieve._is_uncounted'
                           else 'pgretrieve._is_field_list' end],
        ['distance', quote_literal(collection.distance)],
        ['max_characters', collection.chunking ->> 'max_characters'],
        -- a further argument of what takes a query apart
        ['and_fields', case of_fields when '' then ''
                            else ', ' || quote_literal(array(select jsonb_object_keys(collection.fields))) || '::text[]' end],
        ['fields', quote_literal(case of_fields when '' then '{}' else pgretrieve._field_weights(collection.fields) end)
                   || '::jsonb'],
        ['k1', collection.k1::text],
        ['b', collection.b::text],
        ['index_kind', collection.index_kind],
        ['index_settings', (
            select coalesce('with (' || string_agg(format('%I = %s', s.key, s.value::integer), ', ') || ')', '')
              from jsonb_each_text(collection.index_settings - 'probes') as s  -- that one is of searches
        )],
        ['operator', pgretrieve._metric(collection.storage, collection.distance) ->> 'operator'],
        -- with its schema, since a client runs the statement, under a search path of its own
        ['operator_class', (
            select quote_ident(n.nspname) || '.'
                   || (pgretrieve._metric(collection.storage, collection.distance) ->> 'operator_class')
              from pg_extension as e join pg_namespace as n on n.oid = e.extnamespace where e.extname = 'vector'
        )],
        ['as_vector', case collection.storage
                          when 'bit' then '(select array_agg(2 * b.bit::integer - 1 order by b.place) '
                                          'from string_to_table(e.embedding::text, null) '
                                          'with ordinality as b (bit, place))::vector'
                          else 'e.embedding::vector' end],
        -- of two stored vectors, -1 to 1
        ['similarity', case collection.storage
                           when 'bit' then format('1 - 2 * (c.embedding <~> chosen) / %s', collection.dimensions)
                           else '1 - (c.embedding <=> chosen)' end],
        ['similarity_meaning', case collection.storage when 'bit' then 'the share of equal bits, mapped to -1..1'
                                                       else 'their cosine' end],
        ['score', replace(pgretrieve._metric(collection.storage, collection.distance) ->> 'score',
                          'dimensions', collection.dimensions::text)],
        ['score_meaning', pgretrieve._metric(collection.storage, collection.distance) ->> 'meaning']
    ];
end;
$$;
comment on function pgretrieve._marks(pgretrieve.collection, text) is
    'What stands in templates for the names and constants of one collection.';
