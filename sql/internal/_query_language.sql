-- _query_language: the language that a query says it is in, as documents name theirs; null if it says none. Error RT400 if it is
--   none of the collection's.
create or replace function pgretrieve._query_language(language text, collection pgretrieve.collection)
    returns text
    language plpgsql stable
    set search_path from current
as $$
declare
    languages constant text[] := collection.text_config || collection.languages;
    known     text := language;
begin
    if language is null or language = any (languages) then
        return language;
    end if;
    begin
        known := pgretrieve._language(language);  -- another name for one of them, such as chinese
    exception when sqlstate 'RT400' then
        null;
    end;
    if known = any (languages) then
        return known;
    end if;
    raise exception 'collection % has no language %', quote_literal(collection.name), quote_literal(language)
        using errcode = 'RT400',
              hint = format('Its languages: %s. Leave option language out to try them all.', array_to_string(languages, ', '));
end;
$$;
comment on function pgretrieve._query_language(text, pgretrieve.collection) is
    'The language that a query says it is in, or error RT400.';
