-- first_chunk: the part of the legs over fields that finds the first chunk of document e.document_id. One by one: for a join
--   the planner would read all chunks.
                           lateral (select c.id as chunk_id from @schema@.chunk as c
                                     where c.document_id = e.document_id order by c.ordinal limit 1) as first
