-- _vector_fields: the names of the fields that have a vector of their own, in the order of their tables: the first one's is
--   field_embedding_1.
--
-- fields as pgretrieve.collection has them. They are given once, when a collection is created, so the order stays.
create or replace function pgretrieve._vector_fields(fields jsonb)
    returns text[]
    language sql immutable parallel safe
begin atomic
    select coalesce(array_agg(f.key order by f.key collate "C"), '{}')
      from jsonb_each(_vector_fields.fields) as f where f.value -> 'vector' = 'true';
end;
comment on function pgretrieve._vector_fields(jsonb) is
    'The names of the fields that have a vector of their own, in the order of their tables.';
