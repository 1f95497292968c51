-- field_held_postings: held_postings, of a collection with fields; see field_postings.sql. Where a chunk lies is lost as the lists
--   of its fields are added up, so bitmaps are not asked.
            select f.chunk_id, 65536 as code, given.weights[f.number] as weight,
                   @k1@::double precision / f.frequency as saturation, 0::double precision as length_slope, false as known
              from (select array_agg(term.lexeme) as lexemes, array_agg(term.weight) as weights from term) as given,
                   lateral @schema@.field_frequencies(given.lexemes, (query).field_weights) as f
