-- compact: moves recent writes into the compressed lists and drops what is dead. Searches are right without it, and
-- faster with it. Writers do the small part underway; run this after large changes, or from cron.
-- Returns false if another session is compacting the collection already.
create or replace function pgretrieve.compact(collection text)
    returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(compact.collection);
    done   boolean;
begin
    execute format('select %I.compact(null)', target.schema_name) into done;
    return done;
end;
$$;
comment on function pgretrieve.compact(text) is 'Compacts the posting lists of a collection.';
