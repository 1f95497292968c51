-- query_terms: the terms of a query's words and how often each stands there, without the collection's stop words and without
--   the words that synonym_postings scores together with their synonyms.
--
-- In a collection with several languages: query_languages.sql.
-- The conditions for those stand here only while the collection has stop words or synonyms (see pgretrieve._install_words).
create or replace function @schema@.query_terms(words text, language text)
    returns table (lexeme text, frequency integer)
    language sql stable parallel safe rows 8
begin atomic
    select term.lexeme, cardinality(term.positions)
      from @query_analysis@ as term (lexeme, positions)
     @words@;
end;
comment on function @schema@.query_terms(text, text) is
    'Terms of a query''s words, without stop words and words with synonyms.';
