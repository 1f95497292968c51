-- fusion_legs: what the methods of fusion know of each leg, as CTE leg, from leg_hit, pair and scored (fused.sql).
--
-- gap   of the keyword leg: how much nearer to the query the first 20 of the dense leg are, on average, than its own first 20,
--       or than as many as it has; in deviations, never below 0. Null where there is nothing to compare.
-- prominence   of the keyword leg: by how much the mean of its first 20 scores, as a share of the best, is below 0.6; never below 0.
--       Where it has fewer, the others count as 0.
-- Deviations are null where all scores are equal: rounding would make them next to nothing, and divide by that.
    leg as materialized (
        select l.name as leg, case l.name when 'dense' then request.dense_weight else request.keyword_weight end as weight,
               list.highest, list.mean as list_mean, list.deviation as list_deviation,
               case l.name when 'dense' then background.mean else 0 end as lowest,
               case l.name when 'dense' then background.mean else matching.mean end as mean,
               case l.name when 'dense' then background.deviation else matching.deviation end as deviation,
               case l.name when 'keyword' then head.gap / coalesce(background.deviation, 1) end as gap,
               case l.name when 'keyword' then greatest(0, 0.6::double precision - list.first / 20 / list.highest) end as prominence
          from (values ('dense'), ('keyword')) as l (name)
          left join (select h.leg, max(h.score) as highest, avg(h.score) as mean, sum(h.score) filter (where h.rank <= 20) as first,
                            case when max(h.score) > min(h.score) then stddev_pop(h.score) end as deviation
                       from leg_hit as h where request.completes or request.hit_weights is not null group by h.leg) as list on list.leg = l.name
          -- alone, the dense leg is measured as blend does, whatever the method: it is of relevance then
          left join @schema@.similarity_scale(case request.mode when 'hybrid' then request.fusion when 'dense' then 'blend' end,
                                              query_embedding) as background on true
          left join (select avg(s.score) as mean,
                            case when max(s.score) > min(s.score) then stddev_pop(s.score) end as deviation
                       from scored as s
                      where request.fusion = 'zscore') as matching on true
          -- sums of multiples of 2^-32 are exact in any order (bm25.sql)
          left join (select greatest(0, avg(p.dense_score + 1572864 - 1572864)
                                            filter (where p.dense_rank <= (select least(20, count(*)) from keyword_hit))
                                        - avg(p.dense_score + 1572864 - 1572864) filter (where p.keyword_rank <= 20)) as gap
                       from pair as p
                      where request.fusion = 'blend') as head on true
    )
