-- field_near: the arm of dense_field for one field, through the index or over all vectors.
                    (with size as materialized (
                        select not dense_field.exact and '@index_kind@' <> 'none'
                               and exists (select from @schema@.@vectors@ offset 1000) as large
                    )
                    select first.chunk_id, e.distance
                      from ((select v.document_id, v.embedding @operator@ @query@ as distance
                               from @schema@.@vectors@ as v
                              where (select size.large from size)
                              order by v.embedding @operator@ @query@
                              limit dense_field.depth)
                             union all
                            (select v.document_id, (v.embedding @operator@ @query@) + 0 as distance
                               from @schema@.@vectors@ as v
                              where not (select size.large from size)
                              order by distance
                              fetch first (dense_field.depth) rows with ties)) as e,
                           @first_chunk@
                     where dense_field.field = '@field@')
