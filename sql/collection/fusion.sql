-- fusion: the part of a search after its legs, the same with and without a filter. Goes on from the CTE leg_hit (leg,
--   chunk_id, score, rank); the text of documents is joined last.
    fused as (
        select h.chunk_id,
               case mode
                   when 'hybrid' then sum(pgretrieve._rrf(
                       h.rank, case h.leg when 'dense' then dense_weight else keyword_weight end, rrf_k))
                   else max(h.score)
               end as score,
               max(h.rank) filter (where h.leg = 'dense') as dense_rank,
               max(h.score) filter (where h.leg = 'dense') as dense_score,
               max(h.rank) filter (where h.leg = 'keyword') as keyword_rank,
               max(h.score) filter (where h.leg = 'keyword') as keyword_score
          from leg_hit as h
         group by h.chunk_id
    ),
    best as (
        select f.*, row_number() over (partition by f.unit order by f.score desc, f.chunk_id) as place
          from (select fused.*,
                       case when by_document
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
