-- _query_fields: the weights of fields that a query brings, by name; null if it brings none. Error RT400 for fields that the
--   collection does not have, and if no field is left.
--
-- given  an object: others keep their weights. A list: others have none, and those without a weight keep theirs.
create or replace function pgretrieve._query_fields(given jsonb, collection pgretrieve.collection)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    field_weights jsonb := case jsonb_typeof(given) when 'array' then pgretrieve._listed_fields(given) else given end;
    unknown       text := (select min(f.key) from jsonb_object_keys(field_weights) as f (key)
                            where not collection.fields ? f.key);
begin
    if unknown is not null and collection.fields = '{}' then
        raise exception 'collection % was created without fields, so none can be weighed', quote_literal(collection.name)
            using errcode = 'RT400', hint = 'Leave option fields out, or load the documents into a collection with fields.';
    elsif unknown is not null then
        raise exception 'collection % has no field %', quote_literal(collection.name), quote_literal(unknown)
            using errcode = 'RT400',
                  hint = format('Its fields: %s.', (select string_agg(f.key, ', ' order by f.key)
                                                      from jsonb_object_keys(collection.fields) as f (key)));
    end if;
    if jsonb_typeof(given) = 'array' then
        select jsonb_object_agg(f.key, case when not field_weights ? f.key then '0'
                                            else coalesce(nullif(field_weights -> f.key, 'null'),
                                                          f.value -> 'weight', f.value) end)
          into field_weights
          from jsonb_each(pgretrieve._field_weights(collection.fields)) as f;
    end if;
    if collection.fields <> '{}'
       and not exists (select from jsonb_each(collection.fields || field_weights) as f where f.value <> '0') then
        raise exception 'the weights % leave no field to search', field_weights
            using errcode = 'RT400', hint = 'Give one of them a weight above 0.';
    end if;
    return nullif(field_weights, '{}');
end;
$$;
comment on function pgretrieve._query_fields(jsonb, pgretrieve.collection) is
    'The weights of fields that a query brings, checked.';
