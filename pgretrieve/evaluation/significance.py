"""What chance alone would make: intervals of means, and tests of paired differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ROUNDS = 9_999
_AT_ONCE = 1_000

Values = Sequence[float] | NDArray[np.float64]


def interval(values: Values, level: float = 0.95) -> tuple[float, float]:
    """Where the mean lies: percentiles of the means of bootstrap samples, the same ones each time."""
    given = np.asarray(values, dtype=np.float64)
    chance = np.random.default_rng(0)
    means = np.concatenate(
        [
            given[chance.integers(0, len(given), (min(_AT_ONCE, ROUNDS - start), len(given)))].mean(axis=1)
            for start in range(0, ROUNDS, _AT_ONCE)
        ]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def randomisation_test(differences: Values) -> float:
    """The paired randomisation test, two-sided.

    How often the mean is at least as far from 0 if each difference has its sign by chance: of all ways where they are
    few, else of 9,999 drawn ones and the one that is.
    """
    given = np.asarray(differences, dtype=np.float64)
    given = given[given != 0]  # their sign changes nothing
    observed = abs(given.sum()) - 1e-9
    if len(given) == 0:
        return 1.0
    if 2 ** len(given) <= ROUNDS + 1:
        signs = 1 - 2 * (np.arange(2 ** len(given))[:, None] >> np.arange(len(given)) & 1)
        return float((np.abs(signs @ given) >= observed).mean())
    chance = np.random.default_rng(0)
    reached = 1
    for start in range(0, ROUNDS, _AT_ONCE):
        signs = 1 - 2 * chance.integers(0, 2, (min(_AT_ONCE, ROUNDS - start), len(given)), dtype=np.int8)
        reached += int((np.abs(signs @ given) >= observed).sum())
    return reached / (ROUNDS + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected by Holm for being several: each can be compared with the level that one alone would be."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected = [0.0] * len(p_values)
    largest = 0.0
    for place, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = largest
    return corrected
