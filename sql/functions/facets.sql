-- facets: for each key of the metadata its values, and how many documents of a stated set have them.
--
-- keys          such as '{team,author.name}'; dots go into nested objects. Each element of an array counts; a document
--               counts once for a value. Documents without the key are not counted.
-- query, embedding, mode, filter, options   as for pgretrieve.search; they say which set.
-- k             how many hits make the set where vectors take part, 1 to 10000.
-- max_values    most values of a key, the most frequent ones, 1 to 10000.
-- Returns       scope, the set: 'all documents', 'documents that pass the filter' (neither query nor embedding), 'documents
--               that match' (words alone: all that they find, exact), 'top 1000 hits' (with an embedding: the
--               documents of the first k hits, since there everything matches more or less). A filter holds in all of them.
--               Ordered by key as given, then count, then value.
-- Errors        RT400 for bad arguments, RT404 for an unknown collection.
create or replace function pgretrieve.facets(
    collection text,
    keys       text[],
    query      text default null,
    embedding  vector default null,
    k          integer default 1000,
    mode       text default 'hybrid',
    filter     jsonb default null,
    options    jsonb default '{}',
    max_values integer default 20
)
    returns table (key text, value jsonb, count bigint, scope text)
    language plpgsql stable
    rows 50
    set search_path from current
as $$
declare
    target    pgretrieve.collection := pgretrieve._find_collection(facets.collection);
    request   pgretrieve.search_request;
    chunk_ids bigint[];
    words     pgretrieve.keyword_query;
    set_name  text;
begin
    if facets.keys is null or cardinality(facets.keys) not between 1 and 100 then
        raise exception 'keys are %', coalesce(quote_literal(facets.keys::text), 'null')
            using errcode = 'RT400', hint = 'Give an array of 1 to 100 keys of the metadata.';
    end if;
    perform pgretrieve._facet_path(named.key) from unnest(facets.keys) as named (key);
    if facets.max_values is null or facets.max_values not between 1 and 10000 then
        raise exception 'max_values of % is not possible', coalesce(facets.max_values::text, 'null')
            using errcode = 'RT400', hint = 'Give 1 to 10000 values for each key.';
    end if;

    if coalesce(facets.query, '') !~ '\S' and facets.embedding is null
       and not coalesce(facets.options, '{}') ?| array['like', 'queries'] then
        chunk_ids := pgretrieve._filtered_chunks(target, facets.filter);
        set_name := case when chunk_ids is null then 'all documents' else 'documents that pass the filter' end;
    else
        request := pgretrieve._search_request(target, facets.query, facets.embedding, facets.k, facets.mode,
                                              facets.filter, null, facets.options);
        if request.mode = 'keyword' then
            chunk_ids := pgretrieve._filtered_chunks(target, facets.filter);
            words := request.query;
            set_name := 'documents that match';
        else
            select coalesce(array_agg(h.chunk_id), '{}') into chunk_ids
              from pgretrieve.search(facets.collection, facets.query, facets.embedding, facets.k, facets.mode,
                                     facets.filter, null, facets.options) as h;
            set_name := format('top %s hits', facets.k);
        end if;
    end if;
    return query execute format('select f.key, f.value, f.count, $5 from %I.facets($1, $2, $3, $4) as f',
                                target.schema_name)
        using facets.keys, chunk_ids, words, facets.max_values, set_name;
end;
$$;
comment on function pgretrieve.facets is 'Values of metadata keys, and how many documents of a stated set have them.';
