"""Maximal marginal relevance, as Carbonell and Goldstein define it."""

import math
from collections.abc import Mapping, Sequence


def cosine(one: Sequence[float] | None, other: Sequence[float] | None) -> float:
    """0 where a vector is lacking or has no direction."""
    if one is None or other is None:
        return 0
    length = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0


def relevances(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores mapped to 0..1 over the candidates; 1 where all are equal."""
    lowest, highest = min(scores.values()), max(scores.values())
    return {chunk: (s - lowest) / (highest - lowest) if highest > lowest else 1 for chunk, s in scores.items()}


def values(
    scores: Mapping[int, float],
    vectors: Mapping[int, Sequence[float]],
    taken: Sequence[int],
    *,
    lambda_: float,
) -> dict[int, float]:
    """What each candidate that is not taken is worth next."""
    relevance = relevances(scores)
    return {
        chunk: lambda_ * relevance[chunk]
        - (1 - lambda_) * max((cosine(vectors.get(chunk), vectors.get(other)) for other in taken), default=0)
        for chunk in scores
        if chunk not in taken
    }
