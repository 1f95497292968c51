-- query_lexemes: what may stand in a text for the words of a query, without what the query excludes; for showing matches.
--
-- In each language that the query is in, with the synonyms of the words and the terms that its prefixes stand for.
create or replace function @schema@.query_lexemes(query pgretrieve.keyword_query)
    returns text[]
    language plpgsql stable parallel safe
    set search_path from current
as $$
declare
    parsed  constant jsonb := pgretrieve._parsed_query((query).text@and_fields@);
    words   constant text := coalesce(parsed ->> 'words', '');
    fielded constant text := coalesce((select string_agg(split_part(f.item, E'\x1f', 3), ' ')
                                         from jsonb_array_elements_text(parsed -> 'fielded') as f (item)), '');
begin
    return array(
        select unnest(tsvector_to_array(@schema@.analyse_in(words || ' ' || fielded, l.language)))
          from unnest(@schema@.asked_languages((query).language)) as l (language)
         union
        select jsonb_array_elements_text(a.lexemes)
          from @schema@.query_synonyms(query) as s, jsonb_array_elements(s.alternatives) as a (lexemes)
         union
        select case when pgretrieve._is_field_list(e.lexeme) then split_part(e.lexeme, E'\x1f', 3) else e.lexeme end
          from @schema@.expanded_prefixes(query) as e where e.lexeme is not null);
end;
$$;
comment on function @schema@.query_lexemes(pgretrieve.keyword_query) is
    'Lexemes that may stand in a text for the words of a query.';
