"""What a calibration is fitted on: of each query the numbers of its first hits, and which are relevant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HIT_NUMBERS = (
    "constant", "dense z", "best dense z", "keyword share", "best keyword share", "gap", "dense spread",
    "ln dense rank", "ln keyword rank", "of best keyword score", "behind the first", "lead of the first", "evidence z",
    "ln place", "ln keyword score",
)  # fmt: skip
QUERY_NUMBERS = (
    "constant", "best dense z", "mean dense z", "best keyword share", "ln possible score", "unknown terms", "gap",
    "agreement of legs",
)  # fmt: skip
"""In the order of sql/collection/relevance.sql, which says what they are."""


@dataclass(frozen=True)
class Query:
    """One query and its first hits, in the order of the evidence.

    Attributes:
        hits: float64, (hits, len(HIT_NUMBERS)).
        numbers: float64, (len(QUERY_NUMBERS),).
        relevant: bool, (hits,).
        raw: float64, (hits,): the score that the mode ranks by without a calibration: dense score, else BM25.
        embedding: float32, (dimensions,), or None.
    """

    hits: Floats
    numbers: Floats
    relevant: NDArray[np.bool_]
    raw: Floats
    embedding: NDArray[np.float32] | None = None


def stacked(queries: Sequence[Query]) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Hits of all queries: their numbers, whether relevant (0 or 1), and the place of their query in the list."""
    owner = np.repeat(np.arange(len(queries)), [len(q.relevant) for q in queries])
    hits = np.concatenate([q.hits for q in queries]) if queries else np.empty((0, len(HIT_NUMBERS)))
    relevant = np.concatenate([q.relevant for q in queries]).astype(float) if queries else np.empty(0)
    return hits, relevant, owner
