-- explain_fusion: the arithmetic behind the scores of hits.
--
-- Returns   for each hit: method; parts, one for each leg: leg, rank, score (the leg's own), weight, formula, contribution;
--           and sum, of the contributions: the score of the hit. Where one leg ran, its score is the score.
create or replace function @schema@.explain_fusion(
    query text, query_embedding vector, request pgretrieve.search_request, hits pgretrieve.hit[]
)
    returns table (chunk_id bigint, fusion jsonb)
    language plpgsql volatile
    @search_settings@
as $$
#variable_conflict use_column
declare
    depth constant integer := request.depth;
begin
    perform pgretrieve._set_scan(depth, request.ef_search, @probes@, most_tuples => greatest(200000, 20 * depth));
    return query
    with scored as materialized (
        select s.chunk_id, s.score from @schema@.scored(explain_fusion.query, request.min_match, null) as s
         where request.keyword_plan <> 'none'
    ),
    leg_hit as materialized (
        select 'dense' as leg, l.* from @schema@.dense(query_embedding, depth) as l where request.dense_plan = 'all'
         union all
        select 'dense', l.* from @schema@.dense_exact(query_embedding, depth) as l where request.dense_plan = 'exact'
         union all
        select 'dense', l.* from @schema@.dense_among(query_embedding, depth, request.allowed) as l
         where request.dense_plan = 'among'
         union all
        select 'dense', l.* from @schema@.dense_filtered(query_embedding, depth, request.path) as l
         where request.dense_plan = 'filtered'
         union all
        select 'keyword', l.* from @schema@.keyword(explain_fusion.query, depth, request.min_match) as l
         where request.keyword_plan = 'all'
         union all
        select 'keyword', l.*
          from @schema@.keyword_among(explain_fusion.query, depth, request.allowed, request.min_match) as l
         where request.keyword_plan = 'among'
         union all
        select 'keyword', l.*
          from @schema@.keyword_filtered(explain_fusion.query, depth, request.path, request.min_match) as l
         where request.keyword_plan = 'filtered'
    ),
    @fusion_legs@,
    known as (
        select h.chunk_id, l.leg, l.rank, l.score
          from unnest(hits) as h,
               lateral (values ('dense', h.dense_rank, h.dense_score), ('keyword', h.keyword_rank, h.keyword_score))
                   as l (leg, rank, score)
    ),
    part as (
        select known.chunk_id, known.leg, known.rank, known.score, leg.weight,
               case when request.mode = 'hybrid' then jsonb_strip_nulls(jsonb_build_object(
                   'highest', leg.highest, 'lowest', leg.lowest, 'mean', leg.mean, 'deviation', leg.deviation,
                   'list_mean', leg.list_mean, 'list_deviation', leg.list_deviation)) end as knows,
               case when request.mode <> 'hybrid' then known.score
                    else case request.fusion
                             @fusion_methods@
                         end
               end as contribution
          from known join leg on leg.leg = known.leg
         where known.rank is not null or request.completes
    )
    select part.chunk_id, jsonb_build_object(
               'method', case request.mode when 'hybrid' then request.fusion else 'none' end,
               'parts', jsonb_agg(jsonb_build_object(
                   'leg', part.leg, 'rank', part.rank, 'score', part.score, 'weight', part.weight, 'of_leg', part.knows,
                   'contribution', part.contribution) order by part.leg),
               'sum', sum(part.contribution))
      from part
     group by part.chunk_id;
end;
$$;
comment on function @schema@.explain_fusion is 'The arithmetic behind the scores of hits.';
