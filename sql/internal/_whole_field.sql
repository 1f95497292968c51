-- _whole_field: the field whose chunks a list names (_field_list.sql), null for other lists.
create or replace function pgretrieve._whole_field(lexeme text)
    returns text
    language sql immutable parallel safe
    return case when starts_with(_whole_field.lexeme, E'\x1f') and right(_whole_field.lexeme, 1) = E'\x1f'
                then btrim(_whole_field.lexeme, E'\x1f') end;
comment on function pgretrieve._whole_field(text) is 'The field whose chunks a list names, null for other lists.';
