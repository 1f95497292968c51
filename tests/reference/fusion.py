"""The methods of fusion, each as its formula, over complete scores of both legs."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Leg:
    """One leg of a search.

    Attributes:
        ranked: ids that the leg lists, best first.
        scores: of every chunk that has one in this leg, listed or not.
        background: scores of chunks at large (dense), or of all that match (keyword).
        between: scores of chunks for each other (dense).
        lowest: what a chunk without a score counts as.
    """

    ranked: Sequence[int]
    scores: Mapping[int, float]
    background: Sequence[float]
    lowest: float
    between: Sequence[float] = ()

    def mean_and_deviation(self) -> tuple[float, float]:
        """Of the background."""
        return statistics.fmean(self.background), statistics.pstdev(self.background)

    def rank(self, chunk: int) -> int | None:
        """From 1; None if the leg does not list the chunk."""
        return self.ranked.index(chunk) + 1 if chunk in self.ranked else None

    @property
    def highest(self) -> float:
        """The best score."""
        return max(self.scores[chunk] for chunk in self.ranked)


def share(method: str, name: str, leg: Leg, chunk: int, *, rrf_k: float, depth: int) -> float:
    """What a leg, 'dense' or 'keyword', or 'dense 2' of a further query, adds to a chunk, before its weight."""
    kind = name.partition(" ")[0]
    rank, score = leg.rank(chunk), leg.scores.get(chunk)
    if method == "rrf":
        return 1 / (rrf_k + rank) if rank else 0
    if method == "rrf_imputed":
        return 1 / (rrf_k + (rank or depth + 1))
    if not leg.ranked:
        return 0
    if method == "dbsf":
        listed = [leg.scores[c] for c in leg.ranked]
        spread = statistics.pstdev(listed)
        middle = (score - statistics.fmean(listed)) / (6 * spread) if rank and spread else 0
        return min(1, max(0, 0.5 + middle)) if rank else 0
    mean, deviation = leg.mean_and_deviation()
    floored = leg.lowest if score is None else score
    if method == "minmax":
        return (floored - leg.lowest) / (leg.highest - leg.lowest) if leg.highest != leg.lowest else 0
    if method == "zscore":
        return (floored - mean) / deviation if deviation else 0
    if method == "blend" and kind == "dense":
        mean, deviation = statistics.fmean(leg.between), statistics.pstdev(leg.between)
        return 0 if score is None else (score - mean) / (deviation or 1)
    if method == "blend":
        return 5 * (score or 0) / (leg.highest + 20)
    raise ValueError(method)


def fused(
    method: str, legs: Mapping[str, Leg], weights: Mapping[str, float], *, rrf_k: float = 60, depth: int
) -> dict[int, float]:
    """Scores of all candidates: what any leg lists."""
    candidates = {chunk for leg in legs.values() for chunk in leg.ranked}
    return {
        chunk: sum(
            weights.get(name, 1) * share(method, name, leg, chunk, rrf_k=rrf_k, depth=depth)
            for name, leg in legs.items()
        )
        for chunk in candidates
    }
