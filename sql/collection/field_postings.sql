-- field_postings: postings, of a collection with fields. What BM25F makes of a term in a chunk comes as one posting of
--   frequency 1, whose saturation is k1 over the frequency that it stands for: the same share, by the same expression.
            select f.chunk_id, 65536 as code, given.weights[f.number] as weight,
                   @k1@::double precision / f.frequency as saturation, 0::double precision as length_slope
              from (select array_agg(term.lexeme) as lexemes, array_agg(term.weight) as weights from term) as given,
                   lateral @schema@.field_frequencies(given.lexemes, (query).field_weights) as f
             @synonym_leg@
