-- field_passing: the arm of dense_field_passing for one field.
            (select first.chunk_id, e.distance
               from (select v.document_id, (v.embedding @operator@ @query@) + 0 as distance
                       from @schema@.document as d
                       join @schema@.@vectors@ as v on v.document_id = d.id
                      where d.metadata @@ dense_field_passing.path
                      order by distance
                      fetch first (dense_field_passing.depth) rows with ties) as e,
                    @first_chunk@
              where dense_field_passing.field = '@field@')
