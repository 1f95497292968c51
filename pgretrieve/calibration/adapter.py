"""The Cosine Adapter: a monotone map of the dense score whose slope and offset hang on the query's vector.

Rossi et al., "Relevance Filtering for Embedding-based Retrieval" (CIKM 2024): linear heads on the query's vector give
the parameters of a map of one of several families, fitted by binary cross-entropy on judged hits. Applied by
sql/internal/_adapter_of.sql and _adapted.sql.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pgretrieve.calibration.evidence import Floats, Query

FAMILIES = ("linear", "sqrt", "quadratic", "power")
PENALTY = 0.03
"""On the squares of the heads, their bias apart."""


def mapped(family: str, scores: Floats, exponent: Floats | float = 1.0) -> Floats:
    """g(score) of a family; as pgretrieve._adapted."""
    if family == "linear":
        return scores
    if family == "sqrt":
        return np.sqrt(np.maximum(scores, 0))
    if family == "quadratic":
        return scores * np.abs(scores)
    return np.asarray(np.maximum(scores, 0.001) ** exponent)


def heads(family: str) -> tuple[str, ...]:
    """The parts of the model: a row each, of the vector's length and one more, the bias."""
    return ("slope", "offset", "exponent") if family == "power" else ("slope", "offset")


def log_odds(family: str, rows: Floats, queries: Sequence[Query]) -> list[Floats]:
    """What the adapter makes of the dense scores of each query."""
    slope, offset, exponent = _parameters(rows, _vectors(queries))
    return [slope[i] * mapped(family, q.raw, exponent[i]) + offset[i] for i, q in enumerate(queries)]


def fit(family: str, queries: Sequence[Query]) -> Floats:
    """Rows of the heads, (heads, dimensions + 1), from queries with vectors and raw dense scores."""
    from scipy.optimize import minimize

    vectors = _vectors(queries)
    owner = np.repeat(np.arange(len(queries)), [len(q.raw) for q in queries])
    scores = np.concatenate([q.raw for q in queries])
    labels = np.concatenate([q.relevant for q in queries]).astype(float)
    n_heads, width = len(heads(family)), vectors.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        rows = flat.reshape(n_heads, width)
        slope, offset, exponent = _parameters(rows, vectors)
        g = mapped(family, scores, exponent[owner])
        z = slope[owner] * g + offset[owner]
        error = (1 / (1 + np.exp(-np.clip(z, -30, 30))) - labels) / len(labels)
        value = np.mean(np.logaddexp(0, z) - labels * z) + PENALTY * np.sum(rows[:, :-1] ** 2) / width
        raw_slope = vectors @ rows[0]
        parts = [error * g / (1 + np.exp(-np.clip(raw_slope, -30, 30)))[owner], error]
        if n_heads == 3:
            raw = vectors @ rows[2]
            by_exponent = (
                g
                * np.log(np.maximum(scores, 0.001))
                * (exponent * np.log(4) / np.cosh(np.clip(raw, -30, 30)) ** 2)[owner]
            )
            parts.append(error * slope[owner] * by_exponent)
        gradient = np.stack([np.bincount(owner, weights=p, minlength=len(queries)) @ vectors for p in parts])
        gradient[:, :-1] += 2 * PENALTY * rows[:, :-1] / width
        return float(value), gradient.ravel()

    start = np.zeros((n_heads, width))
    start[0, -1], start[1, -1] = 2.0, -2.0
    return np.asarray(minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x).reshape(
        n_heads, width
    )


def _vectors(queries: Sequence[Query]) -> Floats:
    """Vectors at unit length with a 1 behind them, for the bias."""
    given = np.stack([np.asarray(q.embedding, dtype=float) for q in queries])
    length = np.linalg.norm(given, axis=1, keepdims=True)
    return np.hstack([given / np.where(length > 0, length, 1), np.ones((len(given), 1))])


def _parameters(rows: Floats, vectors: Floats) -> tuple[Floats, Floats, Floats]:
    raw = vectors @ rows.T
    exponent = 4.0 ** np.tanh(raw[:, 2]) if len(rows) == 3 else np.ones(len(vectors))
    return np.logaddexp(0, raw[:, 0]), raw[:, 1], exponent
