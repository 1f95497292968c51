-- _checked_embedding: the embedding itself, or error RT421 if a document of this collection cannot have it.
create or replace function pgretrieve._checked_embedding(
    embedding vector, dimensions integer, storage text, distance text, external_id text, field text default null
)
    returns vector
    language plpgsql immutable
    set search_path from current
as $$
declare
    problem text;
    named   constant text := 'an embedding' || coalesce(' of field ' || quote_literal(field), '');
begin
    if vector_dims(embedding) <> dimensions then
        raise exception 'document % has % of % dimensions, the collection stores %',
            quote_literal(external_id), named, vector_dims(embedding), dimensions
            using errcode = 'RT421', hint = 'Encode it with the encoder of the collection. Nothing was written.';
    end if;
    problem := pgretrieve._embedding_problem(embedding, storage, distance);
    if problem is not null then
        raise exception 'document % has % that %', quote_literal(external_id), named, problem
            using errcode = 'RT421', hint = 'Check the encoder. Nothing was written.';
    end if;
    return embedding;
end;
$$;
comment on function pgretrieve._checked_embedding is 'The embedding, or an error if a document cannot have it.';
