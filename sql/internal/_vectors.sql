-- _vectors: the table of a collection that holds the vectors of a field; of its chunks for null.
create or replace function pgretrieve._vectors(fields jsonb, field text)
    returns text
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce('field_embedding_' || array_position(pgretrieve._vector_fields(fields), field), 'embedding');
end;
$$;
comment on function pgretrieve._vectors(jsonb, text) is
    'The table of a collection that holds the vectors of a field; of its chunks for null.';
