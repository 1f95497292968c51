-- query_units: what min_match counts: alternatives together, each prefix, and each other term of the query's words.
--
-- Rows     one a unit: its lexemes. A chunk holds the unit if it has one of them; of a unit that no chunk holds there are
--          none: it counts, and nothing matches it.
-- Of a query in several languages it is words that are counted, not terms: a chunk holds a word if it has its form in any
-- language. One that any of the languages drops as a stop word does not count.
-- Of a query that is past the bound on terms, only what is scored counts.
create or replace function @schema@.query_units(query pgretrieve.keyword_query)
    returns table (lexemes text[])
    language plpgsql stable parallel safe
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    tongues     constant text[] := @schema@.asked_languages((query).language);
    parsed      jsonb := pgretrieve._parsed_query((query).text@and_fields@);
    asked       text[] := array(select t.lexeme from @schema@.query_terms(parsed ->> 'words', (query).language) as t
                               union
                              select y.lexeme from @schema@.query_synonyms(query) as y
                               where y.lexeme is not null and y.within = '');
    few         boolean := cardinality(asked) <= 64;
    scored      text[] := array(select s.lexeme from @schema@.scored_terms(query) as s
                               union
                              select y.lexeme from @schema@.query_synonyms(query) as y
                               where y.lexeme is not null);
    prefixes    jsonb;
    joined      text[] := '{}';
    group_text  jsonb;
    member      text;
    words       text[];
    has_content boolean;
begin
    select coalesce(jsonb_object_agg(e.prefix, e.lexemes), '{}') into prefixes
      from (select x.prefix, array_remove(array_agg(x.lexeme), null) as lexemes
              from @schema@.expanded_prefixes(query) as x group by x.prefix) as e;
    for group_text in select a.value from jsonb_array_elements(parsed -> 'alternatives') as a (value) loop
        lexemes := '{}';
        has_content := false;
        for member in select m.value from jsonb_array_elements_text(group_text) as m (value) loop
            if member like '%*' then
                member := rtrim(member, '*');
                has_content := true;
                lexemes := lexemes || array(select p.value from jsonb_array_elements_text(prefixes -> member) as p (value));
            elsif pgretrieve._is_field_list(member) then
                lexemes := lexemes || array(
                    select f.lexeme from @schema@.field_words(jsonb_build_array(member), (query).language) as f);
            else
                lexemes := lexemes || array(
                    select unnest(tsvector_to_array(@schema@.analyse_in(member, l.language)))
                      from unnest(tongues) as l (language));
            end if;
        end loop;
        joined := joined || lexemes;
        has_content := has_content or lexemes && asked or exists (select from unnest(lexemes) as l (lexeme)
                                                                   where pgretrieve._is_field_list(l.lexeme));
        lexemes := array(select unnest(lexemes) intersect select unnest(scored));
        if lexemes <> '{}' or has_content and few then
            return next;
        end if;
    end loop;
    if parsed ? 'fielded' then
        for member in select f.lexeme from @schema@.field_words(parsed -> 'fielded', (query).language) as f
                       where f.lexeme <> all (joined) loop
            lexemes := array[member];
            return next;
        end loop;
    end if;
    for member in
        select p.key from jsonb_object_keys(prefixes) as p (key)
         where p.key || '*' not in (select jsonb_array_elements_text(a.value)
                                      from jsonb_array_elements(parsed -> 'alternatives') as a (value))
    loop
        lexemes := array(select p.value from jsonb_array_elements_text(prefixes -> member) as p (value)
                         intersect select unnest(scored));
        if lexemes <> '{}' or few then
            return next;
        end if;
    end loop;
    for words in
        select array[a.lexeme] from unnest(asked) as a (lexeme) where cardinality(tongues) = 1
         union
        select array_agg(distinct t.lexeme)
          from regexp_split_to_table(parsed ->> 'words', '\s+') as w (word),
               unnest(tongues) as l (language),
               unnest(@schema@.analyse_in(w.word, l.language)) as t (lexeme, positions, weights)
         where cardinality(tongues) > 1
         group by w.word
        having count(distinct coalesce(l.language, '')) = cardinality(tongues) and bool_or(t.lexeme = any (asked))
    loop
        continue when words <@ joined;
        lexemes := array(select unnest(words) intersect select unnest(scored));
        if lexemes <> '{}' or few then
            return next;
        end if;
    end loop;
end;
$$;
comment on function @schema@.query_units(pgretrieve.keyword_query) is
    'What min_match counts in a query, and the lexemes that stand for it.';
