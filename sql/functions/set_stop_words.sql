-- set_stop_words: words that queries leave out besides the language's own, all of them, in place of those that there were.
--
-- They are applied to queries, so that they hold from the next search on and nothing is indexed anew. All forms of a word
-- that the analyser takes for one go together. An empty array removes all.
-- Returns   how many there are now. Errors: RT400 for a word that cannot be, RT404.
create or replace function pgretrieve.set_stop_words(collection text, words text[])
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(set_stop_words.collection);
    stored integer;
begin
    if words is null or exists (select from unnest(words) as w (word) where w.word is null or w.word !~ '\S') then
        raise exception 'stop words are %, not an array of words', quote_nullable(words::text)
            using errcode = 'RT400', hint = 'For example array[''company'', ''report''].';
    end if;
    execute format('select %I.set_stop_words($1)', target.schema_name) into stored using words;
    perform pgretrieve._install_words(target);
    return stored;
end;
$$;
comment on function pgretrieve.set_stop_words(text, text[]) is
    'Sets the words that queries of a collection leave out; they hold from the next search on.';
