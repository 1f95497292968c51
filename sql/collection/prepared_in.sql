-- prepared_in: as prepared, for a document in a language of its own; null: the collection's.
create or replace function @schema@.prepared_in(content text, language text)
    returns text
    language sql immutable parallel safe
    return @prepared_in@;
comment on function @schema@.prepared_in(text, text) is 'A text as the parser is to see it, in a language of the collection.';
