-- scored_terms: what is scored for a query: the terms of its words, and those that its prefixes stand for.
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
    words text[] := '{}';
    more  text[];
begin
    for lexeme, query_frequency, df, weight, saturation, length_slope in
        select w.* from @schema@.weighted_terms(pgretrieve._parsed_query(query) ->> 'words') as w
    loop
        words := words || lexeme;
        return next;
    end loop;
    select array_agg(a.lexeme) into more
      from (select e.lexeme from @schema@.expanded_prefixes(query) as e
             union
            select l.lexeme from @schema@.query_clauses(query) as c, unnest(c.lexemes || c.together) as l (lexeme)
             where not c.excluded) as a
     where a.lexeme <> all (words);
    return query
    select w.* from @schema@.term_weights(more, array_fill(1, array[coalesce(cardinality(more), 0)])) as w where w.df > 0;
end;
$$;
comment on function @schema@.scored_terms(text) is 'The terms that are scored for a query, with their BM25 weights.';
