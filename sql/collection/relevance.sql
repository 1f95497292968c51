-- relevance: what is known of each candidate as numbers, and how likely it is relevant; the part of a search between fusion and
--   page. Goes on from the CTEs fused and leg. Gives rated: the columns of fused and relevance, without what is cut.
--
-- Relevance   = P(the query has an answer here) * P(the candidate is one, if so): two logistic models of the numbers below,
--             of weights request.hit_weights and query_weights. Null without them, and then nothing here is worked out.
--             With request.family the second one is a Cosine Adapter instead.
-- weighed     each candidate: z, its dense score in deviations; evidence, what both legs say of it (that of fusion method
--             blend with equal weights); place, in order of evidence.
-- head        the query: the best of its lists, and of the words' score the most that any chunk could reach (possible).
-- The numbers hang on lists of 100 rows at least, of which ranks beyond 100 are one, so neither k nor depth moves them much.
-- Cuts leave rows out and never reorder. gap: what comes after the largest drop between the first 20 scores goes.
    weighed as materialized (
        select w.*, row_number() over (order by w.evidence desc, w.chunk_id) as place
          from (select f.*, d.z, f.keyword_score / nullif(keyword_leg.highest, 0) as ratio,
                       coalesce(d.z, 0) + coalesce(8 * f.keyword_score / (keyword_leg.highest + 2)
                                                   / (1 + 2 * coalesce(keyword_leg.gap, 0)), 0) as evidence
                  from fused as f, leg as dense_leg, leg as keyword_leg,
                       lateral (select (f.dense_score - dense_leg.mean) / coalesce(dense_leg.deviation, 1) as z) as d
                 where request.hit_weights is not null and dense_leg.leg = 'dense' and keyword_leg.leg = 'keyword') as w
    ),
    head as materialized (
        select coalesce(max(w.z) filter (where w.dense_rank <= 20), 0) as z_top,
               coalesce(avg(w.z) filter (where w.dense_rank <= 20), 0) as z_mean,
               coalesce(max(w.z) filter (where w.dense_rank <= 20) - min(w.z) filter (where w.dense_rank <= 20), 0) as spread,
               coalesce(max(w.keyword_score) filter (where w.keyword_rank is not null), 0) as best,
               coalesce(avg(case when w.dense_rank <= 20 and w.keyword_rank <= 20 then 1.0 else 0 end)
                            filter (where w.place <= 20), 0) as agreement,
               coalesce(max(w.evidence) - max(w.evidence) filter (where w.place = 2), 0) as lead,
               max(w.evidence) as most,
               avg(w.evidence) filter (where w.place <= 20) as evidence_mean,
               case when max(w.evidence) > min(w.evidence) filter (where w.place <= 20)
                    then stddev_pop(w.evidence) filter (where w.place <= 20) end as evidence_deviation,
               max(keyword_leg.gap) as gap, possible.weight as possible, possible.unknown_share
          from weighed as w
         cross join (select coalesce(l.gap, 0) as gap from leg as l where l.leg = 'keyword') as keyword_leg
         cross join lateral @schema@.possible_score(query, request.mode) as possible
         where request.hit_weights is not null
         group by possible.weight, possible.unknown_share
    ),
    known_of as (
        select w.*,
               array[1, coalesce(w.z, 0), h.z_top, coalesce(w.keyword_score, 0) / h.possible, h.best / h.possible, h.gap, h.spread,
                     ln(least(coalesce(w.dense_rank, 100), 100)), ln(least(coalesce(w.keyword_rank, 100), 100)),
                     coalesce(w.ratio, 0), h.most - w.evidence, h.lead,
                     coalesce((w.evidence - h.evidence_mean) / h.evidence_deviation, 0), ln(w.place)] as hit_numbers,
               array[1, h.z_top, h.z_mean, h.best / h.possible, ln(1 + h.possible), h.unknown_share, h.gap, h.agreement]
                   as query_numbers
          from weighed as w, head as h
    ),
    rated as materialized (
        select f.chunk_id, f.score, f.dense_rank, f.dense_score, f.keyword_rank, f.keyword_score,
               null::double precision as relevance
          from fused as f
         where request.hit_weights is null
         union all
        select n.chunk_id, n.score, n.dense_rank, n.dense_score, n.keyword_rank, n.keyword_score,
               pgretrieve._sigmoid(-(n.query_numbers::vector <#> request.query_weights))
               * pgretrieve._sigmoid(case when request.family is null then -(n.hit_numbers::vector <#> request.hit_weights)
                                          else pgretrieve._adapted(request.family, n.dense_score, request.adapter) end)
          from known_of as n
    ),
    relevant as (
        select r.*
          from rated as r
         where (request.min_relevance is null or r.relevance >= request.min_relevance)
           and (request.cut is null
                or r.score >= (select g.score
                                 from (select first.score, first.score - lead(first.score) over (order by first.score desc) as drop
                                         from (select s.score from rated as s order by s.score desc limit 20) as first) as g
                                order by case when g.drop > 0 then g.drop end desc nulls last, g.score limit 1))
    )
