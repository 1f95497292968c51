-- _like: option like: the query and the embedding that documents given as examples come to, and the chunks to leave
-- out.
--
-- query      as given, else the most telling words of the positive documents.
-- embedding  the given one, normalised, if any, plus the mean of the positive documents, minus that of the negative
--            ones.
-- Errors     RT400 for a document that is not there.
create or replace function pgretrieve._like(
    collection pgretrieve.collection, examples jsonb, inout query text, inout embedding vector, out without integer[]
)
    language plpgsql stable
    set search_path from current
as $$
declare
    positive text[] := array(select e.id from jsonb_array_elements_text(examples -> 'positive') as e (id));
    negative text[] := array(select e.id from jsonb_array_elements_text(examples -> 'negative') as e (id));
    unknown  text;
    mean     vector;
    words    text;
begin
    execute format('select u.id from unnest($1) as u (id)
                     where not exists (select from %I.document as d where d.external_id = u.id) limit 1',
                   collection.schema_name)
        into unknown using positive || negative;
    if unknown is not null then
        raise exception 'document % of option ''like'' is not in collection %',
            quote_literal(unknown), quote_literal(collection.name)
            using errcode = 'RT400', hint = 'Give ids of documents that were added to it.';
    end if;
    execute format('select e.* from %I.example($1, $2) as e', collection.schema_name)
        into mean, words, without using positive, negative;
    if mean is not null and embedding is not null and vector_dims(embedding) = vector_dims(mean) then
        embedding := l2_normalize(embedding) + mean;
    else
        embedding := coalesce(embedding, mean);
    end if;
    if coalesce(query, '') !~ '\S' then
        query := words;
    end if;
end;
$$;
comment on function pgretrieve._like is 'What documents given as examples ask for.';
