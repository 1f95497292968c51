-- keyword_hits_filtered: the part of a filtered search that takes the best chunks from the CTE scored (chunk_id, score),
--   which must hold those in `allowed` or, where that is null, the first max(500, 5 * depth) at least; and from open_check as in
--   keyword_hits.sql. Gives the CTE keyword_hit, as there.
--
-- Candidates are tried in order of score and only until depth have passed. Those usually do; where they do
-- not, and there are more, all that the query finds are tried (keyword_passing).
    keyword_best as materialized (
        select scored.chunk_id, scored.score
          from scored
         where allowed is null or scored.chunk_id in (select unnest(allowed))
         order by scored.score desc, scored.chunk_id
         limit case when allowed is null then greatest(500, 5 * depth) end
    ),
    keyword_first as materialized (
        select f.chunk_id, f.score
          from keyword_best as f
         where case when allowed is not null then true
                    else (select d.metadata @@ path
                            from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                           where c.id = f.chunk_id) end
           and ((select open_check.check_for from open_check) is null
                or @schema@.chunk_matches(f.chunk_id, (select open_check.check_for from open_check)))
         limit depth
    ),
    keyword_enough as materialized (
        select allowed is not null or (select count(*) from keyword_first) = depth
               or (select count(*) from keyword_best) < greatest(500, 5 * depth) as is_so
    ),
    keyword_hit as materialized (
        select passed.chunk_id, passed.score,
               (row_number() over (order by passed.score desc, passed.chunk_id))::integer as rank
          from (select f.chunk_id, f.score from keyword_first as f where (select is_so from keyword_enough)
                 union all
                select o.chunk_id, o.score
                  from @schema@.keyword_passing(query, depth, path) as o
                 where not (select is_so from keyword_enough)) as passed
    )
