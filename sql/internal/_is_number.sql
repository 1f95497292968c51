-- _is_number: whether a term is a number as _normalise_numbers writes them.
create or replace function pgretrieve._is_number(lexeme text)
    returns boolean
    language sql immutable parallel safe
    return _is_number.lexeme ~ '^[0-9]+(\.[0-9]+)?$';
comment on function pgretrieve._is_number(text) is 'Whether a term is a number in its one form.';
