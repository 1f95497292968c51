-- scored: the BM25 scores of a query: of all that it finds, or for a depth at least of the first depth of the living and of
--   those in `also`.
--
-- Three arms, of which one runs: plain words; plain words with a term so frequent that going round its list pays (one that
-- fills 45 blocks of a segment, some 20,000 chunks); syntax or min_match. Those that do not run cost a comparison.
-- depth  null: all scores are wanted.
create or replace function @schema@.scored(query text, min_match jsonb, depth integer, also integer[])
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 5000
begin atomic
    with plain as materialized (
        select scored.min_match is null and not pgretrieve._query_syntax(scored.query) as words,
               scored.depth is not null
               and exists (select from @schema@.posting as p
                            where p.lexeme = any (tsvector_to_array(@schema@.analyse(scored.query)))
                              and p.block >= 44) as frequent
    )
    select s.chunk_id, s.score from @schema@.bm25(scored.query) as s
     where (select plain.words and not plain.frequent from plain)
     union all
    select s.chunk_id, s.score
      from @schema@.bm25_top(scored.query,
                             scored.depth + (select coalesce(sum(dead), 0) from @schema@.statistic)::bigint, 20000,
                             scored.also) as s
     where (select plain.words and plain.frequent from plain)
     union all
    select s.chunk_id, s.score from @schema@.bm25_matching(scored.query, scored.min_match) as s
     where (select not plain.words from plain);
end;
comment on function @schema@.scored(text, jsonb, integer, integer[]) is 'BM25 scores of the chunks that a query finds, unordered.';
