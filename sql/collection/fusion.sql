-- fusion: the part of a search after its legs, the same with and without a filter. Goes on from the CTEs leg_hit (leg,
--   chunk_id, score, rank) and scored (chunk_id, score: the words' score of every chunk); the text is joined last.
--
-- known    each candidate in each leg. All methods but 'rrf' get a row for a leg that did not list it, too (completes), with
--          its exact score there: what they make of a chunk does not hang on how deep the lists are, nor on k.
-- leg      see fusion_legs.sql.
-- A method is one expression, a file of sql/fusion/: what a leg adds to a candidate, of known.rank (null if the leg did
--          not list it), known.score (null if it has none there) and the columns of leg.
-- fused    every candidate with its score, boosts and all: what is cut, grouped and ordered from here on.
    known as materialized (
        select leg_hit.leg, leg_hit.chunk_id, leg_hit.score, leg_hit.rank from leg_hit
         union all
        select 'dense', missed.chunk_id,
               (select @score@
                  from (select e.embedding @operator@ @query@ as distance
                          from @schema@.embedding as e where e.chunk_id = missed.chunk_id) as near),
               null
          from (select h.chunk_id from leg_hit as h where h.leg = 'keyword'
                except
                select h.chunk_id from leg_hit as h where h.leg = 'dense') as missed
         where request.completes
         union all
        select 'keyword', missed.chunk_id, s.score, null
          from (select h.chunk_id from leg_hit as h where h.leg = 'dense'
                except
                select h.chunk_id from leg_hit as h where h.leg = 'keyword') as missed
          left join scored as s on s.chunk_id = missed.chunk_id
         where request.completes
    ),
    @fusion_legs@,
    fused as (
        select known.chunk_id,
               case request.mode
                   when 'hybrid' then sum(
                       case request.fusion
                           @fusion_methods@
                       end)
                   else max(known.score)
               end
               -- as a sub-select, so that a search without boosts never looks a document up
               + case when request.boosts is null then 0
                      else coalesce((select pgretrieve._boost(d.external_id, d.metadata, request.boosts)
                                       from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                                      where c.id = known.chunk_id), 0)
                 end as score,
               max(known.rank) filter (where known.leg = 'dense') as dense_rank,
               max(known.score) filter (where known.leg = 'dense') as dense_score,
               max(known.rank) filter (where known.leg = 'keyword') as keyword_rank,
               max(known.score) filter (where known.leg = 'keyword') as keyword_score
          from known join leg on leg.leg = known.leg
         group by known.chunk_id
    ),
    best as (
        select f.*, row_number() over (partition by f.unit order by f.score desc, f.chunk_id) as place
          from (select fused.*,
                       case when request.by_document
                            then (select c.document_id from @schema@.chunk as c where c.id = fused.chunk_id)
                            else fused.chunk_id
                       end as unit
                  from fused) as f
    ),
    page as materialized (
        select best.* from best where best.place = 1 order by best.score desc, best.chunk_id limit k
    )
    select d.external_id, p.chunk_id::bigint,
           (row_number() over (order by p.score desc, p.chunk_id))::integer, p.score, null::double precision,
           p.dense_rank, p.dense_score, p.keyword_rank, p.keyword_score, d.title, c.text, d.metadata
      from page as p
      join @schema@.chunk as c on c.id = p.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by 3;
