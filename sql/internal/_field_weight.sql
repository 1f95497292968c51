-- _field_weight: the weight of a field as a number, null if it cannot be one.
--
-- The bounds keep what a field adds to a frequency well above the 2^-32 that it is rounded to (field_frequencies.sql).
create or replace function pgretrieve._field_weight(given jsonb)
    returns double precision
    language sql immutable parallel safe
    return case when jsonb_typeof(_field_weight.given) = 'number' and _field_weight.given between '0.001' and '1000'
                then _field_weight.given::double precision end;
comment on function pgretrieve._field_weight(jsonb) is 'The weight of a field as a number, null if it cannot be one.';
