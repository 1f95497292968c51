-- _threshold: the least relevance of a search: the highest of what min_relevance, target_precision and target_recall ask for.
--   Null: no cut.
--
-- calibration  its thresholds, {"recall": [[0.95, 0.08], ...], "precision": [[0.5, 0.2], ...]}, were chosen on held-out queries;
--              between two of them the stricter one holds for recall (more is kept), and for precision (less is).
-- Error RT412  for a precision that was not reached at any threshold.
create or replace function pgretrieve._threshold(
    calibration jsonb, min_relevance double precision, target_precision double precision, target_recall double precision
)
    returns double precision
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    for_precision double precision;
    for_recall    double precision;
    reached       double precision;
begin
    if target_recall is not null then
        select coalesce(max((t.pair -> 1)::double precision), 0) into for_recall
          from jsonb_array_elements(calibration -> 'thresholds' -> 'recall') as t (pair)
         where (t.pair -> 0)::double precision >= target_recall;
    end if;
    if target_precision is not null then
        select min((t.pair -> 1)::double precision) filter (where (t.pair -> 0)::double precision >= target_precision),
               max((t.pair -> 0)::double precision)
          into for_precision, reached
          from jsonb_array_elements(calibration -> 'thresholds' -> 'precision') as t (pair);
        if for_precision is null then
            raise exception 'a precision of % was not reached at any threshold; the highest was %', target_precision,
                coalesce(reached, 0)
                using errcode = 'RT412', hint = 'Ask for less, or cut with min_relevance.';
        end if;
    end if;
    return greatest(min_relevance, for_precision, for_recall);
end;
$$;
comment on function pgretrieve._threshold is 'The least relevance that a search asks for.';
