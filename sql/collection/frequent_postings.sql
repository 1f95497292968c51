-- frequent_postings: the part of a statement that looks chunks up in the lists of the terms in CTE term (lexeme, weight,
--   saturation, length_slope): the CTE found (chunk_id, code and the columns of term). candidates: an array of chunk ids, in
--   their order.
--
-- Each block takes the candidates between its first and last id, and finds them among its sorted ids by halving: width_bucket
-- is PostgreSQL's binary search. That costs about a microsecond a block and a quarter of one a candidate. The array comes from a
-- CTE because a variable of PL/pgSQL would be copied at each use.
    candidate as materialized (
        select candidates as ids
    ),
    near as (
        select unnest(c.ids[width_bucket(p.chunk_ids[1] - 1, c.ids) + 1
                            : width_bucket(p.chunk_ids[cardinality(p.chunk_ids)], c.ids)]) as chunk_id,
               p.chunk_ids, p.codes, term.weight, term.saturation, term.length_slope
          from candidate as c, term join @schema@.posting as p on p.lexeme = term.lexeme
    ),
    found as (
        select near.chunk_id, near.codes[width_bucket(near.chunk_id, near.chunk_ids)] as code,
               near.weight, near.saturation, near.length_slope
          from near
         where near.chunk_ids[width_bucket(near.chunk_id, near.chunk_ids)] = near.chunk_id
         union all
        select d.chunk_id, d.code, term.weight, term.saturation, term.length_slope
          from candidate as c, term join @schema@.delta as d on d.lexeme = term.lexeme and d.code > 0
         where c.ids[width_bucket(d.chunk_id, c.ids)] = d.chunk_id
    )
