-- field_term_postings: term_postings, of a collection with fields: as in field_postings, with what each field has a part in.
            select f.chunk_id, 65536 as code, f.frequency, f.fields, f.lexeme, term.query_frequency, term.factor, term.weight,
                   @k1@::double precision / f.frequency as saturation, 0::double precision as length_slope
              from (select p.chunk_id, p.lexeme, sum(p.share) as frequency,
                           jsonb_object_agg(p.field, jsonb_build_object('tf', p.code >> 16, 'length', p.code & 65535,
                                                                        'weight', p.weight, 'share', p.share)) as fields
                      from (select o.chunk_id, o.code, list.lexeme, list.field, list.weight,
                                   (o.code >> 16) / (list.base + list.length_slope * (o.code & 65535))
                                       + 1572864::double precision - 1572864::double precision as share
                              from (select term.lexeme, s.*,
                                           case when pgretrieve._is_field_list(term.lexeme) then term.lexeme
                                                else pgretrieve._field_list(s.field, term.lexeme) end as name
                                      from term, @schema@.field_scales((term_scores.query).field_weights) as s
                                     where not pgretrieve._is_field_list(term.lexeme)
                                        or split_part(term.lexeme, E'\x1f', 2) = s.field) as list,
                                   lateral (select unnest(b.chunk_ids) as chunk_id, unnest(b.codes) as code
                                              from @schema@.posting as b where b.lexeme = list.name
                                             union all
                                            select d.chunk_id, d.code from @schema@.delta as d
                                             where d.lexeme = list.name and d.code > 0) as o
                             where o.chunk_id = any (term_scores.chunk_ids)) as p
                     group by p.chunk_id, p.lexeme) as f
              join term on term.lexeme = f.lexeme
