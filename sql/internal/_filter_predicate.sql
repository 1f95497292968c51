-- _filter_predicate: one level of a filter as jsonpath text, keys below the given place. See _filter_path.
create or replace function pgretrieve._filter_predicate(filter jsonb, place text, level integer)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    parts text[] := '{}';
    inner_place text;
    key   text;
    value jsonb;
    ids_hint constant text := 'Write {"$ids": [...], ...}, or put it inside $and: it narrows the whole search.';
begin
    if level > 32 then
        raise exception 'the filter is nested more than 32 levels deep' using errcode = 'RT420', hint = 'Flatten it.';
    end if;
    if jsonb_typeof(filter) is distinct from 'object' then
        raise exception 'a filter is an object, got %', coalesce(filter::text, 'null')
            using errcode = 'RT420', hint = 'For example {"team": "infra", "year": {"$gte": 2024}}.';
    end if;
    for key, value in select * from jsonb_each(filter) loop
        if key in ('$and', '$or') then
            if jsonb_typeof(value) <> 'array' or value = '[]' then
                raise exception '% needs an array of filters, got %', key, value
                    using errcode = 'RT420', hint = 'For example {"$or": [{"team": "infra"}, {"team": "web"}]}.';
            end if;
            if key = '$or' and value @? 'strict $.**."$ids"' then
                raise exception '$ids stands inside %', key using errcode = 'RT420', hint = ids_hint;
            end if;
            parts := parts || ('(' || (
                select string_agg(pgretrieve._filter_predicate(e.value, place, level + 1),
                                  case key when '$and' then ' && ' else ' || ' end)
                  from jsonb_array_elements(value) as e) || ')');
        elsif key = '$not' then
            if value @? 'strict $.**."$ids"' then
                raise exception '$ids stands inside %', key using errcode = 'RT420', hint = ids_hint;
            end if;
            parts := parts || pgretrieve._negate(pgretrieve._filter_predicate(value, place, level + 1));
        elsif key = '$ids' and place = '$' then
            -- which documents these are is no matter of metadata: _filter_ids takes them out
            if jsonb_typeof(value) not in ('array', 'null')
               or value @? 'strict $[*] ? (@.type() != "string" && @.type() != "number")' then
                raise exception '$ids needs an array of ids, got %', left(value::text, 200)
                    using errcode = 'RT420', hint = 'For example {"$ids": ["a", "b"]}.';
            end if;
        elsif key like '$%' then
            if place = '$' then
                raise exception 'operator % stands where a key is expected', key
                    using errcode = 'RT420',
                          hint = 'Write {"key": {"$gte": 1}}; at the top stand keys, $and, $or, $not and $ids.';
            end if;
            parts := parts || pgretrieve._filter_comparison(key, value, place);
        else
            -- the empty key has no parts, and is a key all the same
            select place || coalesce(string_agg('.' || to_json(p.part)::text, '' order by p.position), '.""')
              into inner_place
              from string_to_table(key, '.') with ordinality as p (part, position);
            parts := parts || case jsonb_typeof(value)
                when 'object' then pgretrieve._filter_predicate(value, inner_place, level + 1)
                else pgretrieve._filter_comparison('$eq', value, inner_place)
            end;
        end if;
    end loop;
    if parts = '{}' then
        return '(1 == 1)';
    end if;
    return '(' || array_to_string(parts, ' && ') || ')';
end;
$$;
comment on function pgretrieve._filter_predicate(jsonb, text, integer) is 'One level of a filter as jsonpath text.';
