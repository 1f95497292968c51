-- add_documents: writes documents, an array of objects with id and text, and title, metadata, embedding, language, fields,
-- field_embeddings if there are any.
--
-- An upsert by id: known documents are replaced. Keyword search finds them at once; the vectors follow when a worker has
-- encoded the text (pgretrieve.collection_stats counts what waits), unless an embedding came along. A long text is cut
-- into chunks of about the collection's max_characters, at white space.
-- Returns the number of documents. Errors (RT422) name the position in the array, from 1; nothing is written then.
create or replace function pgretrieve.add_documents(collection text, documents jsonb)
    returns integer
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(add_documents.collection);
    added   integer;
begin
    if jsonb_typeof(documents) is distinct from 'array' then
        raise exception 'documents are %, not an array', coalesce(jsonb_typeof(documents), 'null')
            using errcode = 'RT422', hint = 'For example [{"id": "a", "text": "..."}].';
    end if;
    perform pgretrieve._check_documents(documents);
    perform pgretrieve._check_field_embeddings(documents, target);
    execute format('select %I.add_documents($1)', target.schema_name) into added using documents;
    execute format('select %I.compact_if_due()', target.schema_name);
    return added;
end;
$$;
comment on function pgretrieve.add_documents(text, jsonb) is
    'Writes documents (upsert by id); keyword search finds them at once, vectors follow.';
