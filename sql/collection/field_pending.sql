-- field_pending: documents with fields that wait for a vector, with the texts of those fields: {"abstract": "...", ...}.
create or replace function @schema@.field_pending(most integer)
    returns table (external_id text, document_id integer, updated_at timestamptz, texts jsonb)
    language sql stable
    rows 100
begin atomic
    select d.external_id, d.id, d.updated_at, jsonb_object_agg(waiting.field, waiting.text)
      from (
            @field_waiting@
           ) as waiting
      join @schema@.document as d on d.id = waiting.document_id
     group by d.id;
end;
comment on function @schema@.field_pending(integer) is 'Documents with fields that wait for a vector, and the texts of those.';
