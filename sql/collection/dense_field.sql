-- dense_field: the leg that ranks documents by the vector of one of their fields, over the whole collection. A document stands
--   as its first chunk.
--
-- exact    reads every vector. That is done in any case without an index, and for 1,000 vectors or fewer, as in
--          _search_request.sql.
-- Returns  at most depth rows, best first; score: @score_meaning@; rank 1..n, ties go to the lower chunk_id. None for a field
--          without vectors.
-- For each field there is an arm, of which one runs.
create or replace function @schema@.dense_field(
    field text, query_embedding vector, depth integer, exact boolean default false
)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select arm.chunk_id, arm.distance
              from (
                    @field_near@
                   ) as arm
             order by arm.distance, arm.chunk_id
             limit dense_field.depth) as near;
end;
comment on function @schema@.dense_field(text, vector, integer, boolean) is
    'First depth documents, as their first chunks, by the vector of a field.';
