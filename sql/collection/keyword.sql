-- keyword: the leg that ranks by words, over the whole collection.
create or replace function @schema@.keyword(query pgretrieve.keyword_query, depth integer)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(keyword.query, false) as check_for
    ),
    scored as (
        select s.chunk_id, s.score
          from @schema@.scored(keyword.query, keyword.depth, null) as s
    ),
    @keyword_hits@
    select keyword_hit.chunk_id, keyword_hit.score, keyword_hit.rank from keyword_hit;
end;
comment on function @schema@.keyword(pgretrieve.keyword_query, integer) is 'First depth chunks by BM25.';
