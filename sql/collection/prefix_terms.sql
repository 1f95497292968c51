-- prefix_terms: the indexed terms that begin with a prefix, and the term that the prefix itself is, most frequent first.
--
-- prefix  of a field: begins with the field's name, as that of its lists (pgretrieve._field_list); so do the terms then.
-- Terms, not words: where the language stems, runn* does not find what is stored as run.
-- The lists sort by bytes, so a range scan finds them, up to the prefix with the last of all characters behind it.
create or replace function @schema@.prefix_terms(prefix text, most integer, language text)
    returns table (lexeme text, df bigint)
    language sql stable parallel safe rows 50
begin atomic
    with bound as materialized (
        select lower(prefix_terms.prefix) collate "C" as low,
               (lower(prefix_terms.prefix) || chr(1114111)) collate "C" as high
    ),
    own as materialized (
        select distinct named.lexeme collate "C" as lexeme
          from (select tsvector_to_array(@schema@.analyse_in(
                           case when pgretrieve._is_field_list(prefix_terms.prefix)
                                then split_part(prefix_terms.prefix, E'\x1f', 3) else prefix_terms.prefix end,
                           l.language)) as lexemes
                  from unnest(@schema@.asked_languages(prefix_terms.language)) as l (language)) as analysed,
               lateral (select case when pgretrieve._is_field_list(prefix_terms.prefix)
                                    then pgretrieve._field_list(split_part(prefix_terms.prefix, E'\x1f', 2),
                                                                analysed.lexemes[1])
                                    else analysed.lexemes[1] end as lexeme) as named,
               bound
         where cardinality(analysed.lexemes) = 1 and not (named.lexeme >= bound.low and named.lexeme < bound.high)
    )
    select found.lexeme, sum(found.count)::bigint
      from (select p.lexeme, cardinality(p.chunk_ids) as count
              from bound join @schema@.posting as p on p.lexeme >= bound.low and p.lexeme < bound.high
             union all
            select d.lexeme, sign(d.code)::integer
              from bound join @schema@.delta as d on d.lexeme >= bound.low and d.lexeme < bound.high
             union all
            select p.lexeme, cardinality(p.chunk_ids)
              from own join @schema@.posting as p on p.lexeme = own.lexeme
             union all
            select d.lexeme, sign(d.code)::integer
              from own join @schema@.delta as d on d.lexeme = own.lexeme) as found
     group by found.lexeme
    having sum(found.count) > 0
     order by sum(found.count) desc, found.lexeme
     limit prefix_terms.most;
end;
comment on function @schema@.prefix_terms(text, integer, text) is
    'Indexed terms that begin with a prefix, most frequent first.';
