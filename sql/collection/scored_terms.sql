-- scored_terms: what is scored for a query: the terms of its words, and those that its prefixes stand for,
--   and those that it looks for in one field, under the names of their lists (pgretrieve._field_list).
--
-- Bounds  words: the 64 rarest; prefixes: see expanded_prefixes. Terms that the query requires are scored in any case.
-- factor  what the query's ^ multiplies the weight by, which it does here (term_factors.sql); 1 without.
create or replace function @schema@.scored_terms(query pgretrieve.keyword_query)
    returns table (lexeme text, query_frequency integer, df bigint, weight double precision,
                   saturation double precision, length_slope double precision, factor double precision)
    language plpgsql stable parallel safe
    rows 8
    set search_path from current
as $$
#variable_conflict use_column
declare
    parsed  constant jsonb := pgretrieve._parsed_query((query).text@and_fields@);
    words   text[] := '{}';
    more    text[];
    fielded text[] := '{}';
    given   jsonb := '{}';  -- of each term [added, factor]
begin
    if parsed ? 'weighted' then
        select coalesce(jsonb_object_agg(g.lexeme, g.said), '{}') into given
          from (select f.lexeme, jsonb_build_array(sum(f.added), max(f.factor)) as said
                  from @schema@.term_factors(query) as f group by f.lexeme) as g;
    end if;
    if parsed ? 'fielded' then
        fielded := array(select f.lexeme from @schema@.field_words(parsed -> 'fielded', (query).language) as f);
    end if;
    for lexeme, query_frequency, df, weight, saturation, length_slope in
        select w.* from @schema@.weighted_terms(parsed ->> 'words', (query).language) as w
    loop
        words := words || lexeme;
        factor := greatest(0.01, 1 + coalesce((given -> lexeme ->> 0)::double precision, 0) / query_frequency);
        weight := weight * factor;
        return next;
    end loop;
    select array_agg(a.lexeme) into more
      from (select e.lexeme from @schema@.expanded_prefixes(query) as e
             union
            select l.lexeme from @schema@.query_clauses(query) as c, unnest(c.lexemes || c.together) as l (lexeme)
             where not c.excluded
             union
            select f.lexeme from unnest(fielded) as f (lexeme)) as a
     where a.lexeme <> all (words);
    return query
    select w.lexeme, w.query_frequency, w.df, w.weight * multiplied.factor, w.saturation, w.length_slope, multiplied.factor
      from @schema@.term_weights(more, array_fill(1, array[coalesce(cardinality(more), 0)])) as w,
           lateral (select coalesce((given -> w.lexeme ->> 1)::double precision,
                                    greatest(0.01, 1 + coalesce((given -> w.lexeme ->> 0)::double precision, 0)))
                               as factor) as multiplied
     where w.df > 0;
end;
$$;
comment on function @schema@.scored_terms(pgretrieve.keyword_query) is
    'The terms that are scored for a query, with their BM25 weights.';
