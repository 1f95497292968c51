-- _code: term frequency and chunk length in one integer, as postings store them. A chunk of 60,000 characters, the longest
-- that there is, reaches neither bound.
create or replace function pgretrieve._code(frequency integer, length integer)
    returns integer
    language sql immutable parallel safe
    return least(_code.frequency, 32767) << 16 | least(_code.length, 65535);
comment on function pgretrieve._code(integer, integer) is 'Term frequency and chunk length in one integer.';
