-- _filterable_keys: the filterable keys of a collection with their types, {"year": "number"}, as their indexes tell.
create or replace function pgretrieve._filterable_keys(schema_name name)
    returns jsonb
    language sql stable
    set search_path = pg_catalog, pg_temp
    return (select coalesce(jsonb_object_agg(told.about ->> 'key', told.about ->> 'type'), '{}')
              from pg_index as i
              join pg_class as c on c.oid = i.indexrelid,
                   lateral (select obj_description(c.oid, 'pg_class')::jsonb as about) as told
             where i.indrelid = to_regclass(format('%I.document', _filterable_keys.schema_name))
               and c.relname like 'document\_filter\_%' and i.indisvalid);
comment on function pgretrieve._filterable_keys(name) is 'The filterable keys of a collection with their types.';
