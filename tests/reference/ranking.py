"""Whether a ranking is the oracle's."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any


def assert_ranking(
    got: Sequence[tuple[int, float]],
    scores: Mapping[int, float],
    k: int,
    *,
    evidence: Mapping[int, Any] | None = None,
    tolerance: float = 1e-9,
) -> None:
    """Fails unless ``got`` holds the k best of ``scores``, in order, with their scores, ties by id.

    Floating-point sums may swap two chunks whose scores differ by rounding alone. That is forgiven, unless the two are
    tied on equal evidence: then the lower id comes first.

    Args:
        got: ids and scores, best first.
        scores: of the oracle, by id, of everything that may be found.
        k: how many were asked for.
        evidence: what scores hang on, by id; equal scores are the only ties without it.
        tolerance: by how much scores may differ, relative, and absolute near 0.
    """
    assert len(got) == min(k, len(scores)), f"{len(got)} rows of {len(scores)} for k = {k}"
    assert len({chunk for chunk, _ in got}) == len(got), "a chunk stands in the ranking twice"
    for chunk, score in got:
        assert chunk in scores, f"chunk {chunk} should not be found at all"
        assert math.isclose(score, scores[chunk], rel_tol=tolerance, abs_tol=tolerance), (
            f"chunk {chunk} scores {score}, the oracle says {scores[chunk]}"
        )
    evidence = evidence or scores
    ids = [chunk for chunk, _ in got]
    left_out = [chunk for chunk in scores if chunk not in set(ids)]
    pairs = [*pairwise(ids), *((ids[-1], other) for other in left_out if ids)]
    for first, second in pairs:
        if evidence[first] == evidence[second]:
            assert first < second, f"chunks {first} and {second} are tied, and the higher id comes first"
        else:
            slack = tolerance * max(1.0, abs(scores[first]))
            assert scores[first] > scores[second] - slack, (
                f"chunk {first} ({scores[first]}) stands before {second} ({scores[second]})"
            )
