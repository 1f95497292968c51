-- _field_legs: the fields whose vectors a search ranks by, with their weights, from option weights: {"dense.title": 0.5}.
--   Error RT400 for a field without vectors.
create or replace function pgretrieve._field_legs(weights jsonb, collection pgretrieve.collection)
    returns jsonb
    language plpgsql immutable
    set search_path from current
as $$
declare
    legs    constant jsonb := (select coalesce(jsonb_object_agg(substr(w.leg, 7), w.weight), '{}')
                                 from jsonb_each(weights) as w (leg, weight) where w.leg like 'dense.%');
    unknown constant text := (select min(l.field) from jsonb_object_keys(legs) as l (field)
                               where l.field <> all (pgretrieve._vector_fields(collection.fields)));
begin
    if unknown is not null then
        raise exception 'collection % has no vectors of a field %', quote_literal(collection.name), quote_literal(unknown)
            using errcode = 'RT400',
                  hint = case pgretrieve._vector_fields(collection.fields)
                      when '{}' then 'A collection gets them when it is created: fields => ''{"abstract": {"vector": true}}''.'
                      else format('Its fields with vectors: %s.',
                                  array_to_string(pgretrieve._vector_fields(collection.fields), ', ')) end;
    end if;
    return (select coalesce(jsonb_object_agg(l.key, l.value), '{}') from jsonb_each(legs) as l where l.value <> '0');
end;
$$;
comment on function pgretrieve._field_legs is 'The fields whose vectors a search ranks by, with their weights.';
