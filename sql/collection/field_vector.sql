-- field_vector: terms and their positions of several texts in one, each under the name of its field's list
--   (pgretrieve._field_list), so that a tsquery can ask for what stands in one field. texts: by field; '' for a text whose terms
--   stay as they are.
-- Put together as text, since adding tsvectors up would move their positions. A term that the name makes too long is left
-- out; a query asks through here, too, and leaves it out as well.
create or replace function @schema@.field_vector(texts jsonb, language text)
    returns tsvector
    language sql stable parallel safe
begin atomic
    select coalesce(string_agg(pgretrieve._quoted_lexeme(named.lexeme) || ':' || array_to_string(named.positions, ','), ' '),
                    '')::tsvector
      from (select case f.key when '' then t.lexeme else pgretrieve._field_list(f.key, t.lexeme) end as lexeme, t.positions
              from jsonb_each_text(field_vector.texts) as f,
                   unnest(@schema@.analyse_in(f.value, field_vector.language)) as t (lexeme, positions, weights)) as named
     where octet_length(named.lexeme) < 2047;
end;
comment on function @schema@.field_vector(jsonb, text) is 'Terms and positions of several texts, each under its field.';
