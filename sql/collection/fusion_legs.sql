-- fusion_legs: what the methods of fusion know of each leg, as CTE leg, from leg_hit and scored (fusion.sql).
--
-- Deviations are null where all scores are equal: rounding would make them next to nothing, and divide by that.
    leg as materialized (
        select l.name as leg, case l.name when 'dense' then request.dense_weight else request.keyword_weight end as weight,
               list.highest, list.mean as list_mean, list.deviation as list_deviation,
               case l.name when 'dense' then background.mean else 0 end as lowest,
               case l.name when 'dense' then background.mean else matching.mean end as mean,
               case l.name when 'dense' then background.deviation else matching.deviation end as deviation
          from (values ('dense'), ('keyword')) as l (name)
          left join (select h.leg, max(h.score) as highest, avg(h.score) as mean,
                            case when max(h.score) > min(h.score) then stddev_pop(h.score) end as deviation
                       from leg_hit as h where request.completes group by h.leg) as list on list.leg = l.name
          left join @schema@.similarity_scale(request.fusion, query_embedding) as background on true
          left join (select avg(s.score) as mean,
                            case when max(s.score) > min(s.score) then stddev_pop(s.score) end as deviation
                       from scored as s
                      where request.fusion = 'zscore') as matching on true
    )
