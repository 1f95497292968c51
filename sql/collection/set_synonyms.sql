-- set_synonyms: the writing half of pgretrieve.set_synonyms, which has checked the object.
create or replace function @schema@.set_synonyms(synonyms jsonb)
    returns integer
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    problem text;
    stored  integer;
begin
    lock table @schema@.synonym in share row exclusive mode;  -- one writer of synonyms or stop words at a time
    delete from @schema@.synonym;
    insert into @schema@.synonym (term, synonyms, lexemes, alternatives)
    select given.key, given.words, given.lexemes,
           -- a term of one word is one of the alternatives; each set of words once, or it would count twice
           (select coalesce(jsonb_agg(distinct to_jsonb(a.lexemes)), '[]')
              from (select given.lexemes as lexemes where cardinality(given.lexemes) = 1
                     union
                    select tsvector_to_array(@schema@.analyse(w.word)) from unnest(given.words) as w (word)) as a
             where cardinality(a.lexemes) > 0)
      from (select s.key, tsvector_to_array(@schema@.analyse(s.key)) as lexemes,
                   array(select jsonb_array_elements_text(s.value)) as words
              from jsonb_each(set_synonyms.synonyms) as s) as given;
    get diagnostics stored = row_count;

    select quote_literal(y.term) into problem from @schema@.synonym as y where y.lexemes = '{}' limit 1;
    if problem is not null then
        raise exception 'the term % has no word that the collection indexes', problem
            using errcode = 'RT400', hint = 'Stop words of the language have no synonyms. Nothing was changed.';
    end if;
    select format('%s and %s', quote_literal(min(y.term)), quote_literal(max(y.term))) into problem
      from @schema@.synonym as y group by y.lexemes having count(*) > 1 limit 1;
    if problem is not null then
        raise exception 'the terms % are the same word to the collection''s analyser', problem
            using errcode = 'RT400', hint = 'Give them as one term with the synonyms of both. Nothing was changed.';
    end if;
    return stored;
end;
$$;
comment on function @schema@.set_synonyms(jsonb) is 'Writes the synonyms; called by pgretrieve.set_synonyms.';
