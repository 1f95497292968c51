-- term_postings: the part of term_scores that reads the lists of the terms in CTE term.
            select p.chunk_id, p.code, (p.code >> 16)::double precision as frequency, null::jsonb as fields,
                   term.lexeme, term.query_frequency, term.factor, term.weight, term.saturation, term.length_slope
              from term,
                   lateral (select unnest(b.chunk_ids) as chunk_id, unnest(b.codes) as code
                              from @schema@.posting as b where b.lexeme = term.lexeme
                             union all
                            select d.chunk_id, d.code from @schema@.delta as d
                             where d.lexeme = term.lexeme and d.code > 0) as p
