-- expanded_prefixes: the terms that the prefixes of a query stand for: 50 in all, taken in turn, each prefix's most
--   frequent first. A prefix that no term begins with has one row, with a null lexeme.
create or replace function @schema@.expanded_prefixes(query pgretrieve.keyword_query)
    returns table (prefix text, lexeme text, df bigint)
    language sql stable parallel safe
    rows 10
begin atomic
    select e.prefix, e.lexeme, e.df
      from (select p.value as prefix, t.lexeme, t.df, t.place,
                   row_number() over (order by t.place nulls last, p.number) as turn
              from jsonb_array_elements_text(pgretrieve._parsed_query((expanded_prefixes.query).text@and_fields@) -> 'prefixes')
                       with ordinality as p (value, number)
              left join lateral @schema@.prefix_terms(p.value, 50, (expanded_prefixes.query).language)
                                with ordinality as t (lexeme, df, place) on true) as e
     where e.turn <= 50 or e.place is null;
end;
comment on function @schema@.expanded_prefixes(pgretrieve.keyword_query) is 'The terms that the prefixes of a query stand for.';
