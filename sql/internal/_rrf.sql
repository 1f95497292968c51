-- _rrf: what one leg adds to the fused score of a chunk that it ranks.
--
-- weight / (rrf_k + rank), ranks from 1: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and
-- individual Rank Learning Methods" (SIGIR 2009), where rrf_k is 60. A chunk that a leg does not rank gets nothing from it.
create or replace function pgretrieve._rrf(rank integer, weight double precision, rrf_k double precision)
    returns double precision
    language sql immutable parallel safe
    return _rrf.weight / (_rrf.rrf_k + _rrf.rank);
comment on function pgretrieve._rrf(integer, double precision, double precision) is
    'Reciprocal rank fusion: one leg''s share of the fused score.';
