-- plain_page: the end of a statement without boosts, groups and the like: the first k of the CTE relevant, with their texts.
--
-- Relevance is worked out for them alone, unless rows are cut by it: the planner puts what is costly off until k are chosen.
    page as (
        select r.*, (row_number() over (order by r.score desc, r.chunk_id))::integer as rank
          from relevant as r
         order by r.score desc, r.chunk_id
         limit k
    )
    select d.external_id, p.chunk_id::bigint, p.rank, p.score, p.relevance,
           p.dense_rank, p.dense_score, p.keyword_rank, p.keyword_score, d.title, c.text, d.metadata
      from page as p
      join @schema@.chunk as c on c.id = p.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by p.rank;
