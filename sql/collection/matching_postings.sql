-- matching_postings: postings, for bm25_matching: with the bits that each term brings.
                select unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code,
                       term.weight, term.saturation, term.length_slope, term.required, term.held
                  from term join @schema@.posting as p on p.lexeme = term.lexeme
                 union all
                select d.chunk_id, d.code, term.weight, term.saturation, term.length_slope, term.required, term.held
                  from term join @schema@.delta as d on d.lexeme = term.lexeme and d.code > 0
