-- match_documents: which of the given documents are stored already with the same content, and which of those with
-- other metadata.
create or replace function @schema@.match_documents(external_ids text[], metadatas jsonb[], content_hashes bytea[])
    returns table (external_id text, stale boolean)
    language sql stable
begin atomic
    select d.external_id, d.metadata <> g.metadata
      from unnest(match_documents.external_ids, match_documents.metadatas, match_documents.content_hashes)
               as g (external_id, metadata, content_hash)
      join @schema@.document as d on d.external_id = g.external_id and d.content_hash = g.content_hash;
end;
comment on function @schema@.match_documents is 'Documents that are stored with the same content, and whether their metadata differs.';
