-- _in_languages: an expression that handles a text (content) by its language, as part of a template.
--
-- what  'prepared' or 'analysed'. Without further languages the expression is that of the collection's own, as it stands.
create or replace function pgretrieve._in_languages(what text, collection pgretrieve.collection)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
    select coalesce('case language ' || string_agg(
                        format(case what when 'prepared' then 'when %1$L then %3$s'
                                         else 'when %1$L then to_tsvector(%2$L::regconfig, %3$s)' end,
                               l.language, pgretrieve._parser(l.language),
                               pgretrieve._preparation(l.language, collection.fold_accents, collection.normalise_numbers)),
                        ' ') || ' else ', '')
           || format(case what when 'prepared' then '%I.prepared(content)' else '%I.analyse(content)' end,
                     collection.schema_name)
           || case when count(*) > 0 then ' end' else '' end
      from unnest(collection.languages) as l (language));
end;
$$;
comment on function pgretrieve._in_languages(text, pgretrieve.collection) is
    'An expression that handles a text by its language, as part of a template.';
