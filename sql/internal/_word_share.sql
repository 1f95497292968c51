-- _word_share: what BM25 adds to the score of a candidate under fusion method blend, and to the evidence of
--   sql/collection/relevance.sql.
--
-- highest      the query's best: shares are of it, and where even that is small, as of words that most chunks hold, words say little.
-- gap, prominence   of the keyword leg, see sql/collection/fusion_legs.sql: the further from the query in meaning lies what words
--              find first, the less they count, and the more, the further the best stands out. Null: nothing is known of it.
-- Constants by evidence (docs/benchmarks.md). A single expression, which becomes part of that of the caller.
create or replace function pgretrieve._word_share(
    score double precision, highest double precision, gap double precision, prominence double precision
)
    returns double precision
    language sql immutable parallel safe
    return 8 * _word_share.score / (_word_share.highest + 2) * (1 + 2 * coalesce(_word_share.prominence, 0))
           / (1 + 2 * coalesce(_word_share.gap, 0));
comment on function pgretrieve._word_share is 'What BM25 adds to a score under fusion blend.';
