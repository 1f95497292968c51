-- _calibration_lapse: why a calibration no longer holds, after "stale: "; null if it does.
--
-- calibration  its parameters (_publish_models.sql).
-- space        what scores hang on now (_space_of.sql).
-- total        chunks now. BM25 and similarities shift as a collection grows; within threefold they were seen to hold.
-- A single expression, which becomes part of that of the caller.
create or replace function pgretrieve._calibration_lapse(calibration jsonb, space jsonb, total bigint)
    returns text
    language sql stable
    return case
        when _calibration_lapse.calibration -> 'space' <> _calibration_lapse.space
            then 'its encoder, settings or scoring have changed since'
        when _calibration_lapse.total > 3 * (_calibration_lapse.calibration -> 'chunks')::double precision
             or 3 * _calibration_lapse.total < (_calibration_lapse.calibration -> 'chunks')::double precision
            then format('it was fitted on %s chunks, and there are %s now', _calibration_lapse.calibration -> 'chunks', _calibration_lapse.total)
    end;
comment on function pgretrieve._calibration_lapse(jsonb, jsonb, bigint) is 'Why a calibration no longer holds; null if it does.';
