-- query_report: what a search has understood of its query, for explain.
--
-- Returns the object of pgretrieve._parsed_query, with dropped (terms past the bound, most frequent first), prefixes as
-- objects (prefix, terms, left_out: how many more begin so), and where there are any without_terms (required or excluded,
-- but holding no term, such as stop words: nothing is asked) and min_match (asked, units, least), and the language
-- that the query says it is in.
create or replace function @schema@.query_report(query pgretrieve.keyword_query)
    returns jsonb
    language plpgsql stable
    set search_path from current
as $$
#variable_conflict use_column
declare
    parsed jsonb := pgretrieve._parsed_query((query).text@and_fields@);
    report jsonb := parsed;
    more   jsonb;
begin
    if not pgretrieve._query_syntax((query).text@and_fields@) then
        parsed := jsonb_build_object('words', (query).text);
        report := parsed || case when report ? 'quotations' then jsonb_build_object('quotations', report -> 'quotations')
                                 else '{}' end;
    end if;
    select coalesce(jsonb_agg(jsonb_build_object('term', w.lexeme, 'df', w.df) order by w.df desc, w.lexeme), '[]') into more
      from (select array_agg(t.lexeme) as lexemes, array_agg(t.frequency) as frequencies
              from @schema@.query_terms(parsed ->> 'words', (query).language) as t) as given,
           @schema@.term_weights(given.lexemes, given.frequencies) as w
     where w.df > 0 and w.lexeme not in (select s.lexeme from @schema@.scored_terms(query) as s);
    report := report || jsonb_build_object('dropped', more);

    if parsed ? 'prefixes' then
        select jsonb_agg(jsonb_build_object('prefix', p.prefix, 'terms', p.terms, 'left_out', p.found - cardinality(p.terms)))
          into more
          from (select e.prefix, array_remove(array_agg(e.lexeme order by e.df desc, e.lexeme), null) as terms,
                       (select count(*) from @schema@.prefix_terms(e.prefix, null, (query).language)) as found
                  from @schema@.expanded_prefixes(query) as e
                 group by e.prefix
                 order by e.prefix) as p;
        report := report || jsonb_build_object('prefixes', more);
    end if;

    select jsonb_agg(g.said) into more
      from (select r.value ->> 0 as said, false as excluded, r.number
              from jsonb_array_elements(parsed -> 'required') with ordinality as r (value, number)
             union all
            select '-' || (e.value #>> '{}'), true, e.number
              from jsonb_array_elements(parsed -> 'excluded') with ordinality as e (value, number)) as g
     where not exists (select from @schema@.query_clauses(query) as c
                        where c.excluded = g.excluded and c.clause = g.number);
    if more is not null then
        report := report || jsonb_build_object('without_terms', more);
    end if;

    if (query).language is not null then
        report := report || jsonb_build_object('language', (query).language);
    end if;
    if (query).min_match is not null then
        select jsonb_build_object('asked', (query).min_match, 'units', count(*),
                                  'least', pgretrieve._least_matches((query).min_match, count(*)::integer))
          into more
          from @schema@.query_units(query) as u;
        report := report || jsonb_build_object('min_match', more);
    end if;
    if parsed::text like '%\\u001f%' then
        -- what is of a field, as the query writes it
        report := regexp_replace(report::text, '\\u001f([a-z0-9_]+)\\u001f', '\1:', 'g');
    end if;
    return report;
end;
$$;
comment on function @schema@.query_report(pgretrieve.keyword_query) is 'What a search has understood of its query.';
