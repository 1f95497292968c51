-- frequent_postings: the part of bm25_top that looks up candidates in the lists of the terms in CTE term: the CTE found
--   (chunk_id, code, weight, saturation, length_slope).
    block as materialized (
        select term.lexeme, p.segment, p.block, p.chunk_ids[1] as first, p.chunk_ids[cardinality(p.chunk_ids)] as last
          from term join @schema@.posting as p on p.lexeme = term.lexeme
    ),
    posting as (
        select c.chunk_id, p.codes[array_position(p.chunk_ids, c.chunk_id)] as code, p.lexeme
          from candidate as c
          join block as b on c.chunk_id between b.first and b.last
          join @schema@.posting as p on p.lexeme = b.lexeme and p.segment = b.segment and p.block = b.block
         union all
        select d.chunk_id, d.code, d.lexeme
          from term join @schema@.delta as d on d.lexeme = term.lexeme and d.code > 0
         where d.chunk_id = any (candidates)
    ),
    found as (
        select posting.chunk_id, posting.code, term.weight, term.saturation, term.length_slope
          from posting join term on term.lexeme = posting.lexeme
         where posting.code is not null
    )
