-- pending_documents: documents with chunks that wait for a vector, with their text put together again from the chunks.
create or replace function @schema@.pending_documents(most integer)
    returns table (external_id text, title text, text text, metadata jsonb, updated_at timestamptz, language text,
                   fields jsonb)
    language sql stable
    rows 100
begin atomic
    select d.external_id, d.title, whole.text, d.metadata, d.updated_at, d.language, d.fields
      from (select distinct c.document_id
              from @schema@.chunk as c
             where not exists (select from @schema@.embedding as e where e.chunk_id = c.id)
             limit pending_documents.most) as waiting
      join @schema@.document as d on d.id = waiting.document_id,
           lateral (
               select string_agg(substr(part.text, part.seen - part.start_offset + 1), '' order by part.ordinal) as text
                 from (select c.ordinal, c.text, c.start_offset,
                              coalesce(lag(c.end_offset) over (order by c.ordinal), 0) as seen
                         from @schema@.chunk as c where c.document_id = d.id) as part
           ) as whole;
end;
comment on function @schema@.pending_documents(integer) is 'Documents with chunks that wait for a vector.';
