-- field_among: the arm of dense_field_among for one field. By a list, as in dense_among.sql.
                    (select first.chunk_id, e.distance
                       from (select v.document_id, (v.embedding @operator@ @query@) + 0 as distance
                               from @schema@.@vectors@ as v
                              where v.document_id = any (array(select c.document_id from @schema@.chunk as c
                                                                where c.id = any (dense_field_among.allowed)))
                              order by distance
                              fetch first (dense_field_among.depth) rows with ties) as e,
                            @first_chunk@
                      where dense_field_among.field = '@field@')
