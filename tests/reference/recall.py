"""Recall of an approximate search against exact nearest neighbours, and its summary, in plain Python."""

from collections.abc import Sequence
from math import ceil
from statistics import mean, median
from typing import Any

TOLERANCE = 1e-6
"""Distances of 16-bit vectors are summed up in 32 bits."""


def recall(found: Sequence[int], scores: Sequence[float], k: int) -> float | None:
    """Share of the best k of all rows, by score, that are among the found ones; one as good as the k-th will do."""
    best = sorted(scores, reverse=True)[:k]
    if not best:
        return None
    return sum(scores[row] >= best[-1] - TOLERANCE for row in found) / len(best)


def summary(recalls: Sequence[float], times: Sequence[float]) -> dict[str, Any]:
    """Mean, mean of the worst tenth, minimum, and median time."""
    worst = sorted(recalls)[: ceil(len(recalls) / 10)]
    return {
        "queries": len(recalls), "mean": mean(recalls), "worst_decile": mean(worst), "minimum": worst[0],
        "median_ms": median(times),
    }  # fmt: skip
