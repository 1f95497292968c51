-- _search_legs: the legs of a search of several queries: those of the search itself, if it has a query or an embedding, and
--   those of each member of option queries.
--
-- queries  strings, or objects with query, embedding (an array of numbers), weight (1), mode (that of the search), fields
--          (those of the search). A hybrid one without an embedding is a keyword leg, one without words a dense leg.
-- request  with query, embedding, mode, and weights of the search filled in.
-- Errors   RT400 for a member that searches for nothing, RT421 for an embedding that the collection cannot compare.
create or replace function pgretrieve._search_legs(
    collection pgretrieve.collection, queries jsonb, mode text, request pgretrieve.search_request
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
    words   text;
    vector  vector;
    weight  double precision;
begin
    for member, place in
        select null, 1
         union all
        select case jsonb_typeof(q.member) when 'string' then jsonb_build_object('query', q.member) else q.member end, q.place + 1
          from jsonb_array_elements(queries) with ordinality as q (member, place)
         order by 2
    loop
        if place = 1 then
            asked := request.query;
            words := (request.query).text;
            vector := request.embedding;
            kind := mode;
            weight := 1;
            suffix := '';
            continue when coalesce(words, '') !~ '\S' and vector is null;
        else
            whose := format('query %s of option ''queries''', place - 1);
            words := member ->> 'query';
            kind := coalesce(member ->> 'mode', mode);
            weight := pgretrieve._bounded(coalesce(member -> 'weight', '1')::numeric);
            asked := request.query;
            asked.text := words;
            if jsonb_typeof(member -> 'fields') in ('object', 'array') then
                asked.field_weights := pgretrieve._query_fields(member -> 'fields', collection);
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
            legs := legs || row('dense' || suffix, 'dense', asked, vector, weight * request.dense_weight,
                                null)::pgretrieve.leg;
        end if;
        if coalesce(words, '') ~ '\S' and kind <> 'dense' then
            legs := legs || row('keyword' || suffix, 'keyword', asked, null, weight * request.keyword_weight,
                                null)::pgretrieve.leg;
        end if;
    end loop;
    return legs;
end;
$$;
comment on function pgretrieve._search_legs is 'The legs of a search of several queries.';
