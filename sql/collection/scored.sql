-- scored: the BM25 scores of a query: of all that it finds, or for a depth at least of the first depth of the living and of
--   those in `also`.
--
-- Four arms, of which one runs; the others cost a comparison: plain words to a depth, of given chunks, of all; syntax or
-- min_match.
-- depth          null: all scores are wanted. 0: those in `also` alone.
create or replace function @schema@.scored(
    query pgretrieve.keyword_query, depth integer, also integer[]
)
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 5000
begin atomic
    with plain as materialized (
        select (query).min_match is null and not pgretrieve._query_syntax((query).text@and_fields@) as words
    )
    select s.chunk_id, s.score from @schema@.bm25_best(scored.query, scored.depth, scored.also) as s
     where (select plain.words from plain) and scored.depth > 0
     union all
    select s.chunk_id, s.score from @schema@.bm25_among(scored.query, scored.also) as s
     where (select plain.words from plain) and scored.depth = 0
     union all
    select s.chunk_id, s.score from @schema@.bm25(scored.query) as s
     where (select plain.words from plain) and scored.depth is null
     union all
    select s.chunk_id, s.score from @schema@.bm25_matching(scored.query) as s
     where (select not plain.words from plain);
end;
comment on function @schema@.scored(pgretrieve.keyword_query, integer, integer[]) is
    'BM25 scores of the chunks that a query finds, unordered.';
