-- _boost: what boosts add to the score of a document; see pgretrieve._read_boosts.
--
-- Each adds its weight times a share from 0 to 1, so no value in the metadata can lift a document further than that. After a
-- hundred half-lives nothing is left, rather than a number too small to reckon with.
create or replace function pgretrieve._boost(external_id text, metadata jsonb, boosts pgretrieve.boost[])
    returns double precision
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    boost pgretrieve.boost;
    value double precision;
    added double precision := 0;
begin
    foreach boost in array boosts loop
        value := pgretrieve._boost_value(external_id, metadata, boost);
        continue when value is null;
        added := added + boost.weight * case boost.kind
            when 'recency' then
                case when value < 100 * boost.half_life_days then 0.5 ^ (value / boost.half_life_days) else 0 end
            when 'saturation' then greatest(0, value) / (greatest(0, value) + boost.pivot)
            when 'range' then
                least(1, greatest(0, (value - boost.nothing_at) / (boost.all_at - boost.nothing_at)))
            else 1
        end;
    end loop;
    return added;
end;
$$;
comment on function pgretrieve._boost(text, jsonb, pgretrieve.boost[]) is 'What boosts add to the score of a document.';
