-- asked_languages: the languages that a query is analysed in, as analyse_in takes them: the one that it names, or all of the
--   collection's.
create or replace function @schema@.asked_languages(language text)
    returns text[]
    language sql immutable parallel safe
    return case when asked_languages.language is null then null::text || @languages@
                else array[asked_languages.language] end;
comment on function @schema@.asked_languages(text) is 'The languages that a query is analysed in.';
