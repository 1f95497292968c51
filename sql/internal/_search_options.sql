-- _search_options: the options of a search, checked, with defaults filled in.
--
-- fusion    how legs are joined, one of pgretrieve._fusion_methods().
-- rrf_k     the constant of reciprocal rank fusion, at least 0; 60.
-- weights   {"dense": 1, "keyword": 1}, at least 0; "dense.title": a leg by the vectors of that field.
-- depth     rows taken from each leg, k to 20000; max(100, 10 k), and k for a search by one leg that is not boosted, grouped
--           or made diverse, nor, by meaning, filtered.
-- ef_search candidates that an HNSW scan keeps, 1 to 1000; the collection's setting, else 200; never below depth.
-- probes    lists that an IVFFlat scan reads first, 1 to 32768; the collection's setting, else the root of their number.
-- exact     true: the dense leg reads every vector.
-- min_match of the query's terms, how many a keyword hit must hold: a whole number from 1; a share, a number with a
--           fraction up to 1.0; or 'all'. See pgretrieve._least_matches.
-- language  that the words are analysed in, one of the collection's, which is checked in _query_language; null: all of them.
-- group_by  'chunk', 'document', or 'metadata.KEY', with dots for nested keys. Documents without the key are groups of
--           their own.
-- group_size  chunks that stay of each group, its best ones, 1 to 1000; 1.
-- like      {"positive": [ids], "negative": [ids]}: documents as examples, up to 100, at least one of them positive.
--           See pgretrieve._like.
-- mmr       {"lambda": 0.5, "candidates": max(50, k)}: the best candidates, k to 200, in the order of maximal marginal
--           relevance; lambda 0 to 1: nothing but diversity to nothing but relevance. See sql/collection/diverse.sql.
-- fields    {"title": 3, "abstract": 0}: weights of fields for this query, 0 or 0.001 to 1000; 0 leaves a field out. Or
--           ["title^3", "text"]: those alone. Whether the collection has them, and any is left, is checked in _query_fields.
-- target_precision, target_recall   above 0, up to 1: cuts at the relevance at which held-out queries had that share of relevant
--           rows among those returned, or of what is relevant; the stricter cut of these and min_relevance holds.
-- cut       'gap': leaves out what comes after the largest drop between the first 20 scores.
-- queries   more queries, up to 16, whose legs are fused with those of the search: strings, or objects with query, embedding,
--           weight, mode, fields, language, min_match. See pgretrieve._search_legs.
-- boosts    what is added to the scores of some documents; only the form of a list is checked here, see _read_boosts.
create or replace function pgretrieve._search_options(options jsonb, k integer)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    known  constant jsonb := '{"fusion": "blend", "rrf_k": 60, "weights": {"dense": 1, "keyword": 1}, "depth": null,
                               "ef_search": null, "probes": null, "exact": false, "min_match": null, "group_by": "chunk",
                               "group_size": 1, "mmr": null, "boosts": [], "like": null, "fields": null,
                               "language": null, "queries": [], "target_precision": null, "target_recall": null,
                               "cut": null}';
    given  jsonb := coalesce(options, '{}');
    name   text;
    value  jsonb;
    proper boolean;
begin
    if given = '{}' then
        return known;
    end if;
    if jsonb_typeof(given) <> 'object' then
        raise exception 'options are %, not an object', jsonb_typeof(given)
            using errcode = 'RT400', hint = 'For example {"exact": true}.';
    end if;
    for name, value in select * from jsonb_each(given) loop
        proper := case name
            when 'fusion' then jsonb_typeof(value) = 'string' and value <@ to_jsonb(pgretrieve._fusion_methods())
            when 'rrf_k' then jsonb_typeof(value) = 'number' and value >= '0'
            when 'weights' then jsonb_typeof(value) = 'object'
                and not exists (select from jsonb_each(value) as w (leg, weight)
                                 where w.leg !~ '^(dense(\..+)?|keyword)$' or jsonb_typeof(w.weight) <> 'number'
                                    or w.weight < '0')
            when 'depth' then value::text ~ '^\d+$' and value between to_jsonb(k) and '20000'
            when 'ef_search' then value::text ~ '^\d+$' and value between '1' and '1000'
            when 'probes' then value::text ~ '^\d+$' and value between '1' and '32768'
            when 'exact' then jsonb_typeof(value) = 'boolean'
            when 'min_match' then value = '"all"' or jsonb_typeof(value) = 'number' and value > '0'
                and (value <= '1' or value::text ~ '^\d{1,9}$')
            when 'language' then jsonb_typeof(value) = 'string'
            when 'target_precision' then jsonb_typeof(value) = 'number' and value > '0' and value <= '1'
            when 'target_recall' then jsonb_typeof(value) = 'number' and value > '0' and value <= '1'
            when 'cut' then value = '"gap"'
            when 'boosts' then jsonb_typeof(value) = 'array'
            when 'queries' then pgretrieve._proper_queries(value)
            when 'fields' then case jsonb_typeof(value)
                when 'object' then not exists (select from jsonb_each(value) as f (field, weight)
                                                where f.weight <> '0' and pgretrieve._field_weight(f.weight) is null)
                when 'array' then coalesce(
                    (select bool_and(f.weight in ('0', 'null') or pgretrieve._field_weight(f.weight) is not null)
                       from jsonb_each(pgretrieve._listed_fields(value)) as f (field, weight)), false)
                else false end
            when 'group_by' then value in ('"chunk"', '"document"') or coalesce(value #>> '{}' ~ '^metadata\.[^$]', false)
            when 'like' then jsonb_typeof(value) = 'object'
                and coalesce(jsonb_array_length(jsonb_path_query_array(value, '$.*[*]')) between 1 and 100, false)
                and value @? '$.positive[*]'
                and not exists (select from jsonb_each(value) as l (part, ids)
                                 where l.part not in ('positive', 'negative') or jsonb_typeof(l.ids) <> 'array'
                                    or l.ids @? 'strict $[*] ? (@.type() != "string" && @.type() != "number")')
            when 'mmr' then k <= 200 and jsonb_typeof(value) = 'object'
                and not exists (select from jsonb_each(value) as m (part, number)
                                 where case m.part
                                           when 'lambda' then
                                               jsonb_typeof(m.number) <> 'number' or m.number < '0' or m.number > '1'
                                           when 'candidates' then
                                               m.number::text !~ '^\d+$' or m.number not between to_jsonb(k) and '200'
                                           else true
                                       end)
            when 'group_size' then value::text ~ '^\d+$' and value between '1' and '1000'
        end;
        if proper is null then
            raise exception 'option % does not exist', quote_literal(name)
                using errcode = 'RT400',
                      hint = 'Options: ' || (select string_agg(o.key, ', ') from jsonb_object_keys(known) as o (key)) || '.';
        elsif not proper then
            raise exception 'option % cannot be %', quote_literal(name), value
                using errcode = 'RT400',
                      hint = case name
                          when 'fusion' then
                              'Methods: "' || array_to_string(pgretrieve._fusion_methods(), '", "') || '".'
                          when 'rrf_k' then 'Give a number of at least 0.'
                          when 'weights' then 'Give an object of numbers of at least 0 for "dense", "keyword" and "dense.FIELD".'
                          when 'depth' then format('Give a whole number from k = %s to 20000.', k)
                          when 'ef_search' then 'Give a whole number from 1 to 1000.'
                          when 'probes' then 'Give a whole number from 1 to 32768.'
                          when 'exact' then 'Give true or false.'
                          when 'min_match' then 'Give a whole number from 1, a share up to 1.0, or "all".'
                          when 'language' then 'Give a language of the collection, such as "german".'
                          when 'target_precision' then 'Give a share above 0 and up to 1.'
                          when 'target_recall' then 'Give a share above 0 and up to 1.'
                          when 'cut' then 'Give "gap".'
                          when 'boosts' then 'Give an array, for example [{"field": "stars", "saturation": 100}].'
                          when 'queries' then
                              'Give an array of at most 16 strings, or objects such as {"query": "vpn", "weight": 0.5}; they '
                              'take query, embedding (an array of numbers), weight (at least 0), mode, fields, language, min_match.'
                          when 'fields' then 'Give weights by field, {"title": 3}, or a list of fields, each once, '
                                             '["title^3", "text"]. A weight is 0, or from 0.001 to 1000.'
                          when 'group_by' then
                              'Give "chunk", "document", or a key of the metadata as "metadata.team", "metadata.author.name".'
                          when 'like' then
                              'Give ids of up to 100 documents, one positive at least: '
                              '{"positive": ["a"], "negative": ["b"]}.'
                          when 'mmr' then case
                              when k > 200 then format('It reorders 200 rows at most: ask for a k of 200 or less, not %s.',
                                                          k)
                              else format('Give an object such as {"lambda": 0.5, "candidates": 50}: lambda from 0 '
                                          'to 1, candidates a whole number from k = %s to 200.', k) end
                          when 'group_size' then 'Give a whole number from 1 to 1000.'
                      end;
        end if;
    end loop;
    if (given -> 'group_size')::integer > 1 and coalesce(given ->> 'group_by', 'chunk') = 'chunk' then
        raise exception 'option ''group_size'' is %, and nothing is grouped', given -> 'group_size'
            using errcode = 'RT400', hint = 'Add "group_by": "document", or a key of the metadata such as "metadata.team".';
    end if;
    return known || given
           || jsonb_build_object('weights', (known -> 'weights') || coalesce(given -> 'weights', '{}'))
           || case when given ? 'mmr'
                   then jsonb_build_object('mmr', jsonb_build_object('lambda', 0.5, 'candidates', greatest(50, k))
                                                  || (given -> 'mmr'))
                   else '{}' end;
end;
$$;
comment on function pgretrieve._search_options(jsonb, integer) is 'The options of a search, checked, with defaults.';
