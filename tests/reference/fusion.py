"""The methods of fusion, each as its formula, over complete scores of both legs."""

import math
import re
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


HEAD = 20


def gap(keyword: Leg, dense: Leg | None) -> float:
    """How much nearer the dense leg's first are than the keyword leg's, in deviations."""
    first = min(HEAD, len(keyword.ranked))
    if dense is None or not first:
        return 0
    near = [dense.scores[chunk] for chunk in dense.ranked[:first]]
    own = [dense.scores[chunk] for chunk in keyword.ranked[:first] if chunk in dense.scores]
    if not near or not own:
        return 0
    return max(0, statistics.fmean(near) - statistics.fmean(own)) / (statistics.pstdev(dense.between) or 1)


def rectified(z: float) -> float:
    """Of deviations: above 0 nearly as they are, below less and less."""
    return (z + math.sqrt((z - 0.5) ** 2 + 2) - 1.5) / 2


def prominence(scores: Sequence[float]) -> float:
    """How far the best stands out among the first scores of a list; those that are missing are 0."""
    return max(0, 0.6 - sum(scores[:HEAD]) / HEAD / scores[0])


def share(method: str, name: str, leg: Leg, chunk: int, *, rrf_k: float, depth: int, gap: float = 0) -> float:
    """What a leg adds to a chunk, before its weight: 'dense', 'keyword', 'keyword 2' of a query, 'dense.title'."""
    kind = re.split("[ .]", name)[0]
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
        return 0 if score is None else rectified((score - mean) / (deviation or 1))
    if method == "blend":
        out = prominence([leg.scores[c] for c in leg.ranked])
        return 8 * (score or 0) / (leg.highest + 2) * (1 + 2 * out) / (1 + 2 * gap)
    raise ValueError(method)


def fused(
    method: str, legs: Mapping[str, Leg], weights: Mapping[str, float], *, rrf_k: float = 60, depth: int
) -> dict[int, float]:
    """Scores of all candidates: what any leg lists."""
    candidates = {chunk for leg in legs.values() for chunk in leg.ranked}
    gaps = {
        name: gap(leg, legs.get(name.replace("keyword", "dense"))) if name.startswith("keyword") else 0
        for name, leg in legs.items()
    }
    return {
        chunk: sum(
            weights.get(name, 1) * share(method, name, leg, chunk, rrf_k=rrf_k, depth=depth, gap=gaps[name])
            for name, leg in legs.items()
        )
        for chunk in candidates
    }
