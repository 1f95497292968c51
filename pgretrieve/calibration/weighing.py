"""How much words say beside meaning, of passages whose sources are known: the weights of fusion method blend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pgretrieve.calibration import logistic
from pgretrieve.calibration.evidence import Floats

LEAST, MOST = 0.1, 8.0
FOLDS = 5

_PENALTY = 0.1


@dataclass(frozen=True)
class Candidates:
    """All candidates of a passage that was put to the collection.

    Attributes:
        parts: (candidates, 2), what meaning and words add to the fused score, each by a weight of 1.
        source: bool, (candidates,), where the passage was taken from.
    """

    parts: Floats
    source: NDArray[np.bool_]


def fit(passages: Sequence[Candidates]) -> float:
    """The weight of words where that of meaning is 1: the ratio of their log-odds in a logistic model of what is the
    source. 1 if there is nothing to tell.
    """
    parts = np.concatenate([one.parts for one in passages])
    source = np.concatenate([one.source for one in passages]).astype(float)
    if not source.any() or source.all():
        return 1.0
    _, dense, keyword = logistic.fit(_with_constant(parts), source, inverse_penalty=_PENALTY)
    if keyword <= 0:
        return LEAST if dense > 0 else 1.0
    return float(f"{np.clip(keyword / dense, LEAST, MOST):.3g}") if dense > 0 else MOST


def figures(passages: Sequence[Candidates], seed: int = 0) -> dict[str, object]:
    """How probable sources are on held-out passages, with fitted weights and with equal ones."""
    folds = np.random.default_rng(seed).permutation(len(passages)) % FOLDS
    fitted, equal = np.empty(len(passages)), np.empty(len(passages))
    for fold in range(FOLDS):
        seen = [one for one, f in zip(passages, folds, strict=True) if f != fold]
        held_out = [(i, one) for i, (one, f) in enumerate(zip(passages, folds, strict=True)) if f == fold]
        for weight, found in ((fit(seen), fitted), (1.0, equal)):
            model = _scaled(seen, weight)
            for i, one in held_out:
                found[i] = _log_likelihood(one, weight, model)
    return {
        "measure": "log-likelihood", "value": float(fitted.mean()), "baseline": float(equal.mean()),
        "passages": len(passages), "found": sum(bool(one.source.any()) for one in passages),
    }  # fmt: skip


def _scaled(passages: Sequence[Candidates], weight: float) -> Floats:
    """Constant and slope of the fused score."""
    score = np.concatenate([one.parts @ (1.0, weight) for one in passages])[:, None]
    source = np.concatenate([one.source for one in passages]).astype(float)
    return logistic.fit(_with_constant(score), source, inverse_penalty=1.0)


def _log_likelihood(one: Candidates, weight: float, model: Floats) -> float:
    probability = logistic.probability(_with_constant((one.parts @ (1.0, weight))[:, None]), model)
    return float(np.where(one.source, np.log(probability), np.log1p(-probability)).sum())


def _with_constant(numbers: Floats) -> Floats:
    return np.hstack([np.ones((len(numbers), 1)), numbers])
