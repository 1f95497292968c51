-- field_frequent_postings: frequent_postings, of a collection with fields: in the lists of each field, added up as in
--   field_frequencies.
    list as materialized (
        select term.lexeme, pgretrieve._field_list(s.field, term.lexeme) collate "C" as name, s.base, s.length_slope
          from term, @schema@.field_scales((query).field_weights) as s
    ),
    block as materialized (
        select list.name, p.segment, p.block, p.chunk_ids[1] as first, p.chunk_ids[cardinality(p.chunk_ids)] as last
          from list join @schema@.posting as p on p.lexeme = list.name
    ),
    posting as (
        select c.chunk_id, p.codes[array_position(p.chunk_ids, c.chunk_id)] as code, p.lexeme as name
          from candidate as c
          join block as b on c.chunk_id between b.first and b.last
          join @schema@.posting as p on p.lexeme = b.name and p.segment = b.segment and p.block = b.block
         union all
        select d.chunk_id, d.code, d.lexeme
          from list join @schema@.delta as d on d.lexeme = list.name and d.code > 0
         where d.chunk_id = any (candidates)
    ),
    found as (
        select f.chunk_id, 65536 as code, term.weight, @k1@::double precision / f.frequency as saturation,
               0::double precision as length_slope
          from (select posting.chunk_id, list.lexeme,
                       sum((posting.code >> 16) / (list.base + list.length_slope * (posting.code & 65535))
                           + 1572864::double precision - 1572864::double precision) as frequency
                  from posting join list on list.name = posting.name
                 where posting.code is not null
                 group by posting.chunk_id, list.lexeme) as f
          join term on term.lexeme = f.lexeme
    )
