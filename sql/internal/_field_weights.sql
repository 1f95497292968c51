-- _field_weights: the fields of a collection with their weights alone, as searches and users know them.
create or replace function pgretrieve._field_weights(fields jsonb)
    returns jsonb
    language sql immutable parallel safe
begin atomic
    select coalesce(jsonb_object_agg(f.key, coalesce(f.value -> 'weight', f.value)), '{}')
      from jsonb_each(_field_weights.fields) as f;
end;
comment on function pgretrieve._field_weights(jsonb) is 'The fields of a collection with their weights alone.';
