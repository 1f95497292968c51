-- _calibration_base: what a calibration that is fitted now holds for: the number of chunks, and what scores hang on.
create or replace function pgretrieve._calibration_base(collection text)
    returns table (chunks bigint, space jsonb)
    language plpgsql stable
    rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(_calibration_base.collection);
begin
    return query execute format('select coalesce(sum(s.chunks), 0)::bigint, $1 from %I.statistic as s', target.schema_name)
        using pgretrieve._space_of(target);
end;
$$;
comment on function pgretrieve._calibration_base(text) is 'What a calibration that is fitted now holds for.';
