-- query_synonyms: the terms with synonyms that a query calls for.
--
-- lexeme       of a term of one word, which its alternatives then stand for; null for a term of several words.
-- frequency    how often the term stands in the query.
-- alternatives arrays of lexemes, each of which says the same; of a term of one word it is one of them.
create or replace function @schema@.query_synonyms(query text)
    returns table (term text, lexeme text, frequency integer, alternatives jsonb)
    language sql stable parallel safe rows 2
begin atomic
    select y.term, case cardinality(y.lexemes) when 1 then asked.lexeme end,
           case cardinality(y.lexemes) when 1 then cardinality(asked.positions) else 1 end, y.alternatives
      from unnest(@schema@.analyse(query_synonyms.query)) as asked (lexeme, positions, weights)
      join @schema@.synonym as y on y.lexemes[1] = asked.lexeme
     where y.lexemes <@ tsvector_to_array(@schema@.analyse(query_synonyms.query))
       and not exists (select from @schema@.stop_word as s where asked.lexeme = any (s.lexemes));
end;
comment on function @schema@.query_synonyms(text) is 'The terms with synonyms that a query calls for.';
