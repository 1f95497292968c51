-- keyword_among: the keyword leg over given chunks only; exact, for filters that leave few.
create or replace function @schema@.keyword_among(
    query text, depth integer, allowed integer[], min_match jsonb, field_weights jsonb default null
)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with open_check as materialized (
        select @schema@.query_check(keyword_among.query, false) as check_for
    ),
    ordered as materialized (
        select s.chunk_id, s.score
          from @schema@.scored(keyword_among.query, keyword_among.min_match, null, null, keyword_among.field_weights) as s
          join unnest(keyword_among.allowed) as a (chunk_id) on a.chunk_id = s.chunk_id
         order by s.score desc, s.chunk_id
         limit (select case when open_check.check_for is null then keyword_among.depth end from open_check)
    )
    select best.chunk_id, best.score, (row_number() over (order by best.score desc, best.chunk_id))::integer
      from (select ordered.chunk_id, ordered.score
              from ordered
             where (select open_check.check_for from open_check) is null
                or @schema@.chunk_matches(ordered.chunk_id, (select open_check.check_for from open_check))
             limit keyword_among.depth) as best;
end;
comment on function @schema@.keyword_among(text, integer, integer[], jsonb, jsonb) is
    'First depth chunks by BM25 among the given ones.';
