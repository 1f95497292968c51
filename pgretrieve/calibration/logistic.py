"""Logistic regression on numbers of very different size, as weights that SQL applies to the numbers as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pgretrieve import errors
from pgretrieve.calibration.evidence import Floats

PENALTIES = (1.0, 0.3, 0.1, 0.03, 0.01)
"""Inverse ones, as scikit-learn has them: the smaller, the nearer the weights are held to nought."""
_FOLDS = 5


def fit(
    numbers: Floats, labels: Floats, *, inverse_penalty: float, used: Sequence[int] = (), balanced: bool = False
) -> Floats:
    """Weights w so that sigmoid(numbers @ w) is the probability of a label of 1.

    The numbers are standardised, their weights held small (ridge), and then given for the numbers as they were.

    Args:
        numbers: (n, m), the first column 1.
        labels: (n,), 0 or 1, of both at least one.
        inverse_penalty: C of scikit-learn; the larger, the freer the weights.
        used: columns that may weigh, without the first; none: all.
        balanced: whether both labels count as much, however often they occur.

    Returns:
        float64, (m,); 0 for columns that are constant or not used.
    """
    regression = _regression()
    weights = np.zeros(numbers.shape[1])
    mean, deviation = numbers.mean(axis=0), numbers.std(axis=0)
    columns = [i for i in (used or range(1, numbers.shape[1])) if deviation[i] > 1e-9 * max(1.0, abs(mean[i]))]
    if not columns:
        weights[0] = 0.0 if balanced else _log_odds(float(labels.mean()))
        return weights
    standard = (numbers[:, columns] - mean[columns]) / deviation[columns]
    model = regression(C=inverse_penalty, max_iter=5_000, class_weight="balanced" if balanced else None)
    model.fit(standard, labels)
    weights[columns] = model.coef_[0] / deviation[columns]
    weights[0] = model.intercept_[0] - weights[columns] @ mean[columns]
    return weights


def chosen_penalty(numbers: Floats, labels: Floats, groups: Any) -> float:
    """The inverse penalty whose weights, fitted on other groups, give the least log loss.

    A few dozen queries bear less freedom than some hundreds do, and hits of one query say much the same: so what is
    held out are whole groups, each of which counts as much as the next.

    Args:
        numbers: as for ``fit``.
        labels: as for ``fit``.
        groups: int, (n,), from 0: the query of each hit.
    """
    folds = (np.random.default_rng(0).permutation(groups.max() + 1) % _FOLDS)[groups]
    losses = np.zeros((len(PENALTIES), len(labels)))
    for fold in range(_FOLDS):
        held_out = folds == fold
        seen = labels[~held_out]
        if not held_out.any() or not seen.any() or seen.all():
            continue
        for place, inverse_penalty in enumerate(PENALTIES):
            weights = fit(numbers[~held_out], seen, inverse_penalty=inverse_penalty)
            losses[place, held_out] = _log_loss(labels[held_out], probability(numbers[held_out], weights))
    sizes = np.bincount(groups)
    of_groups = np.stack([np.bincount(groups, weights=loss) / sizes for loss in losses])
    return PENALTIES[int(of_groups.mean(axis=1).argmin())]


def probability(numbers: Floats, weights: Floats) -> Floats:
    """The probability that the weights give; as pgretrieve._sigmoid, (n,)."""
    return np.asarray(1 / (1 + np.exp(-np.clip(numbers @ weights, -30, 30))))


def _log_loss(labels: Floats, probabilities: Floats) -> Floats:
    kept = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(-(labels * np.log(kept) + (1 - labels) * np.log(1 - kept)))


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def _regression() -> Any:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as missing:
        raise errors.MissingDependency(
            "fitting needs scikit-learn, which is not installed", "pip install 'pgretrieve[calibration]'"
        ) from missing
    return LogisticRegression
