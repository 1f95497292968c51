-- _check_documents: an error unless every element is a document that can be written.
create or replace function pgretrieve._check_documents(documents jsonb)
    returns void
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    document jsonb;
    position bigint;
    problem  text;
    repeated text;
begin
    for document, position in select * from jsonb_array_elements(documents) with ordinality loop
        problem := case
            when jsonb_typeof(document) <> 'object' then 'is not an object'
            when document ->> 'id' is null then 'has no id'
            when jsonb_typeof(document -> 'id') not in ('string', 'number') then 'has an id that is neither string nor number'
            when document ->> 'id' = '' then 'has an empty id'
            when octet_length(document ->> 'id') > 1000 then 'has an id of more than 1000 bytes'
            when jsonb_typeof(document -> 'text') is distinct from 'string' then 'has no text'
            when btrim(document ->> 'text', E' \t\r\n') = '' then 'has an empty text'
            when jsonb_typeof(coalesce(document -> 'title', '""')) not in ('string', 'null') then 'has a title that is not a string'
            when jsonb_typeof(coalesce(document -> 'language', '""')) not in ('string', 'null') then 'has a language that is not a string'
            when jsonb_typeof(coalesce(document -> 'fields', '{}')) not in ('object', 'null')
                then 'has fields that are not an object'
            when jsonb_typeof(coalesce(document -> 'field_embeddings', '{}')) not in ('object', 'null')
                then 'has field_embeddings that are not an object'
            when jsonb_typeof(coalesce(document -> 'metadata', '{}')) not in ('object', 'null') then 'has metadata that is not an object'
        end;
        if problem is not null then
            raise exception 'document % (id %) %', position, coalesce(document -> 'id', 'null'), problem
                using errcode = 'RT422',
                      hint = 'A document is {"id": "a", "text": "..."}, with "title", "metadata": {...} if there are any. '
                             'Nothing was written.';
        end if;
    end loop;
    select d.value ->> 'id' into repeated
      from jsonb_array_elements(documents) as d group by d.value ->> 'id' having count(*) > 1 limit 1;
    if repeated is not null then
        raise exception 'id % stands more than once in the batch', quote_literal(repeated)
            using errcode = 'RT422', hint = 'Keep one document per id. Nothing was written.';
    end if;
end;
$$;
comment on function pgretrieve._check_documents(jsonb) is 'Error RT422 unless every element is a document.';
