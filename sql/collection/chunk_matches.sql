-- chunk_matches: whether a chunk is there and its text, with title and fields before it as it was indexed, matches a tsquery.
create or replace function @schema@.chunk_matches(chunk_id integer, check_for tsquery)
    returns boolean
    language sql stable parallel safe
begin atomic
    select @whole_vector@ @@ chunk_matches.check_for
      from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
     where c.id = chunk_matches.chunk_id;
end;
comment on function @schema@.chunk_matches(integer, tsquery) is 'Whether the text of a chunk matches a tsquery.';
