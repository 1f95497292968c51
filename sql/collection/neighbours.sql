-- neighbours: the chunks around one of a document. Called by pgretrieve.neighbours.
create or replace function @schema@.neighbours(chunk bigint, before integer, after integer)
    returns table (document_id text, chunk_id bigint, ordinal integer, start_offset integer, end_offset integer, text text)
    language sql stable parallel safe rows 3
begin atomic
    select d.external_id, c.id::bigint, c.ordinal, c.start_offset, c.end_offset, c.text
      from @schema@.chunk as self
      join @schema@.document as d on d.id = self.document_id
      join @schema@.chunk as c
        on c.document_id = self.document_id
       and c.ordinal between self.ordinal::bigint - neighbours.before and self.ordinal::bigint + neighbours.after
     where self.id = neighbours.chunk
     order by c.ordinal;
end;
comment on function @schema@.neighbours is 'The chunks around one; called by pgretrieve.neighbours.';
