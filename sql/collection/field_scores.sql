-- field_scores: the score of given chunks by the vector that a field of their document has, in no order. Those of documents
--   without one are left out.
create or replace function @schema@.field_scores(field text, query_embedding vector, chunk_ids integer[])
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 100
begin atomic
    select near.chunk_id, @score@
      from (
            @field_score@
           ) as near;
end;
comment on function @schema@.field_scores(text, vector, integer[]) is
    'Scores of given chunks by the vector of a field of their document.';
