-- match_documents: which of the given documents are stored already with the same content. New metadata is written at once:
-- it is in neither leg, so nothing else has to change.
--
-- documents: [{"id": ..., "metadata": {...}, "content_hash": hexadecimal}, ...]
create or replace function @schema@.match_documents(documents jsonb)
    returns setof text
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
begin
    return query
    with same as materialized (
        select d.id, d.external_id, d.metadata <> g.metadata as moved, g.metadata
          from jsonb_to_recordset(match_documents.documents) as g (id text, metadata jsonb, content_hash text)
          join @schema@.document as d on d.external_id = g.id and d.content_hash = decode(g.content_hash, 'hex')
    ),
    updated as (
        update @schema@.document as d set metadata = same.metadata, updated_at = now()
          from same where d.id = same.id and same.moved
    )
    select same.external_id from same;
end;
$$;
comment on function @schema@.match_documents(jsonb) is
    'Documents that are stored with the same content; updates their metadata.';
