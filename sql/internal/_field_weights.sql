-- _field_weights: the fields of a collection as searches and users know them: each a weight, or an object of weight and b.
create or replace function pgretrieve._field_weights(fields jsonb)
    returns jsonb
    language sql immutable parallel safe
begin atomic
    select coalesce(jsonb_object_agg(f.key, case when f.value ? 'b' then f.value - 'vector'
                                                 else coalesce(f.value -> 'weight', f.value) end), '{}')
      from jsonb_each(_field_weights.fields) as f;
end;
comment on function pgretrieve._field_weights(jsonb) is 'The fields of a collection with their weights, and b where they have one.';
