-- fusion_parts: what each leg adds to the scores of given hits, by the same expressions as in a search; of any number of legs.
--
-- legs, chunk_ids, scores, ranks   the lists of the legs, in full: methods look at them.
-- formula   the expression with its numbers, for a person; null for a method that pgretrieve._fusion_formula does not know.
create or replace function @schema@.fusion_parts(
    request pgretrieve.search_request, hits pgretrieve.hit[],
    legs text[], chunk_ids integer[], scores double precision[], ranks integer[]
)
    returns table (chunk_id bigint, number integer, leg text, rank integer, score double precision, contribution double precision,
                   formula text)
    language plpgsql stable
    set search_path from current
as $$
#variable_conflict use_column
declare
    depth constant integer := request.depth;
begin
    return query
    with leg_query as materialized (
        select l.number::integer, l.name, l.kind, l.field, l.query, l.embedding as query_embedding, l.weight
          from unnest(pgretrieve._legs_of(request))
               with ordinality as l (name, kind, query, embedding, weight, field, number)
    ),
    leg_hit as materialized (
        select l.number, h.chunk_id, h.score, h.rank
          from unnest(legs, chunk_ids, scores, ranks) as h (leg, chunk_id, score, rank) join leg_query as l on l.name = h.leg
    ),
    candidate as materialized (
        select h.chunk_id::integer from unnest(hits) as h
         union
        select h.chunk_id from leg_hit as h where h.rank <= 20
    ),
    @known_legs@
    select known.chunk_id::bigint, known.number, leg_query.name, known.rank, known.score,
           (case request.fusion
                @fusion_methods@
            end)::double precision,
           pgretrieve._fusion_formula(request.fusion, leg.leg, leg.weight,
                                      case request.fusion when 'rrf_imputed' then coalesce(known.rank, depth + 1)
                                                          else known.rank end,
                                      request.rrf_k, known.score, leg.highest, leg.lowest, leg.mean, leg.deviation,
                                      leg.list_mean, leg.list_deviation, leg.gap, leg.prominence)
      from known
      join leg on leg.number = known.number
      join leg_query on leg_query.number = known.number
     where known.chunk_id in (select h.chunk_id from unnest(hits) as h);
end;
$$;
comment on function @schema@.fusion_parts is 'What each leg adds to the scores of given hits.';
