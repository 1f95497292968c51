-- dense_relevance: relevance.sql for a search by meaning alone: the numbers of words are what they are without any, and evidence
--   comes of the dense score alone. Goes on from the CTE dense_hit (chunk_id, score, rank), gives relevant.
--
-- Relevance is worked out for all: a search without a cut by it looks at no more than 20, and each use of the expression costs.
    scale as materialized (
        select m.mean, m.deviation from (select s.mean, s.deviation from @schema@.similarity as s limit 1) as m
         union all
        select m.mean, m.deviation from @schema@.similarity_scale('blend', null) as m
         where not exists (select from @schema@.similarity)
    ),
    rated as materialized (
        select w.*, row_number() over (order by w.evidence desc, w.chunk_id) as place
          from (select z.*, pgretrieve._meaning_share(z.z) as evidence
                  from (select d.*, coalesce((d.score - scale.mean) / coalesce(scale.deviation, 1), 0) as z
                          from scale, dense_hit as d) as z) as w
    ),
    head as materialized (
        select h.*, pgretrieve._sigmoid(-(array[1, h.z_top, h.z_mean, 0, ln(2::double precision), 0, 0, 0]::vector
                                          <#> request.query_weights)) as answered
          from (select max(r.z) as z_top, avg(r.z) as z_mean, max(r.z) - min(r.z) as spread, max(r.evidence) as most,
                       coalesce(max(r.evidence) - max(r.evidence) filter (where r.place = 2), 0) as lead,
                       avg(r.evidence) as evidence_mean,
                       case when max(r.evidence) > min(r.evidence) then stddev_pop(r.evidence) end as evidence_deviation
                  from rated as r
                 where r.place <= 20) as h
         where h.most is not null
    ),
    relevant as (
        select r.chunk_id, r.score, r.rank as dense_rank, r.score as dense_score, null::integer as keyword_rank,
               null::double precision as keyword_score, r.relevance
          from (select r.*,
                       case when request.hit_weights is not null
                            then h.answered * pgretrieve._sigmoid(
                                     case when request.family is null
                                          then -(array[1, r.z, h.z_top, 0, 0, 0, h.spread, ln(least(r.rank, 100)),
                                                       ln(100::double precision), 0, h.most - r.evidence, h.lead,
                                                       coalesce((r.evidence - h.evidence_mean) / h.evidence_deviation, 0),
                                                       ln(r.place), 0]::vector <#> request.hit_weights)
                                          else pgretrieve._adapted(request.family, r.score, request.adapter) end)
                       end as relevance
                  from rated as r, head as h
                offset 0) as r
         where (request.min_relevance is null or r.relevance >= request.min_relevance)
           and @gap_cut@
    )
