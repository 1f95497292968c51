-- delete_run: deletes a stored run. Returns whether it was there. Errors: RT404.
create or replace function pgretrieve.delete_run(collection text, name text)
    returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(delete_run.collection);
begin
    delete from pgretrieve.run as r where r.collection_id = target.id and r.name = delete_run.name;
    return found;
end;
$$;
comment on function pgretrieve.delete_run(text, text) is 'Deletes a stored run; returns whether it was there.';
