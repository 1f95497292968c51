-- text_score: the BM25 score that a text would have for a query of plain words, were it a chunk; 0 where it holds none of them.
--
-- As one text: in a collection with fields, with the constants of the whole.
create or replace function @schema@.text_score(query pgretrieve.keyword_query, text text)
    returns double precision
    language plpgsql stable parallel safe
    set search_path from current
as $$
begin
    return (
        with term as materialized (
            select t.lexeme, cardinality(t.positions) as frequency from unnest(@schema@.analyse(text_score.text)) as t
        )
        select coalesce(sum(w.weight * term.frequency
                            / (term.frequency + w.saturation
                               + w.length_slope * (select sum(l.frequency) from term as l))), 0)
          from @schema@.weighted_terms((query).text, (query).language) as w
          join term on term.lexeme = w.lexeme);
end;
$$;
comment on function @schema@.text_score(pgretrieve.keyword_query, text) is
    'The BM25 score that a text would have for a query, were it a chunk.';
