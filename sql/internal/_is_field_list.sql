-- _is_field_list: whether the name of a list is of a term in one field (_field_list.sql), and not of a term of a chunk.
create or replace function pgretrieve._is_field_list(lexeme text)
    returns boolean
    language sql immutable parallel safe
    return starts_with(_is_field_list.lexeme, E'\x1f');
comment on function pgretrieve._is_field_list(text) is 'Whether the name of a list is of a term in one field.';
