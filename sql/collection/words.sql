-- words: the part of query_terms of a collection that has stop words or synonyms.
     where term.lexeme <> all (array(select unnest(s.lexemes) from @schema@.stop_word as s))
       and not exists (select from @schema@.synonym as y
                        where y.lexemes[1] = term.lexeme and cardinality(y.lexemes) = 1)
