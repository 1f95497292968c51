-- _filter_ids: the document ids that a filter which _filter_path has checked narrows the search to; null: it names none.
--
-- Of several lists, the ids that are in all of them. {"$ids": null} is an empty list: jsonb_agg makes it of no rows.
create or replace function pgretrieve._filter_ids(filter jsonb)
    returns text[]
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    found text[];
    given text[];
    part  jsonb;
begin
    if filter ? '$ids' then
        found := array(select e.value from jsonb_array_elements_text(nullif(filter -> '$ids', 'null')) as e (value));
    end if;
    for part in select e.value from jsonb_array_elements(filter -> '$and') as e (value) loop
        given := pgretrieve._filter_ids(part);
        if found is null or given is null then
            found := coalesce(found, given);
        else
            found := array(select unnest(found) intersect select unnest(given));
        end if;
    end loop;
    return found;
end;
$$;
comment on function pgretrieve._filter_ids(jsonb) is 'The document ids that a filter narrows the search to, or null.';
