-- set_synonyms: the synonyms of a collection, all of them, in place of those that there were.
--
-- synonyms  an object: each key a term, its value an array of synonyms. '{}' removes all. To change a few:
--           set_synonyms('docs', pgretrieve.synonyms('docs') || '{"car": ["automobile"]}'), or - 'car'.
-- They are applied to queries, so that they hold from the next search on and nothing is indexed anew. A query with the term
-- also finds its synonyms, not the other way round: give both directions where both are wanted.
-- Returns   how many terms have synonyms now. Errors: RT400 for a value that cannot be, RT404.
create or replace function pgretrieve.set_synonyms(collection text, synonyms jsonb)
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(set_synonyms.collection);
    problem text;
    stored  integer;
begin
    if jsonb_typeof(set_synonyms.synonyms) is distinct from 'object' then
        raise exception 'synonyms are %, not an object', coalesce(jsonb_typeof(set_synonyms.synonyms), 'null')
            using errcode = 'RT400', hint = 'For example {"car": ["automobile", "auto"]}.';
    end if;
    select quote_literal(s.key) || ' has ' || s.value into problem
      from jsonb_each(set_synonyms.synonyms) as s
     where case jsonb_typeof(s.value)
               when 'array' then jsonb_array_length(s.value) = 0
                   or exists (select from jsonb_array_elements(s.value) as e where jsonb_typeof(e.value) <> 'string')
               else true
           end
     limit 1;
    if problem is not null then
        raise exception 'synonyms are arrays of words, but %', problem
            using errcode = 'RT400', hint = 'For example {"car": ["automobile", "auto"]}; leave out a term without any.';
    end if;
    execute format('select %I.set_synonyms($1)', target.schema_name) into stored using set_synonyms.synonyms;
    perform pgretrieve._install_words(target);
    return stored;
end;
$$;
comment on function pgretrieve.set_synonyms(text, jsonb) is
    'Sets the synonyms of a collection, {"term": ["synonym", ...]}; they hold from the next search on.';
