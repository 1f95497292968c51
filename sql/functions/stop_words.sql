-- stop_words: the words that queries of a collection leave out besides the language's own, in order.
create or replace function pgretrieve.stop_words(collection text)
    returns text[]
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(stop_words.collection);
    stored text[];
begin
    execute format('select coalesce(array_agg(s.term order by s.term collate "C"), ''{}'') from %I.stop_word as s',
                   target.schema_name)
        into stored;
    return stored;
end;
$$;
comment on function pgretrieve.stop_words(text) is 'The words that queries of a collection leave out.';
