-- term_factors: what a query's ^ says of its terms: vpn^2, "a phrase"^2, title:vpn^2, cert*^2. A term may have several rows.
--
-- A word counts as often as it stands in the query, so vpn^2 is one more of it, and vpn^0.5 half of one less: added, summed up.
-- factor: of what a prefix stands for, and of what is looked for in one field, which count once; the largest holds.
create or replace function @schema@.term_factors(query pgretrieve.keyword_query)
    returns table (lexeme text, added double precision, factor double precision)
    language plpgsql stable parallel safe
    rows 4
    set search_path from current
as $$
#variable_conflict use_column
declare
    said  jsonb;
    words text;
begin
    for said in
        select w.value
          from jsonb_array_elements(pgretrieve._parsed_query((query).text@and_fields@) -> 'weighted') as w (value)
    loop
        words := said ->> 'words';
        if right(words, 1) = '*' then
            return query
            select e.lexeme, null::double precision, (said -> 'factor')::double precision
              from @schema@.expanded_prefixes(query) as e
             where e.prefix || '*' = words and e.lexeme is not null;
        elsif pgretrieve._is_field_list(words) then
            return query
            select f.lexeme, null::double precision, (said -> 'factor')::double precision
              from @schema@.field_words(jsonb_build_array(words), (query).language) as f;
        else
            return query
            select t.lexeme, ((said -> 'factor')::double precision - 1) * max(cardinality(t.positions)),
                   null::double precision
              from unnest(@schema@.asked_languages((query).language)) as l (language),
                   unnest(@schema@.analyse_in(words, l.language)) as t (lexeme, positions, weights)
             group by t.lexeme;
        end if;
    end loop;
end;
$$;
comment on function @schema@.term_factors(pgretrieve.keyword_query) is 'What a query''s ^ says of its terms.';
