"""Exact nearest neighbours in float64, over the vectors as each storage keeps them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


def stored(vectors: Matrix, storage: str) -> Matrix:
    """What is left of vectors in a storage: 32 bits, 16 bits, or the sign of each number."""
    if storage == "bit":
        return (vectors > 0).astype(np.float64)
    return vectors.astype(np.float16 if storage == "halfvec" else np.float32).astype(np.float64)


def scores(vectors: Matrix, query: Matrix, storage: str, distance: str) -> Matrix:
    """The score of each row: cosine, inner product, negative distance, or share of equal bits mapped to -1..1."""
    rows, one = stored(vectors, storage), stored(query, storage)
    match distance:
        case "cosine":
            return rows @ one / (np.linalg.norm(rows, axis=1) * np.linalg.norm(one))
        case "inner_product":
            return rows @ one
        case "l2":
            return -np.linalg.norm(rows - one, axis=1)
        case "hamming":
            return 1 - 2 * np.abs(rows - one).sum(axis=1) / len(one)
    raise ValueError(distance)
