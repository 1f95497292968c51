-- count_matches: how many documents and chunks hold any word of a query and pass a filter. Exact.
--
-- query     null or blank: all that pass the filter.
-- options   those of pgretrieve.search; language, min_match and fields say something here.
-- Meaning has no number of matches: every vector is more or less near. A hybrid search finds these and others.
-- Errors    RT400 for bad options, RT404 for an unknown collection, RT420 for a filter that is not understood.
create or replace function pgretrieve.count_matches(
    collection text,
    query      text default null,
    filter     jsonb default null,
    options    jsonb default '{}'
)
    returns table (documents bigint, chunks bigint)
    language plpgsql stable
    rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(count_matches.collection);
begin
    return query execute format('select * from %I.count_matches($1, $2)', target.schema_name)
        using pgretrieve._keyword_query(count_matches.query, pgretrieve._search_options(count_matches.options, 1), target),
              pgretrieve._filtered_chunks(target, count_matches.filter);
end;
$$;
comment on function pgretrieve.count_matches is 'How many documents and chunks hold any word of a query and pass a filter.';
