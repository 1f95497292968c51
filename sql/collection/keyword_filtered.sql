-- keyword_filtered: the keyword leg under a filter that many documents pass; exact.
--
-- Candidates are tried in order of score, and only until depth have passed.
create or replace function @schema@.keyword_filtered(query text, depth integer, path jsonpath, min_match jsonb)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(keyword_filtered.query, false) as check_for
    ),
    ordered as materialized (
        select s.chunk_id, s.score
          from @schema@.scored(keyword_filtered.query, keyword_filtered.min_match, null) as s
         order by s.score desc, s.chunk_id
    )
    select passed.chunk_id, passed.score, (row_number() over (order by passed.score desc, passed.chunk_id))::integer
      from (select ordered.chunk_id, ordered.score
              from ordered
             where (select d.metadata @@ keyword_filtered.path
                      from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                     where c.id = ordered.chunk_id)
               and ((select open_check.check_for from open_check) is null
                    or @schema@.chunk_matches(ordered.chunk_id, (select open_check.check_for from open_check)))
             limit keyword_filtered.depth) as passed;
end;
comment on function @schema@.keyword_filtered(text, integer, jsonpath, jsonb) is
    'First depth chunks by BM25 whose document passes the filter.';
