-- matching: all chunks that hold any word of a query, with their documents; exact. allowed: only among these; null: all.
create or replace function @schema@.matching(query text, allowed integer[])
    returns table (chunk_id integer, document_id integer)
    language sql stable parallel safe rows 5000
begin atomic
    select c.id, c.document_id
      from @schema@.scored(matching.query, null) as s
      join @schema@.chunk as c on c.id = s.chunk_id
     where matching.allowed is null
        or s.chunk_id in (select a.chunk_id from unnest(matching.allowed) as a (chunk_id));
end;
comment on function @schema@.matching(text, integer[]) is 'All chunks that hold any word of a query.';
