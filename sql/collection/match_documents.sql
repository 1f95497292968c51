-- match_documents: which of the given documents are stored already with the same content, and which of those with other
-- metadata (stale).
--
-- documents: [{"id": ..., "metadata": {...}, "content_hash": hexadecimal}, ...]
create or replace function @schema@.match_documents(documents jsonb)
    returns table (external_id text, stale boolean)
    language sql stable
begin atomic
    select d.external_id, d.metadata <> g.metadata
      from jsonb_to_recordset(match_documents.documents) as g (id text, metadata jsonb, content_hash text)
      join @schema@.document as d on d.external_id = g.id and d.content_hash = decode(g.content_hash, 'hex');
end;
comment on function @schema@.match_documents(jsonb) is
    'Documents that are stored with the same content, and whether their metadata differs.';
