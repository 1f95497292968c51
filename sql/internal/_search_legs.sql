-- _search_legs: the legs of a search of more than two: those of the search itself, if it has a query or an embedding, and
--   those of each member of option queries; each with those by the vectors of fields that have a weight.
--
-- queries  strings, or objects with query, embedding (an array of numbers), weight (1), mode (that of the search), fields
--          (those of the search). A hybrid one without an embedding is a keyword leg, one without words a dense leg.
-- field_legs  weights of fields, by their names.
-- request  with query, embedding, mode, weights and field_weights of the search filled in.
-- Errors   RT400 for a member that searches for nothing, RT421 for an embedding that the collection cannot compare.
create or replace function pgretrieve._search_legs(
    collection pgretrieve.collection, queries jsonb, field_legs jsonb, mode text, request pgretrieve.search_request
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
    words   text;
    vector  vector;
    weight  double precision;
    weights jsonb;
begin
    for member, place in
        select null, 1
         union all
        select case jsonb_typeof(q.member) when 'string' then jsonb_build_object('query', q.member) else q.member end, q.place + 1
          from jsonb_array_elements(queries) with ordinality as q (member, place)
         order by 2
    loop
        if place = 1 then
            words := request.query;
            vector := request.embedding;
            kind := mode;
            weight := 1;
            weights := request.field_weights;
            suffix := '';
            continue when coalesce(words, '') !~ '\S' and vector is null;
        else
            whose := format('query %s of option ''queries''', place - 1);
            words := member ->> 'query';
            kind := coalesce(member ->> 'mode', mode);
            weight := pgretrieve._bounded(coalesce(member -> 'weight', '1')::numeric);
            weights := request.field_weights;
            if jsonb_typeof(member -> 'fields') = 'object' then
                weights := pgretrieve._query_fields(member -> 'fields', collection);
            end if;
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
        if coalesce(words, '') !~ '\S' and (vector is null or kind = 'keyword') then
            raise exception '% is empty', coalesce(whose, 'the query')
                using errcode = 'RT400', hint = 'Give words to search for, or an embedding and another mode than keyword.';
        end if;
        if vector is not null and kind <> 'keyword' then
            legs := legs || row('dense' || suffix, 'dense', words, vector, weight * request.dense_weight,
                                null, null)::pgretrieve.leg
                    || array(select row('dense.' || f.field || suffix, 'dense', words, vector,
                                        weight * pgretrieve._bounded(f.share::numeric), f.field, null)::pgretrieve.leg
                               from jsonb_each(field_legs) as f (field, share) order by f.field);
        end if;
        if coalesce(words, '') ~ '\S' and kind <> 'dense' then
            legs := legs || row('keyword' || suffix, 'keyword', words, null, weight * request.keyword_weight,
                                null, weights)::pgretrieve.leg;
        end if;
    end loop;
    return legs;
end;
$$;
comment on function pgretrieve._search_legs is 'The legs of a search of several queries.';
