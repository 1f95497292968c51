"""How good probabilities are, on hits that they were not fitted on; and the cuts that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pgretrieve.calibration.evidence import Floats, Query

RECALLS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99)
PRECISIONS = tuple(round(0.05 * i, 2) for i in range(1, 20))
BINS = 10
STRICTER = 0.9
"""Of the recall that a target gives away this much is used: on other queries it is as often a little less."""


def average_precision(relevant: NDArray[Any], scores: Floats) -> float:
    """Area under the curve of precision over recall, by steps; hits with equal scores enter together.

    As sklearn.metrics.average_precision_score: sum over thresholds of (R_n - R_n-1) P_n.
    """
    if not relevant.any():
        return 0.0
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(relevant[order])
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)  # of each group of equal scores
    precision, recall = found[last] / (last + 1), found[last] / found[-1]
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def calibration_error(relevant: NDArray[Any], probabilities: Floats) -> float:
    """Expected calibration error: mean distance of probability and share of relevant hits, over ten bins of equal
    width.

    Naeini, Cooper, Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (AAAI 2015), section 2.
    """
    return float(sum(n * abs(mean - share) for mean, share, n in reliability(relevant, probabilities)) / len(relevant))


def reliability(relevant: NDArray[Any], probabilities: Floats) -> list[tuple[float, float, int]]:
    """For each bin that is not empty: mean probability, share of relevant hits, number of hits."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return [
        (float(probabilities[bins == b].mean()), float(relevant[bins == b].mean()), int((bins == b).sum()))
        for b in np.unique(bins)
    ]


def list_z(queries: Sequence[Query]) -> Floats:
    """Raw scores in deviations of their own list: the baseline that needs nothing fitted."""
    return np.concatenate([(q.raw - q.raw.mean()) / (q.raw.std() or 1.0) for q in queries])


def gap_to_top(queries: Sequence[Query]) -> Floats:
    """How far below the best of its list a raw score is, at most 0."""
    return np.concatenate([q.raw - q.raw.max() for q in queries])


def thresholds(relevant: NDArray[Any], probabilities: Floats) -> dict[str, list[list[float]]]:
    """Cuts for targets of recall and precision, each [target, least probability], of those that were reached.

    Args:
        relevant: (hits,), 0 or 1, or how likely it is 1 where that is all that is known.
        probabilities: (hits,).
    """
    order = np.argsort(-probabilities, kind="stable")
    precision = np.cumsum(relevant[order]) / np.arange(1, len(order) + 1)
    by_precision = []
    for target in PRECISIONS:
        reached = np.flatnonzero(precision >= target)
        # fewer than ten hits would be luck
        if len(reached) and reached[-1] >= 9:
            by_precision.append([target, float(probabilities[order][reached[-1]])])
    return {
        "recall": [[target, cut_for_recall(relevant, probabilities, target)] for target in RECALLS],
        "precision": by_precision,
    }


def cut_for_recall(relevant: NDArray[Any], probabilities: Floats, target: float) -> float:
    """The highest probability that so much of what is relevant reaches, and a little more. Arguments as above."""
    order = np.argsort(probabilities)
    below = np.cumsum(relevant[order]) / relevant.sum()
    return float(probabilities[order][np.searchsorted(below, (1 - target) * STRICTER, side="right")])


def at_cut(relevant: NDArray[Any], kept: NDArray[np.bool_]) -> dict[str, float]:
    """Share of the recall that a cut keeps, and precision with and without it."""
    total, returned = float(relevant.sum()), int(kept.sum())
    return {
        "recall_kept": float(relevant[kept].sum()) / total if total else 1.0,
        "precision": float(relevant[kept].mean()) if returned else 1.0,
        "precision_uncut": float(relevant.mean()),
        "returned": returned / len(relevant),
    }
