-- fused: candidates and their fused scores, the part of a search that all statements with two legs share. Goes on from the
--   CTEs dense_hit and keyword_hit (chunk_id, score, rank), and scored (chunk_id, score: the words' score of every chunk).
--
-- pair     each candidate, and how it stands in both legs. All methods but 'rrf' know its exact score in a leg that did not
--          list it, too (completes): what they make of a chunk does not hang on how deep the lists are, nor on k.
-- leg      see fusion_legs.sql.
-- fused    A method is one expression, a file of sql/fusion/: what a leg adds to a candidate, of known.rank (null if the leg
--          did not list it), known.score (null if it has none there) and the columns of leg. It stands here once for each
--          leg, with those names filled in by pgretrieve._render.
    leg_hit as (
        select 'dense' as leg, h.* from dense_hit as h
         union all
        select 'keyword', h.* from keyword_hit as h
    ),
    pair as materialized (
        select coalesce(d.chunk_id, h.chunk_id) as chunk_id, d.rank as dense_rank, h.rank as keyword_rank,
               case when d.chunk_id is null and request.completes
                    then (select @score@
                            from (select e.embedding @operator@ @query@ as distance
                                    from @schema@.embedding as e where e.chunk_id = h.chunk_id) as near)
                    else d.score
               end as dense_score,
               coalesce(h.score, s.score) as keyword_score
          from dense_hit as d
          full join keyword_hit as h on h.chunk_id = d.chunk_id
          left join scored as s on s.chunk_id = d.chunk_id and request.completes
    ),
    @fusion_legs@,
    fused as (
        select pair.chunk_id,
               case request.mode
                   when 'hybrid' then
                       case request.fusion
                           @fusion_of_dense@
                       end
                       + case request.fusion
                           @fusion_of_keyword@
                       end
                   else coalesce(pair.dense_score, pair.keyword_score)
               end as score,
               pair.dense_rank, pair.dense_score, pair.keyword_rank, pair.keyword_score
          from pair, leg as dense_leg, leg as keyword_leg
         where dense_leg.leg = 'dense' and keyword_leg.leg = 'keyword'
    )
