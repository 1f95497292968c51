-- _cursor_embedding: the part of a query's vector by which a cursor knows it again.
create or replace function pgretrieve._cursor_embedding(embedding vector)
    returns vector
    language sql immutable parallel safe
begin atomic
    select subvector(embedding, 1, least(vector_dims(embedding), 8));
end;
comment on function pgretrieve._cursor_embedding(vector) is 'The part of a vector by which a cursor knows it again.';
