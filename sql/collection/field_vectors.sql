-- field_vectors: the part of add_documents that writes the vectors of one field, where they come along.
    insert into @schema@.@vectors@ (document_id, embedding)
    select v.document_id, @query@
      from (select put.document_id,
                   pgretrieve._checked_embedding((d.value -> 'field_embeddings' ->> '@field@')::vector, @dimensions@,
                                                 '@storage@', @distance@, put.external_id, '@field@') as query_embedding
              from jsonb_array_elements(add_documents.documents) as d
              join unnest(external_ids, document_ids) as put (external_id, document_id)
                on put.external_id = d.value ->> 'id'
             where d.value -> 'field_embeddings' ->> '@field@' is not null) as v;
