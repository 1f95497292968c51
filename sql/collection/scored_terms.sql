-- scored_terms: what is scored for a query: the terms of its words, and those that its prefixes stand for,
--   and those that it looks for in one field, under the names of their lists (pgretrieve._field_list).
--
-- Bounds  words: the 64 rarest; prefixes: see expanded_prefixes. Terms that the query requires are scored in any case.
create or replace function @schema@.scored_terms(query text)
    returns table (lexeme text, query_frequency integer, df bigint, weight double precision,
                   saturation double precision, length_slope double precision)
    language plpgsql stable parallel safe
    rows 8
    set search_path from current
as $$
#variable_conflict use_column
declare
    parsed  constant jsonb := pgretrieve._parsed_query(query@and_fields@);
    words   text[] := '{}';
    more    text[];
    fielded text[] := '{}';
begin
    for lexeme, query_frequency, df, weight, saturation, length_slope in
        select w.* from @schema@.weighted_terms(parsed ->> 'words') as w
    loop
        words := words || lexeme;
        return next;
    end loop;
    if parsed ? 'fielded' then
        fielded := array(select f.lexeme from @schema@.field_words(parsed -> 'fielded') as f);
    end if;
    select array_agg(a.lexeme) into more
      from (select e.lexeme from @schema@.expanded_prefixes(query) as e
             union
            select l.lexeme from @schema@.query_clauses(query) as c, unnest(c.lexemes || c.together) as l (lexeme)
             where not c.excluded
             union
            select f.lexeme from unnest(fielded) as f (lexeme)) as a
     where a.lexeme <> all (words);
    return query
    select w.* from @schema@.term_weights(more, array_fill(1, array[coalesce(cardinality(more), 0)])) as w where w.df > 0;
end;
$$;
comment on function @schema@.scored_terms(text) is 'The terms that are scored for a query, with their BM25 weights.';
