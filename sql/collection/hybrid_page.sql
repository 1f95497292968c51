-- hybrid_page: the end of a statement that only fuses: the first k of the CTE fused, with their texts.
    page as (
        select fused.*, (row_number() over (order by fused.score desc, fused.chunk_id))::integer as rank
          from fused
         order by fused.score desc, fused.chunk_id
         limit k
    )
    select d.external_id, p.chunk_id::bigint, p.rank, p.score, null::double precision,
           p.dense_rank, p.dense_score, p.keyword_rank, p.keyword_score, d.title, c.text, d.metadata
      from page as p
      join @schema@.chunk as c on c.id = p.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by p.rank;
