-- _bounded: a number of any size as one that can be reckoned with, without overflow or underflow.
create or replace function pgretrieve._bounded(value numeric)
    returns double precision
    language sql immutable parallel safe
    return case when abs(_bounded.value) < 1e-30 then 0
                else least(1e100, greatest(-1e100, _bounded.value)) end::double precision;
comment on function pgretrieve._bounded(numeric) is 'A number of any size as one that can be reckoned with.';
