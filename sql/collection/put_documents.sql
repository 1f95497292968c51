-- put_documents: writes document rows, new or known, and clears the chunks of the known ones for what follows.
--
-- documents: [{"id": ..., "title": ..., "metadata": {...}, "language": ..., "fields": {...},
--   "content_hash": hexadecimal or absent}, ...]
-- Rows are locked in order of their ids, so that two batches that share documents wait for each other and never deadlock.
create or replace function @schema@.put_documents(documents jsonb)
    returns table (external_id text, document_id integer)
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    put_external_ids text[];
    put_ids          integer[];
    known_ids        integer[];
begin
    -- The row is inserted or locked first and changed last: remove_chunks needs the old title, fields and language.
    with put as (
        insert into @schema@.document as d (external_id, title, metadata, language, fields, content_hash)
        select g.id, coalesce(g.title, ''), coalesce(nullif(g.metadata, 'null'), '{}'),
               case when g.language is not null
                         then pgretrieve._document_language(g.language, @own_language@, @languages@, g.id) end,
               case when g.fields is not null then pgretrieve._document_fields(g.fields, @fields@, g.id) else '{}' end,
               decode(g.content_hash, 'hex')
          from jsonb_to_recordset(put_documents.documents)
                   as g (id text, title text, metadata jsonb, language text, fields jsonb, content_hash text)
         order by g.id collate "C"
            on conflict (external_id) do update set updated_at = now()
        returning d.external_id, d.id, d.xmax <> 0 as known  -- an inserted row has no xmax, a locked one has
    )
    select array_agg(put.external_id), array_agg(put.id), array_agg(put.id) filter (where put.known)
      into put_external_ids, put_ids, known_ids
      from put;
    if known_ids is null then
        return query select * from unnest(put_external_ids, put_ids);
        return;
    end if;
    perform @schema@.remove_chunks(known_ids);
    update @schema@.document as d
       set title = g.title, metadata = g.metadata, language = g.language, fields = g.fields,
           content_hash = g.content_hash
      from (select r.id, coalesce(r.title, '') as title, coalesce(nullif(r.metadata, 'null'), '{}') as metadata,
                   case when r.language is not null
                         then pgretrieve._document_language(r.language, @own_language@, @languages@, r.id) end as language,
                   case when r.fields is not null then pgretrieve._document_fields(r.fields, @fields@, r.id)
                        else '{}' end as fields,
                   decode(r.content_hash, 'hex') as content_hash
              from jsonb_to_recordset(put_documents.documents)
                       as r (id text, title text, metadata jsonb, language text, fields jsonb, content_hash text)) as g
     where d.external_id = g.id
       and (d.title, d.metadata, d.language, d.fields, d.content_hash)
             is distinct from (g.title, g.metadata, g.language, g.fields, g.content_hash);
    return query select * from unnest(put_external_ids, put_ids);
end;
$$;
comment on function @schema@.put_documents(jsonb) is
    'Writes document rows; documents that were there lose their chunks.';
