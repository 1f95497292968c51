-- synonyms: the synonyms of a collection, {"term": ["synonym", ...], ...}, as set_synonyms takes them.
create or replace function pgretrieve.synonyms(collection text)
    returns jsonb
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(synonyms.collection);
    stored jsonb;
begin
    execute format('select coalesce(jsonb_object_agg(y.term, y.synonyms), ''{}'') from %I.synonym as y', target.schema_name)
        into stored;
    return stored;
end;
$$;
comment on function pgretrieve.synonyms(text) is 'The synonyms of a collection, by term.';
