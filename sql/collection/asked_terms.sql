-- asked_terms: the part of a statement that looks the terms of a query of plain words up: CTE asked, all of them, term, those of
--   weighted_terms.sql, and possible, what possible_score.sql gives; for which they would be looked up a second time.
    asked as materialized (
        select w.*
          from (select array_agg(t.lexeme) as lexemes, array_agg(t.frequency) as frequencies
                  from @schema@.query_terms((query).text, (query).language) as t) as given,
               lateral @schema@.term_weights(given.lexemes, given.frequencies) as w
    ),
    term as materialized (
        select a.* from asked as a where a.df > 0 order by a.df, a.lexeme collate "C" limit 64
    ),
    possible as (
        select greatest(coalesce(sum(a.weight), 0), 0.01) as weight,
               coalesce(avg(case when a.df = 0 then 1::double precision else 0 end), 0) as unknown_share
          from asked as a
    )
