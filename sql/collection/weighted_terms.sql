-- weighted_terms: the terms of a query of plain words, with their BM25 weights: the 64 rarest of those that are there.
--
-- The bound keeps a query of a thousand words from reading a thousand lists. What it drops are the most frequent terms,
-- which tell chunks apart least; pgretrieve.explain names them.
-- Empty    a query without terms that the collection holds gives no rows.
create or replace function @schema@.weighted_terms(words text, language text)
    returns table (lexeme text, query_frequency integer, df bigint, weight double precision,
                   saturation double precision, length_slope double precision)
    language sql stable parallel safe rows 8
begin atomic
    select w.*
      from (select array_agg(t.lexeme) as lexemes, array_agg(t.frequency) as query_frequencies
              from @schema@.query_terms(weighted_terms.words, weighted_terms.language) as t) as given,
           lateral @schema@.term_weights(given.lexemes, given.query_frequencies) as w
     where w.df > 0
     order by w.df, w.lexeme collate "C"
     limit 64;
end;
comment on function @schema@.weighted_terms(text, text) is
    'Terms of a query as the collection knows them: frequency in the query, document frequency, BM25 weight.';
