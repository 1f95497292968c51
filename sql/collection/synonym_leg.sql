-- synonym_leg: the part of bm25 of a collection that has synonyms.
             union all
            select s.chunk_id, s.code, s.weight, s.saturation, s.length_slope
              from @schema@.synonym_postings(bm25.query) as s
