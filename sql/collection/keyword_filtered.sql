-- keyword_filtered: the keyword leg under a filter; exact.
--
-- allowed  the chunks that can pass, where they are few; null: each is tested against path.
create or replace function @schema@.keyword_filtered(
    query pgretrieve.keyword_query, depth integer, path jsonpath, allowed integer[]
)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(query, false) as check_for
    ),
    scored as materialized (
        select s.chunk_id, s.score
          from @schema@.scored(query, case when allowed is null then greatest(500, 5 * depth) else 0 end, allowed) as s
    ),
    @keyword_hits_filtered@
    select keyword_hit.chunk_id, keyword_hit.score, keyword_hit.rank from keyword_hit;
end;
comment on function @schema@.keyword_filtered(pgretrieve.keyword_query, integer, jsonpath, integer[]) is
    'First depth chunks by BM25 whose document passes the filter.';
