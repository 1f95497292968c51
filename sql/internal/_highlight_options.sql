-- _highlight_options: the options of pgretrieve.highlight, checked, with defaults filled in.
--
-- start, stop     what stands around a match, at most 100 characters each; <b> and </b>.
-- max_fragments   most parts of a text that are shown, 1 to 20; 1.
-- max_characters  about how long each is, without start and stop, 20 to 10000; 200.
-- html            true: the text, not start and stop, is escaped, so that a snippet can stand in a page.
-- language        of the query, one of the collection's (pgretrieve._query_language); null: all of them.
create or replace function pgretrieve._highlight_options(options jsonb)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    known  constant jsonb := '{"start": "<b>", "stop": "</b>", "max_fragments": 1, "max_characters": 200, "html": true,
                               "language": null}';
    given  jsonb := coalesce(options, '{}');
    name   text;
    value  jsonb;
    proper boolean;
begin
    if jsonb_typeof(given) <> 'object' then
        raise exception 'options are %, not an object', jsonb_typeof(given)
            using errcode = 'RT400', hint = 'For example {"max_characters": 300}.';
    end if;
    for name, value in select * from jsonb_each(given) loop
        proper := case
            when name in ('start', 'stop') then jsonb_typeof(value) = 'string' and length(value #>> '{}') <= 100
            when name = 'max_fragments' then value::text ~ '^\d+$' and value between '1' and '20'
            when name = 'max_characters' then value::text ~ '^\d+$' and value between '20' and '10000'
            when name = 'language' then jsonb_typeof(value) = 'string'
            when name = 'html' then jsonb_typeof(value) = 'boolean'
        end;
        if proper is null then
            raise exception 'option % does not exist', quote_literal(name)
                using errcode = 'RT400',
                      hint = 'Options: ' || (select string_agg(o.key, ', ') from jsonb_object_keys(known) as o (key)) || '.';
        elsif not proper then
            raise exception 'option % cannot be %', quote_literal(name), value
                using errcode = 'RT400',
                      hint = case name
                          when 'max_fragments' then 'Give a whole number from 1 to 20.'
                          when 'max_characters' then 'Give a whole number from 20 to 10000.'
                          when 'html' then 'Give true or false.'
                          when 'language' then 'Give a language of the collection, such as "german".'
                          else 'Give text of at most 100 characters.'
                      end;
        end if;
    end loop;
    return known || given;
end;
$$;
comment on function pgretrieve._highlight_options(jsonb) is 'The options of pgretrieve.highlight, checked, with defaults.';
