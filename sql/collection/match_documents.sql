-- match_documents: which of the given documents are stored already with the same content. New metadata is written at once:
-- it is in neither leg, so nothing else has to change.
create or replace function @schema@.match_documents(external_ids text[], metadatas jsonb[], content_hashes bytea[])
    returns setof text
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
begin
    update @schema@.document as d
       set metadata = g.metadata, updated_at = now()
      from unnest(match_documents.external_ids, match_documents.metadatas, match_documents.content_hashes)
               as g (external_id, metadata, content_hash)
     where d.external_id = g.external_id and d.content_hash = g.content_hash and d.metadata <> g.metadata;
    return query
    select d.external_id
      from unnest(match_documents.external_ids, match_documents.content_hashes) as g (external_id, content_hash)
      join @schema@.document as d on d.external_id = g.external_id and d.content_hash = g.content_hash;
end;
$$;
comment on function @schema@.match_documents is 'Documents that are stored with the same content; updates their metadata.';
