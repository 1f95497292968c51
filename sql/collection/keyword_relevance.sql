-- keyword_relevance: relevance.sql for a search by words alone: the numbers of vectors are what they are without any, and the
--   order of evidence is that of the list. Goes on from the CTEs keyword_hit (chunk_id, score, rank) and possible
--   (possible_score.sql), gives relevant. Relevance is worked out for all, as in dense_relevance.sql.
    rated as materialized (
        select k.*, pgretrieve._word_share(k.score, top.score, null, null) as evidence
          from (select max(b.score) as score from keyword_hit as b) as top, keyword_hit as k
    ),
    head as materialized (
        select h.*, possible.weight as possible,
               pgretrieve._sigmoid(-(array[1, 0, 0, h.best / possible.weight, ln(1 + possible.weight), possible.unknown_share,
                                           0, 0]::vector <#> request.query_weights)) as answered
          from (select max(r.score) as best, max(r.evidence) as most,
                       coalesce(max(r.evidence) - max(r.evidence) filter (where r.rank = 2), 0) as lead,
                       avg(r.evidence) as evidence_mean,
                       case when max(r.evidence) > min(r.evidence) then stddev_pop(r.evidence) end as evidence_deviation
                  from rated as r
                 where r.rank <= 20) as h,
               possible
         where h.most is not null
    ),
    relevant as (
        select r.chunk_id, r.score, null::integer as dense_rank, null::double precision as dense_score, r.rank as keyword_rank,
               r.score as keyword_score, r.relevance
          from (select r.*,
                       case when request.hit_weights is not null
                            then h.answered * pgretrieve._sigmoid(
                                     -(array[1, 0, 0, r.score / h.possible, h.best / h.possible, 0, 0, ln(100::double precision),
                                             ln(least(r.rank, 100)), coalesce(r.score / nullif(h.best, 0), 0),
                                             h.most - r.evidence, h.lead,
                                             coalesce((r.evidence - h.evidence_mean) / h.evidence_deviation, 0),
                                             ln(r.rank), ln(1 + r.score)]::vector <#> request.hit_weights))
                       end as relevance
                  from rated as r, head as h
                offset 0) as r
         where (request.min_relevance is null or r.relevance >= request.min_relevance)
           and @gap_cut@
    )
