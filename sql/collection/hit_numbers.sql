-- hit_numbers: what is known of candidate r beside the query's head h, as the second model of relevance.sql takes it.
--   The last is of searches by words alone, where models of judgements are better with it; those of both legs are no better.
array[1, coalesce(r.z, 0), h.z_top, coalesce(r.keyword_score, 0) / h.possible, h.best / h.possible, h.gap, h.spread,
      ln(least(coalesce(r.dense_rank, 100), 100)), ln(least(coalesce(r.keyword_rank, 100), 100)),
      coalesce(r.ratio, 0), h.most - r.evidence, h.lead,
      coalesce((r.evidence - h.evidence_mean) / h.evidence_deviation, 0), ln(r.place),
      case when request.mode = 'keyword' then ln(1 + coalesce(r.keyword_score, 0)) else 0 end]
