-- scored: the BM25 scores of a query, plain or not. The arm that does not run costs a comparison.
create or replace function @schema@.scored(query text, min_match jsonb)
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 5000
begin atomic
    select s.chunk_id, s.score from @schema@.bm25(scored.query) as s
     where scored.min_match is null and not pgretrieve._query_syntax(scored.query)
     union all
    select s.chunk_id, s.score from @schema@.bm25_matching(scored.query, scored.min_match) as s
     where scored.min_match is not null or pgretrieve._query_syntax(scored.query);
end;
comment on function @schema@.scored(text, jsonb) is 'BM25 scores of all chunks that a query finds, unordered.';
