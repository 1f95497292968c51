"""Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""

from collections.abc import Mapping, Sequence


def fused(
    legs: Mapping[str, Sequence[int]], weights: Mapping[str, float] | None = None, rrf_k: float = 60
) -> list[tuple[int, float]]:
    """Ids with their scores, best first, ties by id.

    Args:
        legs: ids in each leg, best first; ranks count from 1.
        weights: of each leg; 1 where left out.
        rrf_k: the constant.
    """
    scores: dict[int, float] = {}
    for leg, ids in legs.items():
        for rank, chunk in enumerate(ids, 1):
            scores[chunk] = scores.get(chunk, 0.0) + (weights or {}).get(leg, 1.0) / (rrf_k + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
