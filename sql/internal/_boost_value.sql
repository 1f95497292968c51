-- _boost_value: what a boost reads of a document: the days before its origin, 0 for what is later (recency), a number
--   (saturation, range), 1 (a filter that passes). Null: nothing, also where a value is of another type. Of an array, the
--   element that gives most.
--
-- Called for each candidate of a search: expressions alone, since a query would take longer than all that it reads.
create or replace function pgretrieve._boost_value(external_id text, metadata jsonb, boost pgretrieve.boost)
    returns double precision
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    least_is_most constant boolean := boost.kind = 'recency' or boost.nothing_at > boost.all_at;
    found   jsonb;
    element jsonb;
    moment  timestamp;
    read    double precision;
    best    double precision;
begin
    if boost.kind = 'filter' then
        return case when metadata @@ boost.path and (boost.ids is null or external_id = any (boost.ids)) then 1 end;
    end if;
    found := jsonb_path_query_array(metadata, boost.path);
    for place in 0 .. jsonb_array_length(found) - 1 loop
        element := found -> place;
        if boost.kind = 'recency' then
            moment := pgretrieve._filter_moment(element #>> '{}');
            read := case when moment > boost.origin then 0 else extract(epoch from boost.origin - moment) / 86400 end;
        else
            read := case jsonb_typeof(element) when 'number' then pgretrieve._bounded(element::numeric) end;
        end if;
        -- both ignore nulls
        best := case when least_is_most then least(best, read) else greatest(best, read) end;
    end loop;
    return best;
end;
$$;
comment on function pgretrieve._boost_value(text, jsonb, pgretrieve.boost) is 'What a boost reads of a document, or null.';
