-- _group_path: the key of option group_by as the path to its value, with dots for nested keys as in filters; null for
-- 'chunk' and 'document'. An array at its end is one value.
create or replace function pgretrieve._group_path(group_by text)
    returns jsonpath
    language sql immutable
    set search_path = pg_catalog, pg_temp
begin atomic
    select ('$' || string_agg('.' || to_json(p.part)::text, '' order by p.position))::jsonpath
      from string_to_table(substring(_group_path.group_by from '^metadata\.(.*)$'), '.')
           with ordinality as p (part, position);
end;
comment on function pgretrieve._group_path(text) is 'The key of option group_by as the path to its value.';
