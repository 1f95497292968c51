-- _field_list: the name under which the postings of a term in one field are stored.
--
-- The empty term stands for all of the field: its list tells which chunks have the field, and its length in each.
-- No term begins with this character: to the parser it is white space.
create or replace function pgretrieve._field_list(field text, lexeme text)
    returns text
    language sql immutable parallel safe
    return E'\x1f' || _field_list.field || E'\x1f' || _field_list.lexeme;
comment on function pgretrieve._field_list(text, text) is 'The name under which postings of a term in one field are stored.';
