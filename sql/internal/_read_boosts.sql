-- _read_boosts: the option boosts of a search, checked; null if there are none. Each adds to the score of every candidate
--   from nothing to its weight (1 unless given, below 0 to push back):
--
-- {"field": "published", "recency": {"half_life_days": 30, "origin": "2026-11-01"}}   half for each half-life before origin
--                                                           (now unless given); all of it for what is later
-- {"field": "stars", "saturation": 100, "weight": 0.5}      value / (value + 100)
-- {"field": "rating", "range": [1, 5]}                      nothing up to 1, all from 5, a straight line between; the other
--                                                           way round where the first is larger
-- {"filter": {"team": "infra"}, "weight": 2}                all of it for documents that pass, see _filter_path
--
-- Fields are keys of the metadata, with dots for nested ones. Names and filters become bound jsonpaths: nothing is ever
-- read as SQL. Error RT400 says which boost is wrong; RT420 which part of a filter.
create or replace function pgretrieve._read_boosts(boosts jsonb)
    returns pgretrieve.boost[]
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    parts   constant text[] := '{field,filter,recency,saturation,range,weight}';
    kinds   constant text[] := '{recency,saturation,range}';
    checked pgretrieve.boost[];
    boost   pgretrieve.boost;
    given   jsonb;
    recency jsonb;
    place   bigint;
    problem text;
    remedy  text;
begin
    if jsonb_array_length(boosts) > 16 then
        raise exception '% boosts are too many', jsonb_array_length(boosts)
            using errcode = 'RT400', hint = 'Give at most 16.';
    end if;
    for given, place in select b.value, b.place from jsonb_array_elements(boosts) with ordinality as b (value, place) loop
        recency := given -> 'recency';
        select p.problem, p.remedy into problem, remedy
          from (values
              (1, jsonb_typeof(given) <> 'object', 'is ' || given::text || ', not an object',
                  'For example {"field": "stars", "saturation": 100, "weight": 0.5}.'),
              (2, case jsonb_typeof(given) when 'object' then given - parts <> '{}' end,
                  'has a part that does not exist: ' || given::text,
                  'Parts: ' || array_to_string(parts, ', ') || '.'),
              (3, (given ? 'field') = (given ? 'filter'), 'needs either a field or a filter: ' || given::text,
                  'For example {"field": "stars", "saturation": 100} or {"filter": {"team": "infra"}}.'),
              (4, (select count(*) from unnest(kinds) as k (kind) where given ? k.kind)
                  <> (given ? 'field')::integer,
                  case when given ? 'field' then 'needs one of recency, saturation and range: '
                       else 'has a filter and something for a field: ' end || given::text,
                  case when given ? 'field' then 'For example {"field": "published", "recency": {"half_life_days": 30}}.'
                       else 'For example {"filter": {"team": "infra"}, "weight": 2}.' end),
              (5, jsonb_typeof(given -> 'field') <> 'string' or given ->> 'field' = '' or given ->> 'field' like '$%',
                  'has a field that cannot be: ' || (given -> 'field')::text,
                  'Give a key of the metadata, with dots for nested ones: "stars", "author.rank".'),
              (6, given ? 'weight' and not (jsonb_typeof(given -> 'weight') = 'number'
                                            and given -> 'weight' between '-1000000' and '1000000'),
                  'has a weight of ' || (given -> 'weight')::text, 'Give a number from -1000000 to 1000000.'),
              (7, jsonb_typeof(recency) <> 'object', 'has a recency of ' || recency::text,
                  'For example {"half_life_days": 30}.'),
              (8, case jsonb_typeof(recency) when 'object' then recency - '{half_life_days,origin}'::text[] <> '{}' end,
                  'has a part of recency that does not exist: ' || recency::text, 'Parts: half_life_days, origin.'),
              (9, jsonb_typeof(recency) = 'object'
                  and (coalesce(jsonb_typeof(recency -> 'half_life_days'), '') <> 'number'
                       or recency -> 'half_life_days' not between '0.000001' and '1000000'),
                  'has half_life_days of ' || coalesce((recency -> 'half_life_days')::text, 'null'),
                  'Give the days after which half of the weight is left, from 0.000001 to 1000000.'),
              (10, recency ? 'origin' and (jsonb_typeof(recency -> 'origin') <> 'string'
                                           or pgretrieve._filter_moment(recency ->> 'origin') is null),
                  'has an origin that is no date: ' || (recency -> 'origin')::text,
                  'Write ISO 8601: "2026-11-01" or "2026-11-01T12:00:00Z". Without an origin it is now.'),
              (11, jsonb_typeof(given -> 'saturation') <> 'number'
                   or given -> 'saturation' not between '0.000001' and '1000000000000000',
                  'has a saturation of ' || (given -> 'saturation')::text,
                  'Give the value that gets half of the weight, from 0.000001 to 1e15.'),
              (12, given ? 'range' and not case
                       when jsonb_typeof(given -> 'range') = 'array' and given #> '{range,2}' is null
                            and jsonb_typeof(given #> '{range,0}') = 'number'
                            and jsonb_typeof(given #> '{range,1}') = 'number'
                       then given #> '{range,0}' between '-1000000000000000' and '1000000000000000'
                            and given #> '{range,1}' between '-1000000000000000' and '1000000000000000'
                            and abs(pgretrieve._bounded((given #> '{range,0}')::numeric)
                                    - pgretrieve._bounded((given #> '{range,1}')::numeric)) >= 0.000001
                       else false end,
                  'has a range of ' || (given -> 'range')::text,
                  'Give two numbers up to 1e15, the value that gets nothing and the one that gets all of the weight: [1, 5].')
          ) as p (number, wrong, problem, remedy)
         where p.wrong
         order by p.number
         limit 1;
        if found then
            raise exception 'boost % %', place, left(problem, 300) using errcode = 'RT400', hint = remedy;
        end if;
        boost := null;
        boost.kind := coalesce((select k.kind from unnest(kinds) as k (kind) where given ? k.kind), 'filter');
        boost.field := given ->> 'field';
        boost.weight := pgretrieve._bounded(coalesce((given -> 'weight')::numeric, 1));
        if boost.kind = 'filter' then
            boost.path := pgretrieve._filter_path(given -> 'filter');
            boost.ids := pgretrieve._filter_ids(given -> 'filter');
        else
            boost.path := pgretrieve._facet_path(boost.field);
            boost.half_life_days := (recency -> 'half_life_days')::double precision;
            boost.origin := case boost.kind when 'recency' then
                coalesce(pgretrieve._filter_moment(recency ->> 'origin'), now() at time zone 'UTC') end;
            boost.pivot := (given -> 'saturation')::double precision;
            boost.nothing_at := pgretrieve._bounded((given #> '{range,0}')::numeric);
            boost.all_at := pgretrieve._bounded((given #> '{range,1}')::numeric);
        end if;
        checked := checked || boost;
    end loop;
    return checked;
end;
$$;
comment on function pgretrieve._read_boosts(jsonb) is 'The option boosts of a search, checked; null if there are none.';
