-- _calibration_problem: why no relevance is known to a search, in words that follow the name of its collection; null if it is.
--
-- total  chunks now. BM25 and similarities shift as a collection grows; within threefold they were seen to hold.
create or replace function pgretrieve._calibration_problem(
    collection pgretrieve.collection, request pgretrieve.search_request, total bigint
)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    calibration constant jsonb := collection.calibrations -> request.mode;
    fitted      constant double precision := calibration -> 'chunks';
begin
    return case
        when request.legs is not null then 'is calibrated for single queries, not for several at once or the vectors of fields'
        when calibration is null then format('is not calibrated for %s searches', request.mode)
        when request.mode = 'hybrid' and request.fusion <> 'blend'
            then format('is calibrated for fusion blend, not %s', request.fusion)
        when calibration -> 'space' <> pgretrieve._space_of(collection)
            then format('has a stale calibration for %s searches: its encoder or settings have changed since', request.mode)
        when total > 3 * fitted or 3 * total < fitted
            then format('has a stale calibration for %s searches: it was fitted on %s chunks, and there are %s now',
                        request.mode, fitted, total)
    end;
end;
$$;
comment on function pgretrieve._calibration_problem is 'Why no relevance is known to a search; null if it is.';
