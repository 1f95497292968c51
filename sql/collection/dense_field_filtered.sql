-- dense_field_filtered: dense_field under a filter that many documents pass, by the way of dense_filtered.sql.
--
-- How many documents have the field is not kept; the chunks that have it are counted, and are as many or more.
create or replace function @schema@.dense_field_filtered(
    field text, query_embedding vector, depth integer, path jsonpath, enough integer
)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with walked as materialized (
        select e.document_id, e.distance
          from (
                @field_walk@
               ) as e
         where (select d.metadata @@ dense_field_filtered.path from @schema@.document as d where d.id = e.document_id)
         limit dense_field_filtered.depth
    )
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select first.chunk_id, e.distance
              from walked as e,
                   @first_chunk@
             where (select count(*) from walked) >= dense_field_filtered.enough
             union all
            select compared.chunk_id, compared.distance
              from @schema@.dense_field_passing(dense_field_filtered.field, query_embedding, dense_field_filtered.depth,
                                                dense_field_filtered.path) as compared
             where (select count(*) from walked) < dense_field_filtered.enough) as near;
end;
comment on function @schema@.dense_field_filtered(text, vector, integer, jsonpath, integer) is
    'First depth documents by the vector of a field, of those that pass the filter.';
