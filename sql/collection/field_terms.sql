-- field_terms: as terms, of chunks whose texts come field by field: each term of a chunk with what all fields come to, as in
--   a collection without fields, then each term of each field under the name of its list (pgretrieve._field_list), and
--   for the empty term of a field the length of the field.
--
-- texts: objects, the text of each field of a chunk by its name.
-- Templates whose names begin with field_ are for collections with fields; the others do without their functions.
create or replace function @schema@.field_terms(chunk_ids integer[], texts text[], languages text[])
    returns table (chunk_id integer, lexeme text, frequency integer, length integer)
    language sql stable parallel safe rows 100000
begin atomic
    with part as materialized (
        select (row_number() over ())::integer as number, g.chunk_id, f.key as field, f.value as text, g.language
          from unnest(field_terms.chunk_ids, field_terms.texts, field_terms.languages) as g (chunk_id, texts, language),
               jsonb_each_text(g.texts::jsonb) as f
    ),
    term as materialized (
        select part.chunk_id, part.field, t.lexeme, t.frequency, t.length
          from (select array_agg(part.number) as numbers, array_agg(part.text) as texts, array_agg(part.language) as languages
                  from part) as given,
               lateral @schema@.terms(given.numbers, given.texts, given.languages) as t
          join part on part.number = t.chunk_id
    )
    select term.chunk_id, term.lexeme, sum(term.frequency)::integer,
           @length_of_fields@
      from term
     group by term.chunk_id, term.lexeme
     union all
    select term.chunk_id, pgretrieve._field_list(term.field, term.lexeme), term.frequency, term.length from term
     union all
    select distinct term.chunk_id, pgretrieve._field_list(term.field, ''), term.length, term.length from term;
end;
comment on function @schema@.field_terms(integer[], text[], text[]) is
    'Term frequencies of texts, over all fields and in each.';
