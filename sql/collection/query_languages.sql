-- query_languages: the part of query_terms of a collection with several languages: a query is of the one that it names, else
--   of all of them, and a term that several give counts once.
(select distinct on (each_term.lexeme) each_term.lexeme, each_term.positions
         from unnest(@schema@.asked_languages(query_terms.language)) as l (language),
              unnest(@schema@.analyse_in(query_terms.words, l.language)) as each_term (lexeme, positions, weights)
        order by each_term.lexeme, cardinality(each_term.positions) desc)
