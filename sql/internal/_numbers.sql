-- _numbers: the distinct numbers of a text, without signs of thousands: 1,234.5 is 1234.5. Digits within a word are none.
create or replace function pgretrieve._numbers(text text)
    returns text[]
    language sql immutable parallel safe
    set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(array_agg(distinct regexp_replace(m.found[1], ',(?=\d{3}(?!\d))', '', 'g')), '{}')
      from regexp_matches(_numbers.text, '\m\d+(?:[.,]\d+)*\M', 'g') as m (found);
end;
comment on function pgretrieve._numbers(text) is 'The distinct numbers of a text, without signs of thousands.';
