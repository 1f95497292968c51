-- _has_words: whether a collection has synonyms, and whether it has any of synonyms and stop words.
create or replace function pgretrieve._has_words(schema_name name)
    returns table (synonyms boolean, words boolean)
    language plpgsql stable
    rows 1
    set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass(format('%I.synonym', schema_name)) is null then  -- a collection that is being created
        return query select false, false;
        return;
    end if;
    return query execute format(
        'select s.found, s.found or exists (select from %1$I.stop_word)
           from (select exists (select from %1$I.synonym) as found) as s', schema_name);
end;
$$;
comment on function pgretrieve._has_words(name) is 'Whether a collection has synonyms, and synonyms or stop words.';
