-- fusion: the part of a search after its fusion, the same with and without a filter. Goes on from the CTEs leg_hit (the
--   lists of all legs) and relevant (relevance.sql); the text is joined last.
--
-- boosted  every candidate with its score, boosts and all: what is cut, grouped and ordered from here on.
    boosted as (
        select relevant.chunk_id,
               -- as a sub-select, so that a search without boosts never looks a document up
               relevant.score
               + case when request.boosts is null then 0
                      else coalesce((select pgretrieve._boost(d.external_id, d.metadata, request.boosts)
                                       from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                                      where c.id = relevant.chunk_id), 0)
                 end as score,
               relevant.dense_rank, relevant.dense_score, relevant.keyword_rank, relevant.keyword_score, relevant.relevance
          from relevant
    ),
    -- what each is grouped by: a value of metadata, else (unit) its document, or nothing but itself
    valued as (
        select boosted.*,
               case when request.group_path is null then 'null'
                    else coalesce((select jsonb_path_query_first(d.metadata, request.group_path)
                                     from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                                    where c.id = boosted.chunk_id), 'null')
               end as value
          from boosted
         where request.without is null or boosted.chunk_id <> all (request.without)
        offset 0  -- looked up once a row, though it is named below more often
    ),
    best as (
        select f.*, row_number() over (partition by f.unit, f.value order by f.score desc, f.chunk_id) as place
          from (select valued.*,
                       case when request.group_by = 'chunk' then valued.chunk_id
                            when valued.value <> 'null' then 0
                            else (select c.document_id from @schema@.chunk as c where c.id = valued.chunk_id)
                       end as unit
                  from valued) as f
    ),
    page as materialized (
        select best.* from best
         where best.place = 1 order by best.score desc, best.chunk_id limit coalesce(request.mmr_candidates, k)
    ),
    turned as (
        select page.*, row_number() over (order by page.score desc, page.chunk_id) as turn
          from page where request.mmr_lambda is null
         union all
        select page.*, d.turn
          from @schema@.diverse(array(select p.chunk_id from page as p order by p.score desc, p.chunk_id),
                                array(select p.score from page as p order by p.score desc, p.chunk_id),
                                request.mmr_lambda, k) as d
          join page on page.chunk_id = d.chunk_id
         where request.mmr_lambda is not null
    ),
    shown as (
        select turned.* from turned
         union all
        select best.*, turned.turn
          from turned join best on best.unit = turned.unit and best.value = turned.value
         where request.group_size > 1 and best.place between 2 and request.group_size
    )
    select row(d.external_id, s.chunk_id::bigint,
               (row_number() over (order by s.turn, s.place))::integer, s.score, s.relevance,
               s.dense_rank, s.dense_score, s.keyword_rank, s.keyword_score, d.title, c.text, d.metadata)::pgretrieve.hit,
           s.turn::integer,
           -- where what a query asks for is checked in texts, the last of a leg may have gone since
           request.group_by <> 'chunk' and exists (select from leg_hit as h
                                      where h.rank >= case when whole_check is null then depth else 0.9 * depth end)
      from shown as s
      join @schema@.chunk as c on c.id = s.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by s.turn, s.place;
