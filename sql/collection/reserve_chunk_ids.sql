-- reserve_chunk_ids: ids for chunks that a client is about to COPY.
create or replace function @schema@.reserve_chunk_ids(count integer)
    returns integer[]
    language sql volatile
begin atomic
    select array_agg(nextval(chunk_id.sequence)::integer)
      from (select pg_get_serial_sequence('@schema@.chunk', 'id')::regclass as sequence offset 0) as chunk_id,
           generate_series(1, reserve_chunk_ids.count);
end;
comment on function @schema@.reserve_chunk_ids(integer) is 'Ids for chunks that a client is about to copy in.';
