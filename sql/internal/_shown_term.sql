-- _shown_term: a term as a query writes it: title:word for one of a field, others as they are.
create or replace function pgretrieve._shown_term(lexeme text)
    returns text
    language sql immutable parallel safe
    return case when pgretrieve._is_field_list(_shown_term.lexeme)
                then split_part(_shown_term.lexeme, E'\x1f', 2) || ':' || split_part(_shown_term.lexeme, E'\x1f', 3)
                else _shown_term.lexeme end;
comment on function pgretrieve._shown_term(text) is 'A term as a query writes it, with its field if it is of one.';
