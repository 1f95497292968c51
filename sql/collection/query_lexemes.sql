-- query_lexemes: what the words of a query are to the collection's analyser, without what the query excludes; for showing
--   matches, whether the collection holds them.
create or replace function @schema@.query_lexemes(query text)
    returns text[]
    language sql stable parallel safe
    return tsvector_to_array(@schema@.analyse(coalesce(pgretrieve._parsed_query(query_lexemes.query) ->> 'words', '')));
comment on function @schema@.query_lexemes(text) is 'The lexemes of a query.';
