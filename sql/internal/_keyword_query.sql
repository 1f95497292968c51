-- _keyword_query: what the keyword leg is asked, of a query and options that pgretrieve._search_options has checked.
create or replace function pgretrieve._keyword_query(query text, options jsonb, collection pgretrieve.collection)
    returns pgretrieve.keyword_query
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    asked pgretrieve.keyword_query;
begin
    asked.text := query;
    if options -> 'language' <> 'null' then
        asked.language := pgretrieve._query_language(options ->> 'language', collection);
    end if;
    asked.min_match := nullif(options -> 'min_match', 'null');
    if options -> 'fields' <> 'null' then
        asked.field_weights := pgretrieve._query_fields(options -> 'fields', collection);
    end if;
    return asked;
end;
$$;
comment on function pgretrieve._keyword_query(text, jsonb, pgretrieve.collection) is
    'What the keyword leg is asked, of a query and its options.';
