-- fusion_parts: what each leg adds to the scores of given hits, by the same expressions as in a search.
--
-- legs, chunk_ids, scores, ranks   the lists of the legs, in full: methods look at them.
-- formula   the expression with its numbers, for a person; null for a method that pgretrieve._fusion_formula does not know.
create or replace function @schema@.fusion_parts(
    query pgretrieve.keyword_query, query_embedding vector, request pgretrieve.search_request, hits pgretrieve.hit[],
    legs text[], chunk_ids integer[], scores double precision[], ranks integer[]
)
    returns table (chunk_id bigint, leg text, rank integer, score double precision, contribution double precision,
                   formula text)
    language plpgsql stable
    set search_path from current
as $$
#variable_conflict use_column
declare
    depth constant integer := request.depth;
begin
    return query
    with leg_hit as materialized (
        select l.* from unnest(legs, chunk_ids, scores, ranks) as l (leg, chunk_id, score, rank)
    ),
    scored as (
        select s.chunk_id, s.score
          from @schema@.scored(fusion_parts.query, null, null) as s
         where request.completes
    ),
    @fusion_legs@,
    known as (
        select h.chunk_id, l.leg, l.rank, l.score
          from unnest(hits) as h,
               lateral (values ('dense', h.dense_rank, h.dense_score), ('keyword', h.keyword_rank, h.keyword_score))
                   as l (leg, rank, score)
    )
    select known.chunk_id, known.leg, known.rank, known.score,
           (case request.fusion
                @fusion_methods@
            end)::double precision,
           pgretrieve._fusion_formula(request.fusion, leg.leg, leg.weight,
                                      case request.fusion when 'rrf_imputed' then coalesce(known.rank, depth + 1)
                                                          else known.rank end,
                                      request.rrf_k, known.score, leg.highest, leg.lowest, leg.mean, leg.deviation,
                                      leg.list_mean, leg.list_deviation)
      from known join leg on leg.leg = known.leg;
end;
$$;
comment on function @schema@.fusion_parts is 'What each leg adds to the scores of given hits.';
