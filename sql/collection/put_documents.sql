-- put_documents: writes document rows, new or known, and clears the chunks of the known ones for what follows.
--
-- Rows are locked in order of their ids, so that two batches that share documents wait for each other and never deadlock.
create or replace function @schema@.put_documents(
    external_ids text[], titles text[], metadatas jsonb[], content_hashes bytea[]
)
    returns table (external_id text, document_id integer)
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    put_external_ids text[];
    put_ids          integer[];
begin
    -- The row is inserted or locked first and changed last: remove_chunks needs the old title.
    with put as (
        insert into @schema@.document as d (external_id, title, metadata, content_hash)
        select g.external_id, g.title, g.metadata, g.content_hash
          from unnest(put_documents.external_ids, put_documents.titles, put_documents.metadatas,
                      put_documents.content_hashes) as g (external_id, title, metadata, content_hash)
         order by g.external_id collate "C"
            on conflict (external_id) do update set updated_at = now()
        returning d.external_id, d.id
    )
    select array_agg(put.external_id), array_agg(put.id) into put_external_ids, put_ids from put;
    if @schema@.remove_chunks(put_ids) > 0 then
        update @schema@.document as d
           set title = g.title, metadata = g.metadata, content_hash = g.content_hash
          from unnest(put_documents.external_ids, put_documents.titles, put_documents.metadatas,
                      put_documents.content_hashes) as g (external_id, title, metadata, content_hash)
         where d.external_id = g.external_id
           and (d.title, d.metadata, d.content_hash) is distinct from (g.title, g.metadata, g.content_hash);
    end if;
    return query select * from unnest(put_external_ids, put_ids);
end;
$$;
comment on function @schema@.put_documents is 'Writes document rows; documents that were there lose their chunks.';
