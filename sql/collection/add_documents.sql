-- add_documents: the writing half of pgretrieve.add_documents, which has checked the documents.
create or replace function @schema@.add_documents(documents jsonb)
    returns integer
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    external_ids text[];
    document_ids integer[];
    first_id     integer;
    last_id      integer;
    bad_id       text;
    bad_chunks   bigint;
begin
    select array_agg(put.external_id), array_agg(put.document_id)
      into external_ids, document_ids
      from @schema@.put_documents(add_documents.documents) as put;

    with new as (
        insert into @schema@.chunk (document_id, ordinal, start_offset, end_offset, text)
        select put.document_id, piece.ordinal, piece.start_offset, piece.end_offset, piece.text
          from jsonb_array_elements(add_documents.documents) as d
          join unnest(external_ids, document_ids) as put (external_id, document_id)
            on put.external_id = d.value ->> 'id',
               pgretrieve._chunks(d.value ->> 'text', @max_characters@) as piece
        returning id
    )
    select min(new.id), max(new.id) into first_id, last_id from new;
    perform @schema@.index_chunks(first_id, last_id, document_ids);

    select put.external_id, count(*)
      into bad_id, bad_chunks
      from jsonb_array_elements(add_documents.documents) as d
      join unnest(external_ids, document_ids) as put (external_id, document_id) on put.external_id = d.value ->> 'id'
      join @schema@.chunk as c on c.document_id = put.document_id
     where d.value ->> 'embedding' is not null
     group by put.external_id
    having count(*) > 1
     limit 1;
    if bad_id is not null then
        raise exception 'document % comes with one embedding but its text makes % chunks', quote_literal(bad_id), bad_chunks
            using errcode = 'RT422',
                  hint = 'Leave the embedding out and let a worker encode the chunks, add the parts as documents, or '
                         'create the collection with more max_characters. Nothing was written.';
    end if;
    insert into @schema@.embedding (chunk_id, embedding)
    select v.chunk_id, @query@
      from (select c.id as chunk_id,
                   pgretrieve._checked_embedding((d.value ->> 'embedding')::vector, @dimensions@, '@storage@',
                                                 @distance@, put.external_id) as query_embedding
              from jsonb_array_elements(add_documents.documents) as d
              join unnest(external_ids, document_ids) as put (external_id, document_id)
                on put.external_id = d.value ->> 'id'
              join @schema@.chunk as c on c.document_id = put.document_id
             where d.value ->> 'embedding' is not null) as v;
    @field_vectors@
    return cardinality(document_ids);
end;
$$;
comment on function @schema@.add_documents(jsonb) is 'Writes checked documents; called by pgretrieve.add_documents.';
