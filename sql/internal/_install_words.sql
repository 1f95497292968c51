-- _install_words: puts those functions of a collection in place anew that know whether there are synonyms and stop words.
--   Replaced, not dropped, so that searches underway go on.
create or replace function pgretrieve._install_words(collection pgretrieve.collection)
    returns void
    language plpgsql
    set search_path from current
    set client_min_messages = warning
as $$
begin
    execute pgretrieve._render('query_terms', collection);
    execute pgretrieve._render('bm25', collection);
    execute pgretrieve._render('bm25_marked', collection);
    execute pgretrieve._render('bm25_best', collection);
    execute pgretrieve._render('bm25_among', collection);
    execute pgretrieve._render('search_words_rated', collection);
    execute pgretrieve._render('search_hybrid', collection);
end;
$$;
comment on function pgretrieve._install_words(pgretrieve.collection) is
    'Puts the functions of a collection in place that know of its synonyms and stop words.';
