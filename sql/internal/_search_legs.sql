-- _search_legs: the legs of a search of more than two: those of the search itself, if it has a query or an embedding, and
--   those of each member of option queries; each with those by the vectors of fields that have a weight.
--
-- options  of the search, checked. queries: strings, or objects with query, embedding (an array of numbers), weight (1), and
--          mode, fields, language, min_match, which are those of the search unless given. A hybrid one without an embedding is
--          a keyword leg, one without words a dense leg.
-- field_legs  weights of fields, by their names.
-- request  with query, embedding and weights of the search filled in.
-- Errors   RT400 for a member that searches for nothing, RT421 for an embedding that the collection cannot compare.
create or replace function pgretrieve._search_legs(
    collection pgretrieve.collection, options jsonb, field_legs jsonb, mode text, request pgretrieve.search_request
)
    returns pgretrieve.leg[]
    language plpgsql stable
    set search_path from current
as $$
declare
    legs    pgretrieve.leg[] := '{}';
    member  jsonb;
    place   integer;
    whose   text;
    suffix  text;
    kind    text;  -- the mode of one query
    asked   pgretrieve.keyword_query;
    own     jsonb;
    vector  vector;
    weight  double precision;
begin
    for member, place in
        select null, 1
         union all
        select case jsonb_typeof(q.member) when 'string' then jsonb_build_object('query', q.member) else q.member end, q.place + 1
          from jsonb_array_elements(options -> 'queries') with ordinality as q (member, place)
         order by 2
    loop
        if place = 1 then
            asked := request.query;
            vector := request.embedding;
            kind := mode;
            weight := 1;
            suffix := '';
            continue when coalesce(asked.text, '') !~ '\S' and vector is null;
        else
            whose := format('query %s of option ''queries''', place - 1);
            select coalesce(jsonb_object_agg(part.key, part.value), '{}') into own
              from jsonb_each(member) as part where part.key in ('fields', 'language', 'min_match');
            perform pgretrieve._search_options(own, 1);
            asked := pgretrieve._keyword_query(member ->> 'query', options || own, collection);
            kind := coalesce(member ->> 'mode', mode);
            weight := pgretrieve._bounded(coalesce(member -> 'weight', '1')::numeric);
            vector := null;
            suffix := ' ' || place;
            if jsonb_typeof(member -> 'embedding') = 'array' and kind <> 'keyword' then
                begin
                    vector := (member ->> 'embedding')::vector;
                exception when data_exception or program_limit_exceeded then
                    raise exception 'the embedding of % is not a vector: %', whose, sqlerrm
                        using errcode = 'RT421', hint = 'Give an array of numbers.';
                end;
                perform pgretrieve._check_query_embedding(vector, collection, 'in ' || whose || ', the');
            end if;
        end if;
        if vector is null and kind = 'dense' then
            raise exception '% is by meaning, and needs an embedding', coalesce(whose, 'the search')
                using errcode = 'RT400', hint = 'Give its embedding, an array of numbers, or "mode": "keyword".';
        end if;
        if coalesce(asked.text, '') !~ '\S' and (vector is null or kind = 'keyword') then
            raise exception '% is empty', coalesce(whose, 'the query')
                using errcode = 'RT400', hint = 'Give words to search for, or an embedding and another mode than keyword.';
        end if;
        if vector is not null and kind <> 'keyword' then
            legs := legs || row('dense' || suffix, 'dense', asked, vector, weight * request.dense_weight, null)::pgretrieve.leg
                    || array(select row('dense.' || f.field || suffix, 'dense', asked, vector,
                                        weight * pgretrieve._bounded(f.share::numeric), f.field)::pgretrieve.leg
                               from jsonb_each(field_legs) as f (field, share) order by f.field);
        end if;
        if coalesce(asked.text, '') ~ '\S' and kind <> 'dense' then
            legs := legs || row('keyword' || suffix, 'keyword', asked, null, weight * request.keyword_weight,
                                null)::pgretrieve.leg;
        end if;
    end loop;
    return legs;
end;
$$;
comment on function pgretrieve._search_legs is 'The legs of a search of several queries.';
