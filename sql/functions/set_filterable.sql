-- set_filterable: the metadata keys whose values an index orders, all of them, in place of those that there were, so that
--   $gt, $gte, $lt, $lte and $startsWith need not read all documents. Equality needs no such index.
--
-- keys      {"year": "number", "author.born": "text"}; type 'text' for strings and for dates. An empty object removes all.
--           A document with a value of another type is stored and found as without the index.
-- Writers wait while an index is built, about half a second for 100,000 documents.
-- Returns   how many there are now. Errors: RT400 for a key or type that cannot be, RT404.
create or replace function pgretrieve.set_filterable(collection text, keys jsonb)
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(set_filterable.collection);
    had    jsonb;
    wrong  record;
    key    text;
    type   text;
    index_name name;
begin
    if jsonb_typeof(set_filterable.keys) is distinct from 'object' then
        raise exception 'filterable keys are %, not an object', coalesce(jsonb_typeof(set_filterable.keys), 'null')
            using errcode = 'RT400', hint = 'For example {"year": "number", "day": "text"}.';
    end if;
    select k.key, k.value into wrong
      from jsonb_each(set_filterable.keys) as k
     where k.value not in ('"number"', '"text"') or k.key !~ '^[^$.][^.]*(\.[^$.][^.]*)*$' or length(k.key) > 200
     limit 1;
    if found then
        raise exception 'key % cannot be filterable as %', quote_literal(left(wrong.key, 200)), wrong.value
            using errcode = 'RT400',
                  hint = 'A key is as in filters, with dots for nested ones, and its type "number" or "text"; dates are text.';
    end if;
    if (select count(*) from jsonb_object_keys(set_filterable.keys)) > 32 then
        raise exception '% filterable keys are too many', (select count(*) from jsonb_object_keys(set_filterable.keys))
            using errcode = 'RT400', hint = 'Give at most 32: each is an index that every write has to keep.';
    end if;
    -- one at a time, and not beside set_synonyms and set_stop_words: all install functions anew
    execute format('lock table %I.synonym in share row exclusive mode', target.schema_name);
    had := pgretrieve._filterable_keys(target.schema_name);
    for key, type in select k.key, k.value from jsonb_each_text(had || set_filterable.keys) as k loop
        if had ->> key is distinct from set_filterable.keys ->> key and had ? key then
            execute format('drop index %I.%I', target.schema_name,
                           'document_filter_' || left(md5((had ->> key) || ' ' || key), 12));
        end if;
        if had ->> key is distinct from set_filterable.keys ->> key and set_filterable.keys ? key then
            index_name := 'document_filter_' || left(md5(type || ' ' || key), 12);
            execute format('create index %I on %I.document (%s)', index_name, target.schema_name,
                           pgretrieve._filterable_expression(key, type));
            execute format('comment on index %I.%I is %L', target.schema_name, index_name,
                           jsonb_build_object('key', key, 'type', type));
        end if;
    end loop;
    if had <> set_filterable.keys then
        execute format('analyze %I.document', target.schema_name);
        execute pgretrieve._render('passing', target);
    end if;
    return (select count(*) from jsonb_object_keys(set_filterable.keys));
end;
$$;
comment on function pgretrieve.set_filterable(text, jsonb) is
    'Sets the metadata keys whose values an index orders, for filters that compare.';
