-- put_metadata: new metadata of documents whose content is the same; it is in neither leg, so nothing else has to change.
--
-- Locks all documents of the batch first, in order of their ids: the rest of the batch is written in this transaction, and
-- two batches that share documents must wait for each other and never deadlock. One written since by somebody else with
-- another content keeps what it got there.
create or replace function @schema@.put_metadata(
    batch_ids text[], external_ids text[], metadatas jsonb[], content_hashes bytea[]
)
    returns void
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
begin
    perform from @schema@.document as d
      where d.external_id = any (put_metadata.batch_ids)
      order by d.external_id
        for update;
    update @schema@.document as d
       set metadata = g.metadata, updated_at = now()
      from unnest(put_metadata.external_ids, put_metadata.metadatas, put_metadata.content_hashes)
               as g (external_id, metadata, content_hash)
     where d.external_id = g.external_id and d.content_hash = g.content_hash;
end;
$$;
comment on function @schema@.put_metadata is 'Writes new metadata of documents whose content is the same.';
