-- _filter_ranges: the comparisons that every document must meet to pass a filter, of those that compare by order or by the
--   beginning of a string: what an index can narrow. The filter has been checked by _filter_path.
--
-- above  the key around the filter, with dots; null: none. The empty key is one like others.
create or replace function pgretrieve._filter_ranges(filter jsonb, above text)
    returns table (key text, operator text, operand jsonb)
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    part  record;
    inner_filter jsonb;
begin
    for part in select e.key, e.value from jsonb_each(filter) as e loop
        if part.key = '$and' then
            for inner_filter in select e.value from jsonb_array_elements(part.value) as e loop
                return query select r.* from pgretrieve._filter_ranges(inner_filter, above) as r;
            end loop;
        elsif part.key in ('$gt', '$gte', '$lt', '$lte', '$startsWith') and above is not null then
            return query select above, part.key, part.value;
        elsif part.key not like '$%' and jsonb_typeof(part.value) = 'object' then
            return query select r.* from pgretrieve._filter_ranges(part.value, concat_ws('.', above, part.key)) as r;
        end if;
    end loop;
end;
$$;
comment on function pgretrieve._filter_ranges(jsonb, text) is 'The comparisons by order that every document must meet to pass.';
