-- bm25_best: BM25 scores of the chunks that can be among the first `depth` of the living, and of those in `also` that hold a
--   term of the query, in no order. Exact: what is left out cannot be among them.
--
-- Two arms, of which one runs: bm25, and bm25_top where the lists are so long that going round some of them pays.
-- Marked   one sort is to leave the best and those in `also`. So those get 2^20 more, and lose it after. Scores stay far
--          below: a query has 64 terms, each counts up to 255 times (at k1 of 10 and more, a query would reach it that has
--          dozens of rare terms, each dozens of times). They are multiples of 2^-32, so nothing is rounded.
-- also     chunks whose scores are wanted wherever they stand, such as what the dense leg has found; without
--          repeats; may be null.
create or replace function @schema@.bm25_best(query pgretrieve.keyword_query, depth integer, also integer[])
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 300
begin atomic
    with term as materialized (select * from @schema@.weighted_terms((query).text, (query).language)),
    @best_scores@
    select best.chunk_id, best.score - case when best.score >= 1048576 then 1048576 else 0 end
      from best
     where best.score <> 1048576;
end;
comment on function @schema@.bm25_best(pgretrieve.keyword_query, integer, integer[]) is
    'BM25 scores of the chunks that can be among the best, and of given ones, unordered.';
