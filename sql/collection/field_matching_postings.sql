-- field_matching_postings: matching_postings, of a collection with fields; see field_postings.sql.
                select f.chunk_id, 65536 as code, given.weights[f.number] as weight,
                       @k1@::double precision / f.frequency as saturation, 0::double precision as length_slope,
                       given.required[f.number] as required, (given.held[f.number])::bit varying as held
                  from (select array_agg(term.lexeme) as lexemes, array_agg(term.weight) as weights,
                               array_agg(term.required) as required, array_agg(term.held) as held
                          from term) as given,
                       lateral @schema@.field_frequencies(given.lexemes, (query).field_weights) as f
