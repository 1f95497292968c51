-- known_legs: what the methods of fusion know of each candidate and of each leg, however many legs there are. Goes on from
--   the CTEs leg_query (number, kind, query, query_embedding, weight), leg_hit (number, chunk_id, score,
--   rank: the lists) and candidate (chunk_id). Gives known (number, chunk_id, rank, score) and leg, whose columns are those
--   of fusion_legs.sql.
--
-- As there, all methods but 'rrf' know the exact score of a candidate in a leg that did not list it.
    words as materialized (
        select l.number, s.chunk_id, s.score
          from (select array_agg(c.chunk_id) as ids from candidate as c) as found, leg_query as l,
               lateral @schema@.scored(l.query, case when request.fusion <> 'zscore' then 0 end, found.ids) as s
         where l.kind = 'keyword' and request.completes
    ),
    known as materialized (
        select l.number, c.chunk_id, h.rank,
               case when h.chunk_id is not null or not request.completes then h.score
                    when l.kind = 'keyword' then w.score
                    else (select @score@
                            from (select e.embedding @operator@ @query@ as distance
                                    from @schema@.embedding as e where e.chunk_id = c.chunk_id) as near)
               end as score
          from leg_query as l
         cross join candidate as c
          left join leg_hit as h on h.number = l.number and h.chunk_id = c.chunk_id
          left join words as w on w.number = l.number and w.chunk_id = c.chunk_id
    ),
    leg as materialized (
        select l.number, l.kind as leg, l.weight, list.highest, list.mean as list_mean, list.deviation as list_deviation,
               case l.kind when 'dense' then background.mean else 0 end as lowest,
               case l.kind when 'dense' then background.mean else matching.mean end as mean,
               case l.kind when 'dense' then background.deviation else matching.deviation end as deviation
          from leg_query as l
          left join (select h.number, max(h.score) as highest, avg(h.score) as mean,
                            case when max(h.score) > min(h.score) then stddev_pop(h.score) end as deviation
                       from leg_hit as h where request.completes group by h.number) as list on list.number = l.number
          left join lateral @schema@.similarity_scale(request.fusion, l.query_embedding) as background on l.kind = 'dense'
          left join (select w.number, avg(w.score) as mean,
                            case when max(w.score) > min(w.score) then stddev_pop(w.score) end as deviation
                       from words as w
                      where request.fusion = 'zscore'
                      group by w.number) as matching on matching.number = l.number
    )
