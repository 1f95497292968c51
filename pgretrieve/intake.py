"""Documents of a load with the vectors that came along, checked, and with the hash of all that shapes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pgretrieve import chunking, errors, vectors
from pgretrieve.detection import LanguageDetector
from pgretrieve.documents import checked, content_hash, field_text, require_known_fields
from pgretrieve.encoders.base import Vectors
from pgretrieve.types import CollectionInfo, Document


@dataclass(frozen=True, slots=True)
class Given:
    """A checked document of a load, with its own embedding, float32 (1, dimensions), if it came with one.

    ``field_embeddings``: those of its fields that it came with, likewise.
    """

    document: Document
    embedding: Vectors | None
    content_hash: str
    field_embeddings: Mapping[str, Vectors] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Embeddings that came as an array for all documents of a load.

    Attributes:
        named: what they are, for messages.
        matrix: float32, a row for each document.
        there: which rows are embeddings.
    """

    named: str
    matrix: Vectors
    there: NDArray[np.bool_]

    def of(self, number: int) -> Vectors | None:
        """That of a document, counted from 1: float32 (1, dimensions), or None."""
        if number > len(self.matrix):
            raise errors.DimensionMismatch(
                f"there are more documents than the {len(self.matrix)} {self.named}", "Give one embedding per document"
            )
        return self.matrix[number - 1 : number] if self.there[number - 1] else None

    def require(self, count: int) -> None:
        """Raises unless there are as many as documents."""
        if count < len(self.matrix):
            raise errors.DimensionMismatch(
                f"there are {len(self.matrix)} {self.named} for {count} documents", "Give one embedding per document"
            )


def _rows(target: CollectionInfo, embeddings: ArrayLike) -> Rows:
    matrix = vectors.as_vectors(
        embeddings, target.dimensions, distance=target.distance, storage=target.storage,
        name=lambda row: f"row {row + 1}",
    )  # fmt: skip
    return Rows("embeddings", matrix, np.ones(len(matrix), dtype=bool))


def _field_rows(target: CollectionInfo, name: str, embeddings: ArrayLike) -> Rows:
    matrix, there = vectors.as_optional_vectors(
        embeddings, target.dimensions, distance=target.distance, storage=target.storage,
        name=lambda row: f"field {name!r} in row {row + 1}",
    )  # fmt: skip
    return Rows(f"embeddings of field {name!r}", matrix, there)


def given(
    target: CollectionInfo,
    documents: Iterable[object],
    embeddings: ArrayLike | None,
    field_embeddings: Mapping[str, ArrayLike],
    *,
    detect_language: bool,
) -> Iterator[Given]:
    """Checked documents with their own embeddings, and the hash of all that shapes their chunks and vectors."""
    detector = LanguageDetector(target.language, target.languages) if detect_language else None
    of_chunks = None if embeddings is None else _rows(target, embeddings)
    of_fields = {name: _field_rows(target, name, values) for name, values in field_embeddings.items()}
    shaped = shaping(target)
    count = 0
    for count, (document, own, own_of_fields) in enumerate(checked(documents), 1):
        require_known_fields(document, target)
        if detector and document.language is None:
            document = replace(document, language=detector.language(f"{document.title}\n{document.text}"))  # noqa: PLW2901
        embedding = None
        if of_chunks is not None:
            embedding = of_chunks.of(count)
        elif own is not None:
            embedding = vectors.as_vectors(
                [own], target.dimensions, distance=target.distance, storage=target.storage,
                name=lambda _: f"document {document.id!r}",  # noqa: B023  called at once
            )  # fmt: skip
        if embedding is not None and len(document.text) > chunking.MOST_CHARACTERS:
            raise errors.InvalidDocument(
                f"document {document.id!r} has {len(document.text):,} characters; with an embedding of its own it is "
                f"one chunk, and a chunk holds at most {chunking.MOST_CHARACTERS:,}",
                "Add its parts as documents, or let the collection's encoder chunk it",
            )
        fields = _own_field_vectors(target, document, own_of_fields)
        fields |= {name: row for name, rows in of_fields.items() if (row := rows.of(count)) is not None}
        _require_texts(document, fields)
        hashed = {name: vector.tobytes() for name, vector in fields.items()}
        if embedding is None:
            yield Given(document, None, content_hash(document, shaped, b"", hashed), fields)
        else:
            yield Given(document, embedding, content_hash(document, b"", embedding.tobytes(), hashed), fields)
    for rows in (*([] if of_chunks is None else [of_chunks]), *of_fields.values()):
        rows.require(count)


def _own_field_vectors(target: CollectionInfo, document: Document, given: Mapping[str, Any]) -> dict[str, Vectors]:
    """The vectors of fields that stand in a document."""
    found = {}
    for name, values in given.items():
        if name not in target.vector_fields:
            raise errors.InvalidDocument(
                f"document {document.id!r} has an embedding of field {name!r}, of which collection {target.name!r} "
                "keeps none",
                vector_fields_hint(target),
            )
        row, [there] = vectors.as_optional_vectors(
            [values], target.dimensions, distance=target.distance, storage=target.storage,
            name=lambda _: f"field {name!r} of document {document.id!r}",  # noqa: B023  called at once
        )  # fmt: skip
        if there:
            found[name] = row
    return found


def vector_fields_hint(target: CollectionInfo) -> str:
    """Which fields of a collection have vectors, as a hint."""
    if not target.vector_fields:
        return "It keeps none of any field: create_collection declares them"
    return f"It keeps those of {', '.join(target.vector_fields)}; create_collection declares them"


def _require_texts(document: Document, field_embeddings: Mapping[str, Vectors]) -> None:
    for name in field_embeddings:
        if field_text(document, name) is None:
            raise errors.InvalidDocument(
                f"document {document.id!r} has an embedding of field {name!r}, in which it has nothing",
                "Leave the embedding out, or give NaN in its row",
            )


def shaping(target: CollectionInfo) -> bytes:
    """What of a collection shapes the chunks and vectors of a document."""
    return json.dumps([target.encoder, target.chunking], sort_keys=True).encode()
