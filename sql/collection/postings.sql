-- postings: the part of a statement that reads the lists of the terms in CTE term: chunk_id, code, weight, saturation,
--   length_slope, for the words of `query` and, where the collection has some, for synonyms.
--
-- unnest stands in the select list on purpose: in FROM it would go through a tuple store, two to three times slower.
            select unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code,
                   term.weight, term.saturation, term.length_slope
              from term join @schema@.posting as p on p.lexeme = term.lexeme
             union all
            select d.chunk_id, d.code, term.weight, term.saturation, term.length_slope
              from term join @schema@.delta as d on d.lexeme = term.lexeme and d.code > 0
             @synonym_leg@
