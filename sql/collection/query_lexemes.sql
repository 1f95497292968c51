-- query_lexemes: what the words of a query are to the collection's analyser; for showing matches, whether it holds them.
create or replace function @schema@.query_lexemes(query text)
    returns text[]
    language sql stable parallel safe
    return tsvector_to_array(to_tsvector(@text_config@::regconfig, coalesce(query_lexemes.query, '')));
comment on function @schema@.query_lexemes(text) is 'The lexemes of a query.';
