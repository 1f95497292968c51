-- scored: the BM25 scores of a query: of all that it finds, or for a depth at least of the first depth of the living and of
--   those in `also`.
--
-- Four arms, of which one runs; the others cost a comparison: plain words to a depth, of given chunks, of all; syntax or
-- min_match.
-- depth          null: all scores are wanted. 0: those in `also` alone.
-- field_weights  of this query, in a collection with fields; see field_scales.sql.
create or replace function @schema@.scored(
    query text, min_match jsonb, depth integer, also integer[], field_weights jsonb default null
)
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 5000
begin atomic
    with plain as materialized (
        select scored.min_match is null and not pgretrieve._query_syntax(scored.query@and_fields@) as words
    )
    select s.chunk_id, s.score from @schema@.bm25_best(scored.query, scored.depth, scored.also, scored.field_weights) as s
     where (select plain.words from plain) and scored.depth > 0
     union all
    select s.chunk_id, s.score from @schema@.bm25_among(scored.query, scored.also, scored.field_weights) as s
     where (select plain.words from plain) and scored.depth = 0
     union all
    select s.chunk_id, s.score from @schema@.bm25(scored.query, scored.field_weights) as s
     where (select plain.words from plain) and scored.depth is null
     union all
    select s.chunk_id, s.score from @schema@.bm25_matching(scored.query, scored.min_match, scored.field_weights) as s
     where (select not plain.words from plain);
end;
comment on function @schema@.scored(text, jsonb, integer, integer[], jsonb) is
    'BM25 scores of the chunks that a query finds, unordered.';
