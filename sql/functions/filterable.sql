-- filterable: the metadata keys whose values an index orders, as pgretrieve.set_filterable takes them. Error RT404.
create or replace function pgretrieve.filterable(collection text)
    returns jsonb
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
begin
    return pgretrieve._filterable_keys((pgretrieve._find_collection(filterable.collection)).schema_name);
end;
$$;
comment on function pgretrieve.filterable(text) is 'The metadata keys whose values an index orders, with their types.';
