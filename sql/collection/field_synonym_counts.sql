-- field_synonym_counts: synonym_counts, of a collection with fields: a term and its synonyms are counted in each field, and the
--   fields added up as in field_frequencies. What stands in a field of weight 0 alone counts for the document frequency.
    occurrence as (
        select w.term, w.within, w.number, w.words, w.field, unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code
          from (select word.*, f.field, pgretrieve._field_list(f.field, word.lexeme) as list
                  from word, jsonb_object_keys(@fields@) as f (field)
                 where word.within in ('', f.field)) as w
          join @schema@.posting as p on p.lexeme = w.list
         union all
        select w.term, w.within, w.number, w.words, w.field, d.chunk_id, d.code
          from (select word.*, f.field, pgretrieve._field_list(f.field, word.lexeme) as list
                  from word, jsonb_object_keys(@fields@) as f (field)
                 where word.within in ('', f.field)) as w
          join @schema@.delta as d on d.lexeme = w.list and d.code > 0
    ),
    alternative as (
        select o.term, o.within, o.field, o.chunk_id, min(o.code >> 16) as frequency, max(o.code & 65535) as length
          from occurrence as o
         group by o.term, o.within, o.number, o.words, o.field, o.chunk_id
        having count(*) = o.words
    ),
    counted as (
        select a.term, a.within, a.chunk_id,
               sum(case when s.weight is null then 0
                        else a.frequency / (s.base + s.length_slope * a.length)
                             + 1572864::double precision - 1572864::double precision end) as frequency
          from alternative as a
          left join @schema@.field_scales((query).field_weights) as s on s.field = a.field
         where a.chunk_id not in (select removed.chunk_id from removed)
         group by a.term, a.within, a.chunk_id
    ),
    merged as materialized (
        select counted.term, counted.within, counted.chunk_id, counted.frequency, 65536 as code,
               @k1@::double precision / nullif(counted.frequency, 0) as saturation, 0::double precision as length_slope
          from counted
    )
