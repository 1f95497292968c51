-- synonym_counts: the part of synonym_postings that counts each term together with its synonyms: the CTE merged (term,
--   within, chunk_id, frequency, code, saturation, length_slope) of the CTEs word, removed and total.
    occurrence as (
        select w.term, w.within, w.number, w.words, unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code
          from word as w join @schema@.posting as p on p.lexeme = w.lexeme
         union all
        select w.term, w.within, w.number, w.words, d.chunk_id, d.code
          from word as w join @schema@.delta as d on d.lexeme = w.lexeme and d.code > 0
    ),
    alternative as (
        select o.term, o.within, o.chunk_id, min(o.code >> 16) as frequency, max(o.code & 65535) as length
          from occurrence as o
         group by o.term, o.within, o.number, o.words, o.chunk_id
        having count(*) = o.words
    ),
    counted as (
        select a.term, a.within, a.chunk_id, pgretrieve._code(sum(a.frequency)::integer, max(a.length)) as code
          from alternative as a
         where a.chunk_id not in (select removed.chunk_id from removed)
         group by a.term, a.within, a.chunk_id
    ),
    merged as materialized (
        select counted.term, counted.within, counted.chunk_id, (counted.code >> 16)::double precision as frequency, counted.code,
               @k1@::double precision * (1 - @b@::double precision) as saturation,
               @k1@::double precision * @b@::double precision / total.average_length as length_slope
          from counted, total
    )
