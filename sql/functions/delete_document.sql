-- delete_document: deletes one document by id. Returns whether it was there.
create or replace function pgretrieve.delete_document(collection text, id text)
    returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    return pgretrieve.delete_documents(collection, array[id]) = 1;
end;
$$;
comment on function pgretrieve.delete_document(text, text) is 'Deletes one document by id; returns whether it was there.';
