-- query_units: what min_match counts: each term of the query's words, each prefix, and alternatives together as one.
--
-- Rows     (unit 1..n, lexeme): a chunk holds a unit that has one of its lexemes. A unit that no chunk holds has a row
--          with a null lexeme: it counts, and nothing matches it.
-- Of a query that is past the bound on terms, only what is scored counts.
create or replace function @schema@.query_units(query text)
    returns table (unit integer, lexeme text)
    language plpgsql stable parallel safe
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    parsed jsonb := pgretrieve._parsed_query(query);
    scored text[];
    words  integer;
begin
    select coalesce(array_agg(s.lexeme), '{}') into scored from @schema@.scored_terms(query) as s;
    return query
    with word as materialized (
        select w.lexeme from unnest(to_tsvector(@text_config@::regconfig, parsed ->> 'words')) as w (lexeme, p, q)
    ),
    expansion as materialized (
        select e.prefix, e.lexeme from @schema@.expanded_prefixes(query) as e
    ),
    member as materialized (
        select a.number, m.value
          from jsonb_array_elements(parsed -> 'alternatives') with ordinality as a (value, number),
               jsonb_array_elements_text(a.value) as m (value)
    ),
    joined as materialized (
        select m.number, t.lexeme
          from member as m, unnest(to_tsvector(@text_config@::regconfig, m.value)) as t (lexeme, p, q)
         where m.value not like '%*'
         union
        select m.number, e.lexeme from member as m join expansion as e on m.value = e.prefix || '*'
    ),
    counted as (
        select 'or ' || j.number as key, j.lexeme from joined as j
         union all
        select 'prefix ' || e.prefix, e.lexeme from expansion as e
         where e.prefix || '*' not in (select m.value from member as m)
         union all
        select 'word ' || w.lexeme, w.lexeme from word as w
         where w.lexeme not in (select j.lexeme from joined as j where j.lexeme is not null)
    ),
    kept as (
        select c.key, case when c.lexeme = any (scored) then c.lexeme end as lexeme,
               bool_or(c.lexeme = any (scored)) over (partition by c.key) as known
          from counted as c
    )
    select (dense_rank() over (order by k.key collate "C"))::integer, k.lexeme
      from kept as k
     where k.known or (select count(*) from word) <= 64;
end;
$$;
comment on function @schema@.query_units(text) is 'What min_match counts in a query, and the lexemes that stand for it.';
