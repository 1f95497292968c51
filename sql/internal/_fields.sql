-- _fields: the fields of a new collection with their weights, checked: '{}' without any, else title and text among them.
--
-- Each is a weight, or an object of weight (1 unless given) and b, the length normalisation of this field alone. What has no b of
-- its own comes back as its weight.
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
               when exists (select from jsonb_object_keys(f.settings) as s (key) where s.key not in ('weight', 'b'))
                   then format('field %L cannot have %s', f.key, f.settings)
               when pgretrieve._field_weight(f.settings -> 'weight') is null
                   then format('field %L cannot weigh %s', f.key, f.settings -> 'weight')
               else format('field %L cannot have b = %s', f.key, f.settings -> 'b')
           end into problem
      from (select g.key, case jsonb_typeof(g.value) when 'object' then '{"weight": 1}' || g.value
                                                     else jsonb_build_object('weight', g.value) end as settings
              from jsonb_each(fields) as g) as f
     where f.key !~ '^[a-z_][a-z0-9_]{0,62}$' or f.key in ('id', '_id', 'metadata', 'embedding', 'language', 'fields')
        or exists (select from jsonb_object_keys(f.settings) as s (key) where s.key not in ('weight', 'b'))
        or pgretrieve._field_weight(f.settings -> 'weight') is null
        or f.settings ? 'b' and (jsonb_typeof(f.settings -> 'b') <> 'number' or f.settings -> 'b' not between '0' and '1')
     limit 1;
    if problem is not null then
        raise exception '%', problem
            using errcode = 'RT400',
                  hint = 'Names are of a to z, 0 to 9 and _, without a digit in front; weights are numbers from 0.001 to 1000. '
                         'With a length normalisation of its own: {"title": {"weight": 2, "b": 0.3}}, b from 0 to 1.';
    end if;
    select '{"title": 1, "text": 1}'
           || jsonb_object_agg(f.key, case when jsonb_typeof(f.value) <> 'object' then f.value
                                           when f.value ? 'b' then '{"weight": 1}' || f.value
                                           else coalesce(f.value -> 'weight', '1') end)
      into fields
      from jsonb_each(fields) as f;
    if (select count(*) from jsonb_object_keys(fields)) > 18 then
        raise exception '% fields beside title and text are too many', (select count(*) from jsonb_object_keys(fields)) - 2
            using errcode = 'RT400', hint = 'Give at most 16: each has lists of its own for every word.';
    end if;
    return fields;
end;
$$;
comment on function pgretrieve._fields(jsonb) is 'The fields of a new collection, checked, with title and text.';
