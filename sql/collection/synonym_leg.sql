-- synonym_leg: the part of postings of a collection that has synonyms.
             union all
            select s.chunk_id, s.code, s.weight, s.saturation, s.length_slope
              from @schema@.synonym_postings(query) as s
