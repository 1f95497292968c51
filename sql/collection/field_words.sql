-- field_words: the terms of what a query looks for in one field, under the names of their lists (pgretrieve._field_list),
--   without the collection's stop words.
--
-- fielded: from pgretrieve._parsed_query.
create or replace function @schema@.field_words(fielded jsonb, language text)
    returns table (lexeme text)
    language sql stable parallel safe rows 4
begin atomic
    select distinct t.lexeme
      from jsonb_array_elements_text(field_words.fielded) as e (item),
           unnest(@schema@.asked_languages(field_words.language)) as l (language),
           unnest(@schema@.field_vector(jsonb_build_object(split_part(e.item, E'\x1f', 2), split_part(e.item, E'\x1f', 3)),
                                        l.language)) as t (lexeme, positions, weights)
     where split_part(t.lexeme, E'\x1f', 3) <> all (array(select unnest(s.lexemes) from @schema@.stop_word as s));
end;
comment on function @schema@.field_words(jsonb, text) is 'Terms that a query looks for in one field.';
