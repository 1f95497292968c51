-- compact: moves recent writes into the compressed lists and drops what is dead. Searches are right without it, and
-- faster with it. Writers do the small part underway; run this after large changes, or from cron.
-- rewrite: writes every list anew, without anything dead, also where little is; what deletions by hand or a changed text
--          search configuration have left behind is gone then.
-- Returns false if another session is compacting the collection already.
create or replace function pgretrieve.compact(collection text, rewrite boolean default false)
    returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(compact.collection);
    done   boolean;
begin
    execute format('select %I.compact(null, $1)', target.schema_name) into done using rewrite;
    return done;
end;
$$;
comment on function pgretrieve.compact(text, boolean) is 'Compacts the posting lists of a collection.';
