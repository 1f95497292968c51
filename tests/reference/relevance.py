"""The numbers that relevance is worked out from, in plain Python: what sql/collection/relevance.sql says in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.reference.fusion import rectified


@dataclass(frozen=True)
class Candidate:
    """A candidate in both legs; ranks are None where the leg did not list it, scores where it has none."""

    chunk_id: int
    dense_rank: int | None
    dense_score: float | None
    keyword_rank: int | None
    keyword_score: float | None


def numbers(
    candidates: list[Candidate],
    mean: float,
    deviation: float,
    gap: float,
    possible: float,
    unknown: float,
    *,
    words_alone: bool,
) -> tuple[dict[int, list[float]], list[float]]:
    """Numbers of each hit by chunk, and of the query."""
    best = max((c.keyword_score for c in candidates if c.keyword_rank and c.keyword_score is not None), default=0.0)

    def z(c: Candidate) -> float:
        return 0.0 if c.dense_score is None else (c.dense_score - mean) / deviation

    def evidence(c: Candidate) -> float:
        return rectified(z(c)) + 8 * (c.keyword_score or 0.0) / (best + 2) / (1 + 2 * gap)

    order = sorted(candidates, key=lambda c: (-evidence(c), c.chunk_id))
    first = order[:20]
    near = [z(c) for c in candidates if c.dense_rank and c.dense_rank <= 20]
    both = [c for c in first if (c.dense_rank or 99) <= 20 and (c.keyword_rank or 99) <= 20]
    average = sum(map(evidence, first)) / len(first)
    spread = math.sqrt(sum((evidence(c) - average) ** 2 for c in first) / len(first))
    top = max(near, default=0.0)
    of_hits = {}
    for place, c in enumerate(order, start=1):
        of_hits[c.chunk_id] = [
            1.0,
            z(c),
            top,
            (c.keyword_score or 0.0) / possible,
            best / possible,
            gap,
            top - min(near, default=0.0),
            math.log(min(c.dense_rank or 100, 100)),
            math.log(min(c.keyword_rank or 100, 100)),
            (c.keyword_score or 0.0) / best if best else 0.0,
            evidence(order[0]) - evidence(c),
            evidence(order[0]) - evidence(order[1]) if len(order) > 1 else 0.0,
            (evidence(c) - average) / spread if spread else 0.0,
            math.log(place),
            math.log(1 + (c.keyword_score or 0.0)) if words_alone else 0.0,
        ]
    of_query = [
        1.0, top, sum(near) / len(near) if near else 0.0, best / possible, math.log(1 + possible), unknown, gap,
        len(both) / len(first),
    ]  # fmt: skip
    return of_hits, of_query


def relevance(of_hit: list[float], of_query: list[float], hit: list[float], query: list[float]) -> float:
    """The product of two logistic models."""

    def sigmoid(values: list[float], weights: list[float]) -> float:
        log_odds = sum(v * w for v, w in zip(values, weights, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))

    return sigmoid(of_query, query) * sigmoid(of_hit, hit)
