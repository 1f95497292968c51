-- _is_uncounted: whether a list of postings adds nothing to the length of chunks where numbers are normalised: a number, or the
--   list of a field, which counts terms once more.
create or replace function pgretrieve._is_uncounted(lexeme text)
    returns boolean
    language sql immutable parallel safe
    return starts_with(_is_uncounted.lexeme, E'\x1f') or _is_uncounted.lexeme ~ '^[0-9]+(\.[0-9]+)?$';
comment on function pgretrieve._is_uncounted(text) is 'Whether a list adds nothing to the length of chunks that have no numbers in it.';
