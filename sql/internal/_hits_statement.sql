-- _hits_statement: the call of a collection's search function, which gives hits; for execute with query, embedding, k, request.
create or replace function pgretrieve._hits_statement(collection pgretrieve.collection, statement text)
    returns text
    language sql stable
    return format(case when _hits_statement.statement in ('search', 'search_filtered', 'search_legs')
                       then 'select (s.hit).* from %I.%I($1, $2, $3, $4) as s'
                       else 'select s.* from %I.%I($1, $2, $3, $4) as s'
                  end, (_hits_statement.collection).schema_name, _hits_statement.statement);
comment on function pgretrieve._hits_statement is 'The call of a collection''s search function, which gives hits.';
