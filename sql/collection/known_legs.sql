-- known_legs: what the methods of fusion know of each candidate and of each leg, however many legs there are. Goes on from
--   the CTEs leg_query (number, name, kind, field, query, query_embedding, weight), leg_hit (number, chunk_id, score,
--   rank: the lists) and candidate (chunk_id: among them the first 20 of each list). Gives known (number, chunk_id, rank,
--   score) and leg, whose columns are those of fusion_legs.sql.
--
-- As there, all methods but 'rrf' know the exact score of a candidate in a leg that did not list it.
    looked_up as materialized (
        select l.number, s.chunk_id, s.score
          from (select array_agg(c.chunk_id) as ids from candidate as c) as found, leg_query as l,
               lateral (select w.chunk_id, w.score
                          from @schema@.scored(l.query, case when request.fusion <> 'zscore' then 0 end, found.ids) as w
                         where l.kind = 'keyword'
                         union all
                        select f.chunk_id, f.score
                          from @schema@.field_scores(l.field, l.query_embedding, found.ids) as f
                         where l.field is not null) as s
         where request.completes and (l.kind = 'keyword' or l.field is not null)
    ),
    known as materialized (
        select l.number, c.chunk_id, h.rank,
               case when h.chunk_id is not null or not request.completes then h.score
                    when l.kind = 'keyword' or l.field is not null then s.score
                    else (select @score@
                            from (select e.embedding @operator@ @query@ as distance
                                    from @schema@.embedding as e where e.chunk_id = c.chunk_id) as near)
               end as score
          from leg_query as l
         cross join candidate as c
          left join leg_hit as h on h.number = l.number and h.chunk_id = c.chunk_id
          left join looked_up as s on s.number = l.number and s.chunk_id = c.chunk_id
    ),
    -- gap: of a keyword leg, beside the dense leg of the same query
    head as materialized (
        select w.number,
               greatest(0, avg(n.score + 1572864 - 1572864) filter (where n.rank <= first.hits)
                           - avg(n.score + 1572864 - 1572864) filter (where h.rank <= 20)) as gap
          from leg_query as w
          join leg_query as d on d.name = replace(w.name, 'keyword', 'dense')
          join known as n on n.number = d.number
          left join leg_hit as h on h.number = w.number and h.chunk_id = n.chunk_id,
               lateral (select least(20, count(*)) as hits from leg_hit as own where own.number = w.number) as first
         where w.kind = 'keyword' and request.fusion = 'blend'
         group by w.number
    ),
    leg as materialized (
        select l.number, l.kind as leg, l.weight, list.highest, list.mean as list_mean, list.deviation as list_deviation,
               case l.kind when 'dense' then background.mean else 0 end as lowest,
               case l.kind when 'dense' then background.mean else matching.mean end as mean,
               case l.kind when 'dense' then background.deviation else matching.deviation end as deviation,
               head.gap / coalesce(background.deviation, 1) as gap,
               case l.kind when 'keyword' then greatest(0, 0.6::double precision - list.first / 20 / list.highest) end as prominence
          from leg_query as l
          left join (select h.number, max(h.score) as highest, avg(h.score) as mean, sum(h.score) filter (where h.rank <= 20) as first,
                            case when max(h.score) > min(h.score) then stddev_pop(h.score) end as deviation
                       from leg_hit as h where request.completes group by h.number) as list on list.number = l.number
          left join lateral @schema@.similarity_scale(request.fusion, l.query_embedding) as background
            on l.kind = 'dense' or request.fusion = 'blend'
          left join (select s.number, avg(s.score) as mean,
                            case when max(s.score) > min(s.score) then stddev_pop(s.score) end as deviation
                       from looked_up as s
                      where request.fusion = 'zscore'
                      group by s.number) as matching on matching.number = l.number
          left join head on head.number = l.number
    )
