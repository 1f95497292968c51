-- dense_field_among: dense_field over the documents of given chunks only; exact, for filters that leave few.
create or replace function @schema@.dense_field_among(field text, query_embedding vector, depth integer, allowed integer[])
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select arm.chunk_id, arm.distance
              from (
                    @field_among@
                   ) as arm
             order by arm.distance, arm.chunk_id
             limit dense_field_among.depth) as near;
end;
comment on function @schema@.dense_field_among(text, vector, integer, integer[]) is
    'First depth documents by the vector of a field, among those of given chunks; exact.';
