-- _fields: the fields of a new collection with their weights, checked: '{}' without any, else title and text among them.
create or replace function pgretrieve._fields(fields jsonb)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    problem text;
begin
    if coalesce(fields, 'null') in ('null', '{}') then
        return '{}';
    end if;
    if jsonb_typeof(fields) <> 'object' then
        raise exception 'fields are %, not an object', jsonb_typeof(fields)
            using errcode = 'RT400', hint = 'Give names with weights, for example {"abstract": 1, "title": 2}.';
    end if;
    select case
               when f.key !~ '^[a-z_][a-z0-9_]{0,62}$' then format('field %L cannot have this name', f.key)
               when f.key in ('id', '_id', 'metadata', 'embedding', 'language', 'fields')
                   then format('field %L has the name of another part of a document', f.key)
               else format('field %L cannot weigh %s', f.key, f.value)
           end into problem
      from jsonb_each(fields) as f
     where f.key !~ '^[a-z_][a-z0-9_]{0,62}$' or f.key in ('id', '_id', 'metadata', 'embedding', 'language', 'fields')
        or pgretrieve._field_weight(f.value) is null
     limit 1;
    if problem is not null then
        raise exception '%', problem
            using errcode = 'RT400',
                  hint = 'Names are of a to z, 0 to 9 and _, without a digit in front; weights are numbers from 0.001 to 1000.';
    end if;
    fields := '{"title": 1, "text": 1}' || fields;
    if (select count(*) from jsonb_object_keys(fields)) > 18 then
        raise exception '% fields beside title and text are too many', (select count(*) from jsonb_object_keys(fields)) - 2
            using errcode = 'RT400', hint = 'Give at most 16: each has lists of its own for every word.';
    end if;
    return fields;
end;
$$;
comment on function pgretrieve._fields(jsonb) is 'The fields of a new collection, checked, with title and text.';
