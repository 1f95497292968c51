-- _check_objects: error RT400 unless what is given is an array of objects that have these keys.
--
-- what      for the message: 'queries', 'judgements'.
-- needed    keys that each must have as a string, or as a number, neither empty nor blank.
-- allowed   further keys.
-- example   for the hint.
-- most_bytes  of each of the needed.
create or replace function pgretrieve._check_objects(
    given jsonb, what text, needed text[], allowed text[], example text, most_bytes integer default 1000
)
    returns void
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    problem text;
begin
    if jsonb_typeof(given) is distinct from 'array' then
        raise exception '% are %, not an array', what, coalesce(jsonb_typeof(given), 'null')
            using errcode = 'RT400', hint = format('For example [%s].', example);
    end if;
    select format('number %s of the %s %s', g.place, what, case
               when jsonb_typeof(g.one) <> 'object' then 'is ' || jsonb_typeof(g.one) || ', not an object'
               else coalesce(
                   (select format('has the %s %s, which is not text of 1 to %s bytes', n.key,
                                  coalesce(left((g.one -> n.key)::text, 80), 'null'), most_bytes)
                      from unnest(needed) as n (key)
                     where not coalesce(jsonb_typeof(g.one -> n.key) in ('string', 'number')
                               and g.one ->> n.key ~ '\S' and octet_length(g.one ->> n.key) <= most_bytes, false)
                     limit 1),
                   (select format('has the key %s', quote_literal(k.key))
                      from jsonb_object_keys(g.one) as k (key) where k.key <> all (needed || allowed) limit 1))
           end) into problem
      from jsonb_array_elements(given) with ordinality as g (one, place)
     where case when jsonb_typeof(g.one) <> 'object' then true
                else exists (select from unnest(needed) as n (key)
                              where not coalesce(jsonb_typeof(g.one -> n.key) in ('string', 'number')
                                        and g.one ->> n.key ~ '\S' and octet_length(g.one ->> n.key) <= most_bytes, false))
                  or exists (select from jsonb_object_keys(g.one) as k (key) where k.key <> all (needed || allowed))
           end
     order by g.place limit 1;
    if problem is not null then
        raise exception '%', problem using errcode = 'RT400', hint = format('For example %s.', example);
    end if;
end;
$$;
comment on function pgretrieve._check_objects is 'An error unless an array of objects with the needed keys is given.';
