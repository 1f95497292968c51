-- _calibrated: a request with the calibration of its mode and the cut that is asked for.
--
-- Without a calibration that holds, relevance stays null, and a cut by relevance is error RT412: it is never guessed.
create or replace function pgretrieve._calibrated(
    request pgretrieve.search_request, collection pgretrieve.collection, calibration jsonb, total bigint, options jsonb,
    min_relevance double precision
)
    returns pgretrieve.search_request
    language plpgsql stable
    set search_path from current
as $$
declare
    by_relevance constant boolean := min_relevance is not null or options -> 'target_precision' <> 'null'
                                     or options -> 'target_recall' <> 'null';
    problem     text;
begin
    if min_relevance not between 0 and 1 or min_relevance = 'NaN' then
        raise exception 'min_relevance of % is not possible', min_relevance
            using errcode = 'RT400', hint = 'Give a probability from 0 to 1.';
    end if;
    request.cut := options ->> 'cut';
    if request.cut is not null and request.legs is not null then
        raise exception 'option ''cut'' is for single queries, not for several at once or the vectors of fields'
            using errcode = 'RT400', hint = 'Leave it out, or search for one query.';
    end if;
    problem := pgretrieve._calibration_problem(calibration, request, pgretrieve._space_of(collection), total);
    if problem is not null then
        if by_relevance then
            raise exception 'collection % %, so it cannot be cut at %', quote_literal(collection.name), problem,
                concat_ws(', ', 'min_relevance ' || min_relevance, 'target_precision ' || (options ->> 'target_precision'),
                          'target_recall ' || (options ->> 'target_recall'))
                using errcode = 'RT412',
                      hint = 'Calibrate it: pgretrieve calibrate ' || collection.name
                             || '. Or leave min_relevance, target_precision and target_recall out.';
        end if;
        return request;
    end if;
    request.query_weights := (calibration ->> 'query')::vector;
    request.hit_weights := (calibration ->> 'hit')::vector;
    request.family := calibration ->> 'family';
    if request.family is not null then
        request.adapter := pgretrieve._adapter_of((calibration -> 'model')::integer, request.embedding);
    end if;
    if by_relevance then
        request.min_relevance := pgretrieve._threshold(calibration, min_relevance, (options ->> 'target_precision')::double precision,
                                                       (options ->> 'target_recall')::double precision);
    end if;
    return request;
end;
$$;
comment on function pgretrieve._calibrated is 'A request with the calibration of its mode and the cut that is asked for.';
