-- sample_chunks: at most so many chunks, taken evenly over their ids, with their documents' titles.
create or replace function @schema@.sample_chunks(most integer)
    returns table (chunk_id bigint, title text, text text)
    language sql stable
    rows 200
begin atomic
    select distinct on (c.id) c.id::bigint, d.title, c.text
      from (select (select min(id) from @schema@.chunk) as first, (select max(id) from @schema@.chunk) as last) as ids,
           generate_series(0, sample_chunks.most - 1) as place,
           lateral (select following.id, following.document_id, following.text
                      from @schema@.chunk as following
                     where following.id >= ids.first + (ids.last - ids.first)::bigint * place / greatest(1, sample_chunks.most - 1)
                     order by following.id
                     limit 1) as c
      join @schema@.document as d on d.id = c.document_id
     order by c.id;
end;
comment on function @schema@.sample_chunks(integer) is 'At most so many chunks, taken evenly over their ids.';
