-- keyword: the leg that ranks by words, over the whole collection.
create or replace function @schema@.keyword(query text, depth integer, min_match jsonb, field_weights jsonb default null)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(keyword.query, false) as check_for
    ),
    scored as (
        select s.chunk_id, s.score
          from @schema@.scored(keyword.query, keyword.min_match, keyword.depth, null, keyword.field_weights) as s
    ),
    @keyword_hits@
    select keyword_hit.chunk_id, keyword_hit.score, keyword_hit.rank from keyword_hit;
end;
comment on function @schema@.keyword(text, integer, jsonb, jsonb) is 'First depth chunks by BM25.';
