-- query_synonyms: the terms with synonyms that a query calls for, among its words and in what it looks for in one field.
--
-- within       the field in which they are looked for; '' for the query's words.
-- lexeme       of a term of one word, which its alternatives then stand for; null for a term of several words. Of a field
--              the name of its list (pgretrieve._field_list).
-- frequency    how often the term stands in the query.
-- factor       what the query's ^ multiplies the weight by, of several words the smallest; 1 without.
-- alternatives arrays of lexemes, each of which says the same; of a term of one word it is one of them.
-- In PL/pgSQL so that it is planned only when it runs: in most collections there are no synonyms.
create or replace function @schema@.query_synonyms(query pgretrieve.keyword_query)
    returns table (term text, within text, lexeme text, frequency integer, factor double precision, alternatives jsonb)
    language plpgsql stable parallel safe
    rows 2
    set search_path from current
as $$
#variable_conflict use_column
declare
    parsed jsonb := jsonb_build_object('words', (query).text);
begin
    if pgretrieve._query_syntax((query).text@and_fields@) then
        parsed := pgretrieve._parsed_query((query).text@and_fields@);
    end if;
    return query
    with source as (
        select '' as within, parsed ->> 'words' as words
         union all
        select split_part(f.item, E'\x1f', 2), split_part(f.item, E'\x1f', 3)
          from jsonb_array_elements_text(parsed -> 'fielded') as f (item)
    ),
    counted as (
        select source.within, t.lexeme, case source.within when '' then max(cardinality(t.positions)) else 1 end as frequency
          from source,
               unnest(@schema@.asked_languages((query).language)) as l (language),
               unnest(@schema@.analyse_in(source.words, l.language)) as t (lexeme, positions, weights)
         where not exists (select from @schema@.stop_word as s where t.lexeme = any (s.lexemes))
         group by source.within, t.lexeme
    ),
    asked as materialized (
        select c.within, c.lexeme, c.frequency,
               coalesce(f.factor, greatest(0.01, 1 + coalesce(f.added, 0) / c.frequency)) as factor
          from counted as c
          left join (select g.lexeme, sum(g.added) as added, max(g.factor) as factor
                       from @schema@.term_factors(query) as g where parsed ? 'weighted' group by g.lexeme) as f
                 on f.lexeme = case c.within when '' then c.lexeme else pgretrieve._field_list(c.within, c.lexeme) end
    )
    select y.term, a.within,
           case when cardinality(y.lexemes) > 1 then null
                when a.within = '' then a.lexeme
                else pgretrieve._field_list(a.within, a.lexeme) end,
           case cardinality(y.lexemes) when 1 then a.frequency else 1 end, held.factor, y.alternatives
      from asked as a
      join @schema@.synonym as y on y.lexemes[1] = a.lexeme
     cross join lateral (select count(*) as lexemes, min(o.factor) as factor
                           from asked as o where o.within = a.within and o.lexeme = any (y.lexemes)) as held
     where held.lexemes = cardinality(y.lexemes);
end;
$$;
comment on function @schema@.query_synonyms(pgretrieve.keyword_query) is 'The terms with synonyms that a query calls for.';
