-- _document_fields: the fields of a document as they are stored: those with something in them. Error RT422 for a field that
--   the collection does not have, or that is no string.
create or replace function pgretrieve._document_fields(fields jsonb, known jsonb, external_id text)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    problem text;
    cure    text;
    names   constant text := (select string_agg(k.key, ', ' order by k.key)
                                from jsonb_object_keys(known) as k (key) where k.key not in ('title', 'text'));
begin
    if coalesce(fields, 'null') in ('null', '{}') then
        return '{}';
    end if;
    if jsonb_typeof(fields) <> 'object' then
        problem := 'has fields that are not an object';
        cure := 'For example {"abstract": "..."}.';
    else
        select case
                   when f.key in ('title', 'text') then format('has %L among its fields', f.key)
                   when not known ? f.key then format('has the field %L, which the collection does not have', f.key)
                   else format('has a field %L that is not a string', f.key)
               end,
               case
                   when f.key in ('title', 'text') then 'Title and text stand beside the fields.'
                   when known ? f.key then 'Give text, or leave the field out.'
                   when names is null then 'It has none: they are given to create_collection.'
                   else 'Its fields: ' || names || '. More are given to create_collection.'
               end into problem, cure
          from jsonb_each(fields) as f
         where f.key in ('title', 'text') or not known ? f.key or jsonb_typeof(f.value) not in ('string', 'null')
         limit 1;
    end if;
    if problem is not null then
        raise exception 'document % %', quote_literal(external_id), problem
            using errcode = 'RT422', hint = cure || ' Nothing was written.';
    end if;
    return (select coalesce(jsonb_object_agg(f.key, f.value), '{}') from jsonb_each(fields) as f
             where f.value not in ('null', '""'));
end;
$$;
comment on function pgretrieve._document_fields(jsonb, jsonb, text) is
    'The fields of a document as they are stored, or error RT422.';
