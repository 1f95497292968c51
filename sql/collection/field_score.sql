-- field_score: the arm of field_scores for one field.
            select c.id as chunk_id, v.embedding @operator@ @query@ as distance
              from @schema@.chunk as c
              join @schema@.@vectors@ as v on v.document_id = c.document_id
             where c.id = any (field_scores.chunk_ids) and field_scores.field = '@field@'
