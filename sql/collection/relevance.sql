-- relevance: what is known of each candidate as numbers, and how likely it is relevant; the part of a search between fusion and
--   page. Goes on from the CTEs fused, leg, and possible (possible_score.sql). Gives relevant: the columns of fused and relevance,
--   without what is cut. A leg by itself, by the same numbers: dense_relevance.sql, keyword_relevance.sql.
--
-- Relevance   = P(the query has an answer here) * P(the candidate is one, if so): two logistic models of the numbers below,
--             of weights request.hit_weights and query_weights. Null without them, and then nothing here is worked out.
--             With request.family the second one is a Cosine Adapter instead.
-- rated       each candidate: z, its dense score in deviations; evidence, what both legs say of it (that of fusion method
--             blend with equal weights, but for prominence: with it, models of few queries were worse); place, in order
--             of evidence.
-- head        the query: the best of its lists, and of the words' score the most that any chunk could reach (possible);
--             answered, the first of the two probabilities.
-- The numbers hang on the first 20 and on ranks, of which those beyond 100 are one, so neither k nor depth moves them much.
-- Cuts leave rows out and never reorder. gap: what comes after the largest drop between the first 20 scores goes.
    rated as materialized (
        select f.*, null::double precision as z, null::double precision as ratio, null::double precision as evidence,
               null::bigint as place
          from fused as f
         where request.hit_weights is null
         union all
        select w.*, row_number() over (order by w.evidence desc, w.chunk_id)
          from (select f.*, d.z, f.keyword_score / nullif(keyword_leg.highest, 0) as ratio,
                       coalesce(pgretrieve._meaning_share(d.z), 0)
                       + coalesce(pgretrieve._word_share(f.keyword_score, keyword_leg.highest, keyword_leg.gap, null), 0) as evidence
                  from fused as f, leg as dense_leg, leg as keyword_leg,
                       lateral (select (f.dense_score - dense_leg.mean) / coalesce(dense_leg.deviation, 1) as z) as d
                 where request.hit_weights is not null and dense_leg.leg = 'dense' and keyword_leg.leg = 'keyword') as w
    ),
    head as materialized (
        select h.*, pgretrieve._sigmoid(-(@query_numbers@::vector <#> request.query_weights)) as answered
          from (select coalesce(max(r.z) filter (where r.dense_rank <= 20), 0) as z_top,
                       coalesce(avg(r.z) filter (where r.dense_rank <= 20), 0) as z_mean,
                       coalesce(max(r.z) filter (where r.dense_rank <= 20)
                                - min(r.z) filter (where r.dense_rank <= 20), 0) as spread,
                       coalesce(max(keyword_leg.highest), 0) as best,
                       coalesce(avg(case when r.dense_rank <= 20 and r.keyword_rank <= 20 then 1.0 else 0 end)
                                    filter (where r.place <= 20), 0) as agreement,
                       coalesce(max(r.evidence) - max(r.evidence) filter (where r.place = 2), 0) as lead,
                       max(r.evidence) as most,
                       avg(r.evidence) filter (where r.place <= 20) as evidence_mean,
                       case when max(r.evidence) > min(r.evidence) filter (where r.place <= 20)
                            then stddev_pop(r.evidence) filter (where r.place <= 20) end as evidence_deviation,
                       max(coalesce(keyword_leg.gap, 0)) as gap, max(possible.weight) as possible,
                       max(possible.unknown_share) as unknown_share
                  from rated as r
                 cross join (select l.highest, l.gap from leg as l where l.leg = 'keyword') as keyword_leg
                 cross join possible
                 where r.place <= 20 or r.dense_rank <= 20) as h
         where h.most is not null
    ),
    relevant as (
        select r.chunk_id, r.score, r.dense_rank, r.dense_score, r.keyword_rank, r.keyword_score, p.relevance
          from rated as r,
               lateral (select case when request.hit_weights is not null
                                    then (select h.answered * pgretrieve._sigmoid(
                                                     case when request.family is null
                                                          then -(@hit_numbers@::vector <#> request.hit_weights)
                                                          else pgretrieve._adapted(request.family, r.dense_score,
                                                                                   request.adapter) end)
                                            from head as h)
                               end as relevance) as p
         where (request.min_relevance is null or p.relevance >= request.min_relevance)
           and @gap_cut@
    )
