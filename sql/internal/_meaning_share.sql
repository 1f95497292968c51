-- _meaning_share: what a similarity adds to the score of a candidate under fusion method blend, and to the evidence of
--   sql/collection/relevance.sql.
--
-- z     by how many deviations a chunk is nearer to the query than chunks are to each other.
-- Above, a deviation adds its whole; below, less and less, and never takes more than a half away: what is as far as any chunk is
-- not relevant, however much further it is. So vectors that know nothing of a query, whose nearest chunks are like any others, have
-- little say beside words. A smooth rectifier (Barron, "Squareplus: A Softplus-Like Algebraic Rectifier", 2021) of z - 1/2,
-- moved so that 0 adds 0. Its place by evidence (docs/benchmarks.md).
-- A single expression, which becomes part of that of the caller.
create or replace function pgretrieve._meaning_share(z double precision)
    returns double precision
    language sql immutable parallel safe
    return (_meaning_share.z + sqrt((_meaning_share.z - 0.5::double precision) * (_meaning_share.z - 0.5::double precision) + 2)
            - 1.5::double precision) / 2;
comment on function pgretrieve._meaning_share(double precision) is 'What a similarity adds to a score under fusion blend.';
