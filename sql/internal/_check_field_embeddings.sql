-- _check_field_embeddings: an error unless the vectors that come with documents for their fields are of fields that have
--   vectors, and that something is in.
create or replace function pgretrieve._check_field_embeddings(documents jsonb, collection pgretrieve.collection)
    returns void
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    known   constant text[] := pgretrieve._vector_fields(collection.fields);
    problem text;
    cure    text;
begin
    select format(case when e.key = any (known) then 'document %L has an embedding of field %L, in which it has nothing'
                       else 'document %L has an embedding of field %L, of which collection %L keeps none' end,
                  d.value ->> 'id', e.key, collection.name),
           case when e.key = any (known) then 'Leave the embedding out.'
                when known = '{}' then 'It keeps none of any field: create_collection declares them.'
                else 'It keeps those of ' || array_to_string(known, ', ') || '; create_collection declares them.'
           end
      into problem, cure
      from jsonb_array_elements(documents) as d,
           jsonb_each(coalesce(nullif(d.value -> 'field_embeddings', 'null'), '{}')) as e
     where e.value <> 'null'
       and (e.key <> all (known)
            or coalesce(btrim(case e.key when 'title' then d.value ->> 'title' else d.value -> 'fields' ->> e.key end,
                              E' \t\r\n'), '') = '')
     limit 1;
    if problem is not null then
        raise exception '%', problem using errcode = 'RT422', hint = cure || ' Nothing was written.';
    end if;
end;
$$;
comment on function pgretrieve._check_field_embeddings(jsonb, pgretrieve.collection) is
    'Error RT422 unless the vectors that come for fields are of fields that have some.';
