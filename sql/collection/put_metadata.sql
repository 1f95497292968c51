-- put_metadata: new metadata of documents whose content is the same; it is in neither leg, so nothing else has to change.
--
-- documents: [{"id": ..., "metadata": {...}, "content_hash": hexadecimal}, ...]
-- Locks all documents of the batch first, in order of their ids: the rest of the batch is written in this transaction, and
-- two batches that share documents must wait for each other and never deadlock. One that somebody else has written
-- meanwhile with another content keeps what it got there.
create or replace function @schema@.put_metadata(batch_ids text[], documents jsonb)
    returns void
    language plpgsql
    set search_path from current
as $$
begin
    perform from @schema@.document as d
      where d.external_id = any (put_metadata.batch_ids)
      order by d.external_id
        for update;
    update @schema@.document as d
       set metadata = g.metadata, updated_at = now()
      from jsonb_to_recordset(put_metadata.documents) as g (id text, metadata jsonb, content_hash text)
     where d.external_id = g.id and d.content_hash = decode(g.content_hash, 'hex');
end;
$$;
comment on function @schema@.put_metadata(text[], jsonb) is
    'Writes new metadata of documents whose content is the same.';
