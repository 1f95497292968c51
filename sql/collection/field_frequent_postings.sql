-- field_frequent_postings: frequent_postings, of a collection with fields: in the lists of each field, added up as in
--   field_frequencies.
    list as materialized (
        select term.lexeme, term.weight, pgretrieve._field_list(s.field, term.lexeme) collate "C" as name, s.base, s.length_slope
          from term, @schema@.field_scales((query).field_weights) as s
    ),
    candidate as materialized (
        select candidates as ids
    ),
    near as (
        select unnest(c.ids[width_bucket(p.chunk_ids[1] - 1, c.ids) + 1
                            : width_bucket(p.chunk_ids[cardinality(p.chunk_ids)], c.ids)]) as chunk_id,
               p.chunk_ids, p.codes, list.lexeme, list.weight, list.base, list.length_slope
          from candidate as c, list join @schema@.posting as p on p.lexeme = list.name
    ),
    posting as (
        select near.chunk_id, near.codes[width_bucket(near.chunk_id, near.chunk_ids)] as code,
               near.lexeme, near.weight, near.base, near.length_slope
          from near
         where near.chunk_ids[width_bucket(near.chunk_id, near.chunk_ids)] = near.chunk_id
         union all
        select d.chunk_id, d.code, list.lexeme, list.weight, list.base, list.length_slope
          from candidate as c, list join @schema@.delta as d on d.lexeme = list.name and d.code > 0
         where c.ids[width_bucket(d.chunk_id, c.ids)] = d.chunk_id
    ),
    found as (
        select posting.chunk_id, 65536 as code, posting.weight,
               @k1@::double precision
               / sum((posting.code >> 16) / (posting.base + posting.length_slope * (posting.code & 65535))
                     + 1572864::double precision - 1572864::double precision) as saturation,
               0::double precision as length_slope
          from posting
         group by posting.chunk_id, posting.lexeme, posting.weight
    )
