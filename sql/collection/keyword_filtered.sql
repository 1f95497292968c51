-- keyword_filtered: the keyword leg under a filter that many documents pass; exact.
--
-- Candidates are tried in order of score, and only until depth have passed. The first 5 * depth usually do, and putting
-- those in order is much cheaper than all; the rest is put in order where they do not.
create or replace function @schema@.keyword_filtered(
    query text, depth integer, path jsonpath, min_match jsonb, field_weights jsonb default null
)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(keyword_filtered.query, false) as check_for
    ),
    scored as materialized (
        select s.chunk_id, s.score
          from @schema@.scored(keyword_filtered.query, keyword_filtered.min_match, null, null,
                               keyword_filtered.field_weights) as s
    ),
    first as materialized (
        select f.chunk_id, f.score
          from (select scored.chunk_id, scored.score
                  from scored
                 order by scored.score desc, scored.chunk_id
                 limit 5 * keyword_filtered.depth) as f
         where (select d.metadata @@ keyword_filtered.path
                  from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                 where c.id = f.chunk_id)
           and ((select open_check.check_for from open_check) is null
                or @schema@.chunk_matches(f.chunk_id, (select open_check.check_for from open_check)))
         limit keyword_filtered.depth
    ),
    every as materialized (
        select o.chunk_id, o.score
          from (select scored.chunk_id, scored.score
                  from scored
                 where (select count(*) from first) < keyword_filtered.depth
                 order by scored.score desc, scored.chunk_id offset 0) as o
         where (select d.metadata @@ keyword_filtered.path
                  from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                 where c.id = o.chunk_id)
           and ((select open_check.check_for from open_check) is null
                or @schema@.chunk_matches(o.chunk_id, (select open_check.check_for from open_check)))
         limit keyword_filtered.depth
    )
    select passed.chunk_id, passed.score, (row_number() over (order by passed.score desc, passed.chunk_id))::integer
      from (select first.chunk_id, first.score from first
             where (select count(*) from first) = keyword_filtered.depth
             union all
            select every.chunk_id, every.score from every) as passed;
end;
comment on function @schema@.keyword_filtered(text, integer, jsonpath, jsonb, jsonb) is
    'First depth chunks by BM25 whose document passes the filter.';
