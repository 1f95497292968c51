-- _listed_fields: fields as a list, ["title^2", "text"], as an object of their weights; null stands for a weight that is not
--   given. Null if it is no such list, or names a field twice.
create or replace function pgretrieve._listed_fields(fields jsonb)
    returns jsonb
    language sql immutable parallel safe
begin atomic
    select case when bool_and(f.parts is not null) and count(distinct f.parts[1]) = count(*)
                then jsonb_object_agg(coalesce(f.parts[1], ''), f.parts[2]::numeric) end
      from jsonb_array_elements(case when jsonb_typeof(_listed_fields.fields) = 'array' then _listed_fields.fields
                                     else '[]' end) as e (item),
           lateral (select case when jsonb_typeof(e.item) = 'string'
                                then regexp_match(e.item #>> '{}',
                                                  '^([^^]+)(?:\^([0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}))?$') end as parts) as f;
end;
comment on function pgretrieve._listed_fields(jsonb) is 'Fields as a list, as an object of their weights; null if it is none.';
