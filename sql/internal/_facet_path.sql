-- _facet_path: a key of metadata as the path to its values, with dots for nested keys as in filters. An array gives its
-- elements, also one of objects on the way.
create or replace function pgretrieve._facet_path(key text)
    returns jsonpath
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
begin
    if key is null or key like '$%' then
        raise exception 'key % is not possible', quote_nullable(key)
            using errcode = 'RT400',
                  hint = 'Give keys of the metadata, with dots for nested ones: ''team'', ''author.name''.';
    end if;
    return (select '$' || coalesce(string_agg('.' || to_json(p.part)::text, '' order by p.position), '.""') || '[*]'
              from string_to_table(key, '.') with ordinality as p (part, position))::jsonpath;
end;
$$;
comment on function pgretrieve._facet_path(text) is 'A key of metadata as the path to its values.';
