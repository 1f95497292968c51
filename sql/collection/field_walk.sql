-- field_walk: the arm of dense_field_filtered for one field: its candidates in order.
                (select v.document_id, v.embedding @operator@ @query@ as distance
                   from @schema@.@vectors@ as v
                  where dense_field_filtered.field = '@field@'
                  order by v.embedding @operator@ @query@
                  limit (select case when '@index_kind@' <> 'none'
                                     then greatest(20 * dense_field_filtered.depth, least(20000, sum(s.chunks) / 20)) else 0 end
                           from @schema@.field_statistic as s where s.field = '@field@'))
