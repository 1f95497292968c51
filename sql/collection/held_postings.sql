-- held_postings: as postings, of the terms in CTE term, without synonyms; known: the chunk is one of segment `indexed`, whose
--   bitmaps tell what it holds.
            select unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code,
                   term.weight, term.saturation, term.length_slope, p.segment = indexed as known
              from term join @schema@.posting as p on p.lexeme = term.lexeme
             union all
            select d.chunk_id, d.code, term.weight, term.saturation, term.length_slope, false
              from term join @schema@.delta as d on d.lexeme = term.lexeme and d.code > 0
