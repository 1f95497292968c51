-- field_frequencies: how often each of the given terms stands in the chunks that hold it, as BM25F counts: what a field
--   holds is scaled by the field's length and weight, then added up over the fields.
--
-- Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), section 3.5, where each field has its own b.
-- lexemes  may be names of lists, terms of one field: those are looked for there alone.
-- number   the place of the term among the given ones, from 1.
-- Sums are exact and do not hang on their order, as in bm25: what a field adds is rounded to a multiple of 2^-32.
create or replace function @schema@.field_frequencies(lexemes text[], field_weights jsonb)
    returns table (chunk_id integer, number integer, frequency double precision)
    language sql stable parallel safe rows 5000
begin atomic
    with list as materialized (
        select case when pgretrieve._is_field_list(t.lexeme) then t.lexeme
                    else pgretrieve._field_list(f.field, t.lexeme) end collate "C" as lexeme,
               t.number::integer as number, f.base, f.length_slope
          from unnest(field_frequencies.lexemes) with ordinality as t (lexeme, number),
               @schema@.field_scales(field_frequencies.field_weights) as f
         where not pgretrieve._is_field_list(t.lexeme) or split_part(t.lexeme, E'\x1f', 2) = f.field
    )
    select found.chunk_id, found.number,
           sum((found.code >> 16) / (found.base + found.length_slope * (found.code & 65535))
               + 1572864::double precision - 1572864::double precision)
      from (select unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code, list.number, list.base, list.length_slope
              from list join @schema@.posting as p on p.lexeme = list.lexeme
             union all
            select d.chunk_id, d.code, list.number, list.base, list.length_slope
              from list join @schema@.delta as d on d.lexeme = list.lexeme and d.code > 0) as found
     group by found.chunk_id, found.number;
end;
comment on function @schema@.field_frequencies(text[], jsonb) is
    'How often terms stand in chunks, over all fields by their weights and lengths.';
