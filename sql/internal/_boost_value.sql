-- _boost_value: what a boost reads of a document: the days before its origin, 0 for what is later (recency), a number
--   (saturation, range), 1 (a filter that passes). Null: nothing, also where a value is of another type. Of an array, the
--   element that gives most.
create or replace function pgretrieve._boost_value(external_id text, metadata jsonb, boost pgretrieve.boost)
    returns double precision
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    latest timestamp;
begin
    if boost.kind = 'filter' then
        return case when metadata @@ boost.path and (boost.ids is null or external_id = any (boost.ids)) then 1 end;
    elsif boost.kind = 'recency' then
        select max(pgretrieve._filter_moment(v.value #>> '{}')) into latest
          from jsonb_path_query(metadata, boost.path) as v (value);
        return case when latest > boost.origin then 0 else extract(epoch from boost.origin - latest) / 86400 end;
    end if;
    return (select case when boost.nothing_at > boost.all_at then min(pgretrieve._bounded(v.value::numeric))
                        else max(pgretrieve._bounded(v.value::numeric)) end
              from jsonb_path_query(metadata, boost.path) as v (value)
             where jsonb_typeof(v.value) = 'number');
end;
$$;
comment on function pgretrieve._boost_value(text, jsonb, pgretrieve.boost) is 'What a boost reads of a document, or null.';
