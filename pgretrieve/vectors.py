"""Vectors between NumPy and PostgreSQL. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pgvector import Vector

from pgretrieve import errors
from pgretrieve.encoders.base import Vectors

COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_TRAILER = b"\xff\xff"


def as_vectors(
    values: ArrayLike, dimensions: int, *, distance: str, storage: str, name: Callable[[int], str]
) -> Vectors:
    """Values as float32 of shape (n, dimensions), or the error that names the row that cannot be.

    Args:
        values: array-like of shape (n, dimensions).
        dimensions: of the collection.
        distance: of the collection; for cosine a row of zeros is an error.
        storage: of the collection; what is zero or infinite for it, is.
        name: what a row, counted from 0, belongs to, for the message.

    Raises:
        DimensionMismatch: another shape, or a row that holds NaN or infinity, or only zeros under cosine.
    """
    vectors = _numbers(values, dimensions)
    if vectors.ndim != 2 or vectors.shape[1] != dimensions:
        raise errors.DimensionMismatch(
            f"the collection stores embeddings of {dimensions} dimensions, got an array of shape {vectors.shape}",
            "Use the encoder that the collection was created with, or create another collection",
        )
    with np.errstate(over="ignore", under="ignore"):
        stored = vectors.astype(np.float16) if storage == "halfvec" else vectors
    note = " (as halfvec, which ends at 65504 and 0.00000006)" if storage == "halfvec" else ""
    finite = np.isfinite(stored).all(axis=1)
    if not finite.all():
        raise errors.DimensionMismatch(
            f"the embedding of {name(int(np.argmin(finite)))} holds NaN or infinity{note}",
            "Check what the encoder made of it",
        )
    if distance == "cosine" and not (nonzero := stored.any(axis=1)).all():
        raise errors.DimensionMismatch(
            f"the embedding of {name(int(np.argmin(nonzero)))} is all zeros{note}, which has no direction",
            "Check what the encoder made of it",
        )
    return vectors


def as_optional_vectors(
    values: ArrayLike, dimensions: int, *, distance: str, storage: str, name: Callable[[int], str]
) -> tuple[Vectors, NDArray[np.bool_]]:
    """As ``as_vectors``, but a row of nothing but NaN is no vector. Also returns which rows are one."""
    numbers = _numbers(values, dimensions)
    there = np.ones(len(numbers) if numbers.ndim else 0, dtype=bool)
    if numbers.ndim == 2:
        there &= ~np.isnan(numbers).all(axis=1)
    places = np.flatnonzero(there)
    as_vectors(
        numbers[there] if numbers.ndim == 2 else numbers, dimensions, distance=distance, storage=storage,
        name=lambda row: name(int(places[row])),
    )  # fmt: skip
    return numbers, there


def _numbers(values: ArrayLike, dimensions: int) -> Vectors:
    try:
        with np.errstate(over="ignore"):  # becomes infinity, which is told with its row
            return np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise errors.DimensionMismatch(
            f"embeddings are not numbers in rows of equal length ({error})", f"Give an array of shape (n, {dimensions})"
        ) from None


def as_query(values: ArrayLike, dimensions: int, *, distance: str, storage: str, named: str = "the query") -> str:
    """One vector as the text that PostgreSQL reads; errors as in ``as_vectors``."""
    rows = _numbers(values, dimensions)
    if rows.ndim == 1:
        rows = rows.reshape(1, -1)
    if rows.ndim == 2 and len(rows) != 1:
        raise errors.DimensionMismatch(f"{named} has one embedding, got {len(rows)}", "Ask once for each")
    row = as_vectors(rows, dimensions, distance=distance, storage=storage, name=lambda _: named)[0]
    return str(Vector(row).to_text())


def copy_data(chunk_ids: Sequence[int], vectors: Vectors, storage: str) -> bytes:
    """Rows (chunk_id, embedding) in the binary format of COPY, made in one piece: row by row costs ten times as much.

    Args:
        chunk_ids: n ids.
        vectors: float32, (n, dimensions).
        storage: 'vector', 'halfvec' or 'bit'; bits are set where a value is above 0, as binary_quantize does.
    """
    count, dimensions = vectors.shape
    if storage == "bit":
        body: NDArray[Any] = np.packbits(vectors > 0, axis=1)
        head = np.dtype([("bits", ">i4")])
        head_values: tuple[int, ...] = (dimensions,)
    else:
        body = vectors.astype(">f4" if storage == "vector" else ">f2")
        head = np.dtype([("dimensions", ">i2"), ("unused", ">i2")])
        head_values = (dimensions, 0)
    record = np.dtype(
        [
            ("fields", ">i2"),
            ("id_bytes", ">i4"),
            ("id", ">i4"),
            ("bytes", ">i4"),
            ("head", head),
            ("body", body.dtype, (body.shape[1],)),
        ]
    )
    rows = np.empty(count, dtype=record)
    rows["fields"], rows["id_bytes"], rows["id"] = 2, 4, chunk_ids
    rows["bytes"] = head.itemsize + body.shape[1] * body.dtype.itemsize
    rows["head"] = head_values
    rows["body"] = body
    return COPY_HEADER + rows.tobytes() + COPY_TRAILER
