-- _boost_parts: what each boost adds to the score of a document, in the order in which they were given: kind, field, value
--   (see _boost_value), formula (arithmetic that a person can follow, numbers rounded; '0' where there is no value) and
--   contribution. Empty without boosts.
create or replace function pgretrieve._boost_parts(external_id text, metadata jsonb, boosts pgretrieve.boost[])
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    boost pgretrieve.boost;
    value double precision;
    share text;
    parts jsonb := '[]';
begin
    foreach boost in array coalesce(boosts, '{}') loop
        value := pgretrieve._boost_value(external_id, metadata, boost);
        share := case boost.kind
            when 'recency' then format('0.5 ^ (%s / %s)', pgretrieve._short(value), boost.half_life_days)
            when 'saturation' then format('%1$s / (%1$s + %2$s)', pgretrieve._short(greatest(0, value)), boost.pivot)
            when 'range' then format('clip((%s - %s) / (%s - %s))', pgretrieve._short(value), boost.nothing_at,
                                     boost.all_at, boost.nothing_at)
            else '1'
        end;
        parts := parts || jsonb_build_object(
            'kind', boost.kind, 'field', boost.field, 'value', value,
            'formula', case when value is null then '0' else boost.weight || ' * ' || share end,
            'contribution', pgretrieve._boost(external_id, metadata, array[boost]));
    end loop;
    return parts;
end;
$$;
comment on function pgretrieve._boost_parts(text, jsonb, pgretrieve.boost[]) is
    'What each boost adds to the score of a document.';
