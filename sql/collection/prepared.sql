-- prepared: a text as the parser is to see it: as it is, or without accents, or cut into pairs of characters.
create or replace function @schema@.prepared(content text)
    returns text
    language sql immutable parallel safe
    return @prepared@;
comment on function @schema@.prepared(text) is 'A text as the parser of this collection is to see it.';
