-- add_document: writes one document. See add_documents.
create or replace function pgretrieve.add_document(
    collection text, id text, text text, title text default '', metadata jsonb default '{}', embedding vector default null,
    language text default null, fields jsonb default '{}'
)
    returns void
    language plpgsql
    set search_path from current
as $$
begin
    perform pgretrieve.add_documents(collection, jsonb_build_array(jsonb_build_object(
        'id', id, 'text', text, 'title', title, 'metadata', metadata, 'embedding', embedding::text, 'language', language,
        'fields', fields)));
end;
$$;
comment on function pgretrieve.add_document is 'Writes one document (upsert by id).';
