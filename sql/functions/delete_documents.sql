-- delete_documents: deletes documents by id, from both legs at once. Returns how many were there.
create or replace function pgretrieve.delete_documents(collection text, ids text[])
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    target  pgretrieve.collection := pgretrieve._find_collection(delete_documents.collection);
    deleted integer;
begin
    if ids is null then
        raise exception 'ids are null' using errcode = 'RT422', hint = 'Give an array of document ids.';
    end if;
    execute format('select %I.delete_documents($1)', target.schema_name) into deleted using ids;
    execute format('select %I.compact_if_due()', target.schema_name);
    return deleted;
end;
$$;
comment on function pgretrieve.delete_documents(text, text[]) is 'Deletes documents by id; returns how many were there.';
