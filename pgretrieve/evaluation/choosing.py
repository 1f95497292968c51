"""Settings of a search, each tried alone, and the one that held-out queries would choose. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pgretrieve.evaluation.significance import interval, randomisation_test

FOLDS = 5
LEAST_QUERIES = 20
SOFTNESS = 0.5
"""How many standard errors of its mean a value may lie behind the best and still count 1/e of it."""

_LEAST = 0.01  # of what has a logarithm; a value of 0 counts as this
_DIGITS = 3

Floats = NDArray[np.float64]
Point = Mapping[str, float]
"""A value by the name of its axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One number of a setting, and the values of it that are tried while all others stay as they are.

    Attributes:
        name: of the number.
        present: what it is now.
        values: that are tried, beside the present one.
        by_ratio: whether 1 is as far from 2 as 2 from 4.
    """

    name: str
    present: float
    values: tuple[float, ...]
    by_ratio: bool = True

    @property
    def tried(self) -> tuple[float, ...]:
        """All values in their order, the present one among them."""
        return tuple(sorted({self.present, *self.values}))

    def mean(self, shares: Floats) -> float:
        """The mean of what was tried, each value with its share; (len(tried),)."""
        values = np.array(self.tried)
        mean = np.exp(shares @ np.log(np.maximum(values, _LEAST))) if self.by_ratio else shares @ values
        found = float(f"{mean:.{_DIGITS}g}")
        return 0.0 if self.by_ratio and found <= _LEAST else found


def points(axes: Sequence[Axis]) -> list[Point]:
    """What is tried: the present setting, then every value of each axis with the others as they are."""
    present = {axis.name: axis.present for axis in axes}
    others = [present | {axis.name: value} for axis in axes for value in axis.tried if value != axis.present]
    return [present, *others]


def choose(axes: Sequence[Axis], values: Sequence[Floats]) -> Point:
    """The setting that some queries speak for.

    Not the best one tried, which would follow the chance of few queries, but a mean over each axis: a value counts
    exp(-(best - its mean) / (SOFTNESS * standard error of a mean)).

    Args:
        axes: what was tried.
        values: of a measure, of each of ``points(axes)``, (queries,) each.
    """
    means = {tuple(sorted(point.items())): float(of.mean()) for point, of in zip(points(axes), values, strict=True)}
    error = float(np.mean([of.std() for of in values])) / np.sqrt(len(values[0]))
    present = {axis.name: axis.present for axis in axes}
    chosen = {}
    for axis in axes:
        of_axis = np.array([means[tuple(sorted((present | {axis.name: value}).items()))] for value in axis.tried])
        if np.ptp(of_axis) == 0:  # nothing speaks for another
            chosen[axis.name] = axis.present
            continue
        shares = np.exp((of_axis - of_axis.max()) / max(SOFTNESS * error, 1e-9))
        chosen[axis.name] = axis.mean(shares / shares.sum())
    return chosen


def folds(queries: int, seed: int = 0) -> NDArray[np.intp]:
    """The fold of each query, 0 to FOLDS - 1, by chance but the same each time; (queries,)."""
    return np.random.default_rng(seed).permutation(queries) % FOLDS


def figures(measure: str, before: Floats, after: Floats) -> dict[str, Any]:
    """What a setting is worth on queries that did not choose it, beside the present one; (queries,) each."""
    differences = after - before
    low, high = interval(differences)
    return {
        "measure": measure,
        "value": float(after.mean()),
        "baseline": float(before.mean()),
        "gain": float(differences.mean()),
        "low": low,
        "high": high,
        "p": randomisation_test(differences),
        "better": int((differences > 0).sum()),
        "worse": int((differences < 0).sum()),
        "queries": len(before),
    }
