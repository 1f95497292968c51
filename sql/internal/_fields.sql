-- _fields: the fields of a new collection, checked: '{}' without any, else title and text among them.
--
-- Each is a weight, or an object of weight (1 unless given), b (the length normalisation of this field alone) and vector (true: it
-- has a vector of its own). What has neither comes back as its weight.
create or replace function pgretrieve._fields(fields jsonb)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    problem text;
    cure    text;
begin
    if coalesce(fields, 'null') in ('null', '{}') then
        return '{}';
    end if;
    if jsonb_typeof(fields) <> 'object' then
        raise exception 'fields are %, not an object', jsonb_typeof(fields)
            using errcode = 'RT400', hint = 'Give names with weights, for example {"abstract": 1, "title": 2}.';
    end if;
    select p.problem,
           case when jsonb_typeof(p.value) = 'object'
                then 'A field is a weight, or an object such as {"weight": 2, "b": 0.3, "vector": true}: a weight from 0.001 to '
                     '1000, 1 if left out; b from 0 to 1; vector true or false, but for the text, which has the vectors of '
                     'its chunks.'
                else 'Names are of a to z, 0 to 9 and _, without a digit in front; weights are numbers from 0.001 to 1000.'
           end into problem, cure
      from (select f.value,
                   case
                       when f.key !~ '^[a-z_][a-z0-9_]{0,62}$' then format('field %L cannot have this name', f.key)
                       when f.key in ('id', '_id', 'metadata', 'embedding', 'language', 'fields')
                           then format('field %L has the name of another part of a document', f.key)
                       when pgretrieve._field_weight(given.weight) is null
                           then format('field %L cannot weigh %s', f.key, given.weight)
                       when given.others <> '{}'
                           then format('field %L has no setting %L', f.key,
                                       (select min(s.key) from jsonb_object_keys(given.others) as s (key)))
                       when given.b is not null and (jsonb_typeof(given.b) <> 'number' or given.b not between '0' and '1')
                           then format('field %L cannot have b = %s', f.key, given.b)
                       when given.vector not in ('true', 'false')
                           then format('field %L cannot have the vector %s', f.key, given.vector)
                       when f.key = 'text' and given.vector = 'true' then format('field %L cannot have a vector', f.key)
                   end as problem
              from jsonb_each(fields) as f,
                   lateral (select case jsonb_typeof(f.value) when 'object' then f.value else '{}' end as settings) as s,
                   lateral (select case when jsonb_typeof(f.value) = 'object' then coalesce(f.value -> 'weight', '1')
                                        else f.value end as weight,
                                   coalesce(s.settings -> 'vector', 'false') as vector,
                                   s.settings -> 'b' as b,
                                   s.settings - array['weight', 'b', 'vector'] as others) as given) as p
     where p.problem is not null
     limit 1;
    if problem is not null then
        raise exception '%', problem using errcode = 'RT400', hint = cure;
    end if;
    fields := '{"title": 1, "text": 1}' || fields;
    if (select count(*) from jsonb_object_keys(fields)) > 18 then
        raise exception '% fields beside title and text are too many', (select count(*) from jsonb_object_keys(fields)) - 2
            using errcode = 'RT400', hint = 'Give at most 16: each has lists of its own for every word.';
    end if;
    return (select jsonb_object_agg(f.key, case when plain.settings ?| array['b', 'vector'] then '{"weight": 1}' || plain.settings
                                                when jsonb_typeof(f.value) = 'object' then coalesce(f.value -> 'weight', '1')
                                                else f.value end)
              from jsonb_each(fields) as f,
                   lateral (select case when jsonb_typeof(f.value) <> 'object' then '{}'
                                        when f.value -> 'vector' = 'false' then f.value - 'vector'
                                        else f.value end as settings) as plain);
end;
$$;
comment on function pgretrieve._fields(jsonb) is 'The fields of a new collection, checked, with title and text.';
