-- set_stop_words: the writing half of pgretrieve.set_stop_words, which has checked the words. A word is one in each language of
--   the collection.
create or replace function @schema@.set_stop_words(words text[])
    returns integer
    language plpgsql
    set search_path from current
as $$
declare
    stored integer;
begin
    lock table @schema@.synonym in share row exclusive mode;  -- the same as set_synonyms: both install functions anew
    delete from @schema@.stop_word;
    insert into @schema@.stop_word (term, lexemes)
    select w.word, array(select distinct t.lexeme
                           from unnest(@schema@.asked_languages(null)) as l (language),
                                unnest(tsvector_to_array(@schema@.analyse_in(w.word, l.language))) as t (lexeme))
      from (select distinct u.word from unnest(set_stop_words.words) as u (word)) as w;
    get diagnostics stored = row_count;
    return stored;
end;
$$;
comment on function @schema@.set_stop_words(text[]) is 'Writes the stop words; called by pgretrieve.set_stop_words.';
