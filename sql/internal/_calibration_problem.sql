-- _calibration_problem: why no relevance is known to a search, in words that follow the name of its collection; null if it is.
--
-- calibration  of the search's mode, from the collection's row, where it may be compressed: taken out once. Null: none.
-- space, total see _calibration_lapse.sql.
-- A single expression, which becomes part of that of the caller.
create or replace function pgretrieve._calibration_problem(
    calibration jsonb, request pgretrieve.search_request, space jsonb, total bigint
)
    returns text
    language sql stable
    return case
        when (_calibration_problem.request).legs is not null
            then 'is calibrated for single queries, not for several at once or the vectors of fields'
        when calibration is null
            then format('is not calibrated for %s searches', (_calibration_problem.request).mode)
        when (_calibration_problem.request).mode = 'hybrid' and (_calibration_problem.request).fusion <> 'blend'
            then format('is calibrated for fusion blend, not %s', (_calibration_problem.request).fusion)
        else 'has a stale calibration for ' || (_calibration_problem.request).mode || ' searches: '
             || pgretrieve._calibration_lapse(calibration, space, total)
    end;
comment on function pgretrieve._calibration_problem is 'Why no relevance is known to a search; null if it is.';
