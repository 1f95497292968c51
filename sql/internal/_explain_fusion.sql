-- _explain_fusion: the arithmetic behind the score of a hit.
--
-- Returns   method; parts, one for each leg that ranks the hit: leg, rank, score (the leg's own), formula, contribution; and
--           sum, of the contributions: the score of the hit. Where one leg ran, its score is the score.
create or replace function pgretrieve._explain_fusion(hit pgretrieve.hit, request pgretrieve.search_request)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_build_object(
                   'method', case request.mode when 'hybrid' then 'rrf' else 'none' end,
                   'parts', coalesce(jsonb_agg(jsonb_build_object(
                       'leg', part.leg, 'rank', part.rank, 'score', part.score, 'formula', part.formula,
                       'contribution', part.contribution) order by part.leg), '[]'),
                   'sum', sum(part.contribution))
          from (select leg.leg, leg.rank, leg.score,
                       case request.mode when 'hybrid' then format('%s / (%s + %s)', leg.weight, request.rrf_k, leg.rank)
                       end as formula,
                       case request.mode when 'hybrid' then pgretrieve._rrf(leg.rank, leg.weight, request.rrf_k)
                                         else leg.score end as contribution
                  from (values ('dense', hit.dense_rank, hit.dense_score, request.dense_weight),
                               ('keyword', hit.keyword_rank, hit.keyword_score, request.keyword_weight)
                       ) as leg (leg, rank, score, weight)
                 where leg.rank is not null) as part);
end;
$$;
comment on function pgretrieve._explain_fusion is 'The arithmetic behind the score of a hit.';
