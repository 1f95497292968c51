-- _short: a number for a person: four decimals at most.
create or replace function pgretrieve._short(value double precision)
    returns text
    language sql immutable parallel safe
    return coalesce(trim_scale(round(_short.value::numeric, 4))::text, '?');
comment on function pgretrieve._short(double precision) is 'A number for a person: four decimals at most.';
