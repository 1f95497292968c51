-- _check_query_embedding: error RT421 if a query's vector cannot be compared with those of the collection.
--
-- whose  for the message: 'the query''s', 'the 2nd query''s'.
create or replace function pgretrieve._check_query_embedding(embedding vector, collection pgretrieve.collection, whose text)
    returns void
    language plpgsql immutable
    set search_path from current
as $$
declare
    problem text;
begin
    if vector_dims(embedding) <> collection.dimensions then
        raise exception 'collection % stores embeddings of % dimensions, got %',
            quote_literal(collection.name), collection.dimensions, vector_dims(embedding)
            using errcode = 'RT421',
                  hint = format('Encode the query with the encoder of the collection: %s.',
                                coalesce(collection.encoder, 'your own'));
    end if;
    -- of a length such as encoders give, none has a problem
    if vector_norm(embedding) not between 0.001 and 65504 then
        problem := pgretrieve._embedding_problem(embedding, collection.storage, collection.distance);
    end if;
    if problem is not null then
        raise exception '% embedding %', whose, problem
            using errcode = 'RT421', hint = 'Check the encoder, or use mode => ''keyword''.';
    end if;
end;
$$;
comment on function pgretrieve._check_query_embedding is 'An error if a query''s vector cannot be compared with the collection''s.';
