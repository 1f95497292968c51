-- _phrase_query: what a text must match to hold a phrase, from the phrase's own tsvector: its lexemes at the same distances.
--
-- Made from a tsvector and not by phraseto_tsquery, so that whatever analysed the texts analyses the phrase.
-- At most the first 64 places are asked for, since a tsquery is evaluated recursively. Null: no lexeme to look for.
create or replace function pgretrieve._phrase_query(phrase tsvector)
    returns tsquery
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    result    tsquery;
    place     integer;
    before    integer;
    variants  text;
begin
    for place, variants in
        select p.place, string_agg(pgretrieve._quoted_lexeme(t.lexeme), ' | ' order by t.lexeme)
          from unnest(phrase) as t (lexeme, positions, weights), unnest(t.positions) as p (place)
         group by p.place order by p.place limit 64
    loop
        result := case when result is null then variants::tsquery
                       else tsquery_phrase(result, variants::tsquery, place - before) end;
        before := place;
    end loop;
    return result;
end;
$$;
comment on function pgretrieve._phrase_query(tsvector) is 'What a text must match to hold a phrase; null if it has no lexeme.';
