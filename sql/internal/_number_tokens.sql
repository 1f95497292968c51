-- _number_tokens: as _tokens, with each number a token, as the analyser sees them that normalises numbers.
--
-- Of 1.2 million the tokens are 1.2, million, and 1200000, which stands for both.
create or replace function pgretrieve._number_tokens(parser oid, content text)
    returns table (token text, alias text, compound boolean, start_offset integer, end_offset integer)
    language plpgsql immutable
    rows 200
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with part as materialized (
        select p.text, p.place,
               (coalesce(sum(length(p.text)) over (order by p.place rows between unbounded preceding and 1 preceding), 0))::integer
                   as start_offset
          from string_to_table(pgretrieve._marked_numbers(content), E'\r') with ordinality as p (text, place)
    )
    select t.token, t.alias, t.compound, part.start_offset + t.start_offset, part.start_offset + t.start_offset + length(t.token)
      from part, lateral pgretrieve._tokens(parser, part.text) as t
     where part.place % 2 = 1 and part.text <> ''
     union all
    select t.token, 'number', false, part.start_offset + t.first, part.start_offset + t.last
      from part, lateral pgretrieve._number(part.text) as n,
           lateral (values (n.digits, 0, n.digits_end),
                           (n.word, length(part.text) - length(n.word), length(part.text)),
                           (n.value, 0, length(part.text))) as t (token, first, last)
     where part.place % 2 = 0 and t.token is not null;
end;
$$;
comment on function pgretrieve._number_tokens(oid, text) is 'The tokens of a text with each number whole, and where each stands.';
