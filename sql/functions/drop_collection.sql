-- drop_collection: removes a collection with everything in it. Error RT404 if there is none of that name.
create or replace function pgretrieve.drop_collection(name text)
    returns void
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    dropped pgretrieve.collection := pgretrieve._find_collection(name);
begin
    delete from pgretrieve.collection as c where c.id = dropped.id;
    execute format('drop schema %I cascade', dropped.schema_name);
end;
$$;
comment on function pgretrieve.drop_collection(text) is 'Drops a collection with all its documents.';
