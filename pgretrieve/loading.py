"""Documents into a collection, as flows: check, skip what is known, chunk, encode, write a batch in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from psycopg.types.json import Jsonb

from pgretrieve import chunking, errors, indexing, vectors
from pgretrieve.detection import LanguageDetector
from pgretrieve.documents import checked, content_hash, require_known_fields
from pgretrieve.encoders import Encoder, load_encoder
from pgretrieve.encoders.base import Vectors
from pgretrieve.flow import Copy, Flow, Statement, Transaction, Work
from pgretrieve.statements import in_schema
from pgretrieve.types import AddResult, CollectionInfo, Document

DOCUMENTS_PER_BATCH = 32_768
"""Documents in one transaction with ready vectors; a batch goes straight into posting blocks."""

CHARACTERS_PER_BATCH = 16_000_000
"""Text in one transaction, so that a batch of long documents still fits in memory."""

ENCODED_PER_BATCH = 512
"""Documents in one transaction when encoding: what an interruption can cost."""

CHUNKS_PER_ENCODING = 128
"""Chunks between two reports of progress. They are sorted by length first, so that little is padded."""

COMPACT_AFTER = 1000
"""Documents written by one load that make a compaction at its end worth while."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be written. ``embeddings``: float32, (chunks, dimensions), or None if they follow."""

    document: Document
    content_hash: str
    spans: Sequence[tuple[int, int]]
    embeddings: Vectors | None


@dataclass(frozen=True, slots=True)
class Given:
    """A checked document of a load, with its own embedding, float32 (1, dimensions), if it came with one."""

    document: Document
    embedding: Vectors | None
    content_hash: str


def add(
    target: CollectionInfo,
    documents: Iterable[object],
    embeddings: ArrayLike | None,
    on_progress: Progress,
    *,
    detect_language: bool,
) -> Flow[AddResult]:
    """Adds documents batch by batch; each batch is committed, or no trace of it remains."""
    done = AddResult()
    per_batch = ENCODED_PER_BATCH if target.encoder and embeddings is None else DOCUMENTS_PER_BATCH
    batches = Ahead(_batches(_given(target, documents, embeddings, detect_language=detect_language), per_batch))
    # Another iterable might wait for something, and the batch underway would wait with it before it is committed.
    meanwhile = batches.fetch if isinstance(documents, list | tuple) else None
    try:
        while batch := batches.take():
            done += yield from _add_batch(target, batch, on_progress, done.written + done.unchanged, meanwhile)
    except errors.PgretrieveError as error:
        stored = done.written + done.unchanged
        error.hint = f"{error.hint.rstrip('.')}. {_fate(stored)}" if error.hint else _fate(stored)
        raise
    except Exception as error:  # of the caller's iterable, or of an encoder
        error.add_note(_fate(done.written + done.unchanged))
        raise
    if done.written >= COMPACT_AFTER:
        yield from indexing.settle(target)
    yield from indexing.build(target)
    return done


class Ahead:
    """An iterator of batches, of which the next can be fetched before it is wanted: while the server is at work."""

    def __init__(self, batches: Iterator[list[Given]]) -> None:
        self._batches = batches
        self._next: list[Given] | Exception | None = None

    def fetch(self) -> None:
        """Fetches the next batch, if that has not been done yet. An error in it waits until the batch is taken."""
        if self._next is None:
            try:
                self._next = next(self._batches, [])
            except Exception as error:  # noqa: BLE001  a bad document must not undo the batch underway
                self._next = error

    def take(self) -> list[Given]:
        """The next batch; empty at the end."""
        self.fetch()
        taken, self._next = self._next, None
        if isinstance(taken, Exception):
            raise taken
        return taken or []


def _batches(given: Iterator[Given], most_documents: int) -> Iterator[list[Given]]:
    batch: list[Given] = []
    characters = 0
    for one in given:
        batch.append(one)
        characters += len(one.document.text) + sum(map(len, one.document.fields.values()))
        if len(batch) >= most_documents or characters >= CHARACTERS_PER_BATCH:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _fate(stored: int) -> str:
    if not stored:
        return "Nothing was written"
    return f"The {stored:,} documents of the batches before are stored; a new run skips them"


def _given(
    target: CollectionInfo, documents: Iterable[object], embeddings: ArrayLike | None, *, detect_language: bool
) -> Iterator[Given]:
    """Checked documents with their own embeddings, and the hash of all that shapes their chunks and vectors."""
    detector = LanguageDetector(target.language, target.languages) if detect_language else None
    matrix = None
    if embeddings is not None:
        matrix = vectors.as_vectors(
            embeddings, target.dimensions, distance=target.distance, storage=target.storage,
            name=lambda row: f"row {row + 1}",
        )  # fmt: skip
    shaping = _shaping(target)
    count = 0
    for count, (document, own) in enumerate(checked(documents), 1):
        require_known_fields(document, target)
        if detector and document.language is None:
            document = replace(document, language=detector.language(f"{document.title}\n{document.text}"))  # noqa: PLW2901
        embedding = None
        if matrix is not None:
            if count > len(matrix):
                raise errors.DimensionMismatch(
                    f"there are more documents than the {len(matrix)} embeddings", "Give one embedding per document"
                )
            embedding = matrix[count - 1 : count]
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
        if embedding is None:
            yield Given(document, None, content_hash(document, shaping))
        else:
            yield Given(document, embedding, content_hash(document, b"", embedding.tobytes()))
    if matrix is not None and count < len(matrix):
        raise errors.DimensionMismatch(
            f"there are {len(matrix)} embeddings for {count} documents", "Give one embedding per document"
        )


def _shaping(target: CollectionInfo) -> bytes:
    """What of a collection shapes the chunks and vectors of a document."""
    return json.dumps([target.encoder, target.chunking], sort_keys=True).encode()


def _add_batch(
    target: CollectionInfo,
    batch: Sequence[Given],
    on_progress: Progress,
    before: int,
    meanwhile: Callable[[], None] | None,
) -> Flow[AddResult]:
    rows = yield Statement(
        in_schema(target, "select * from {schema}.match_documents(%(documents)s)"), {"documents": _with_metadata(batch)}
    )
    known = dict(rows)
    changed = [given for given in batch if given.document.id not in known]
    stale = [given for given in batch if known.get(given.document.id)]
    unchanged = len(known)
    on_progress(before + unchanged)
    if not changed and not stale:
        return AddResult(unchanged=unchanged)
    prepared = yield from _prepare(target, changed, lambda n: on_progress(before + unchanged + n))
    if any(p.embeddings is not None for p in prepared):
        yield from indexing.drop_before_first_load(target)
    chunks = yield Transaction(_write_batch(target, batch, stale, prepared, meanwhile))
    yield Statement(in_schema(target, "select {schema}.compact_if_due()"))
    on_progress(before + len(batch))
    return AddResult(len(changed), unchanged, chunks)


def _with_metadata(batch: Sequence[Given]) -> Jsonb:
    return Jsonb(
        [{"id": g.document.id, "metadata": dict(g.document.metadata), "content_hash": g.content_hash} for g in batch]
    )


def _write_batch(
    target: CollectionInfo,
    batch: Sequence[Given],
    stale: Sequence[Given],
    prepared: Sequence[Prepared],
    meanwhile: Callable[[], None] | None,
) -> Flow[int]:
    """Writes what is new of a batch: metadata where only that changed, and whole documents. Returns the chunks."""
    if stale:
        yield Statement(
            in_schema(target, "select {schema}.put_metadata(%(batch)s::text[], %(documents)s)"),
            {"batch": [g.document.id for g in batch], "documents": _with_metadata(stale)},
        )
    return (yield from _write(target, prepared, meanwhile)) if prepared else 0


def _prepare(target: CollectionInfo, batch: Sequence[Given], on_progress: Progress) -> Flow[list[Prepared]]:
    """Chunks and, where the collection has an encoder, vectors of each document."""
    to_chunk = [given.document for given in batch if given.embedding is None]
    encoder: Encoder | None = None
    if target.encoder is not None and to_chunk:
        encoder = yield Work(load_encoder, (target.encoder,))
    cuts = yield Work(_cuts, (target, to_chunk, encoder))
    own_spans = {d.id: spans for d, (_, spans) in zip(to_chunk, cuts, strict=True)}
    encoded: dict[str, Vectors] = {}
    if encoder is not None:
        texts = [
            encoder_text(title, document.text[start:end])
            for document, (title, spans) in zip(to_chunk, cuts, strict=True)
            for start, end in spans
        ]
        matrix = np.empty((len(texts), target.dimensions), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(texts), CHUNKS_PER_ENCODING):
            part = by_length[first : first + CHUNKS_PER_ENCODING]
            matrix[part] = yield Work(encoder.encode_documents, ([texts[i] for i in part],))
            on_progress((first + len(part)) * len(batch) // len(texts))
        ends = np.cumsum([len(own_spans[d.id]) for d in to_chunk])
        encoded = dict(zip((d.id for d in to_chunk), np.split(matrix, ends[:-1]), strict=True))
    return [
        Prepared(
            given.document,
            given.content_hash,
            own_spans.get(given.document.id, [(0, len(given.document.text))]),
            given.embedding if given.embedding is not None else encoded.get(given.document.id),
        )
        for given in batch
    ]


def encoder_text(title: str, chunk: str) -> str:
    """What is encoded for a chunk: its document's title, then its text."""
    return f"{title}\n{chunk}" if title else chunk


def _cuts(
    target: CollectionInfo, documents: Sequence[Document], encoder: Encoder | None
) -> list[tuple[str, list[tuple[int, int]]]]:
    """The title that is encoded with each document, and its chunks: by the encoder's tokens, else by characters."""
    if encoder is None:
        most_characters = target.chunking["max_characters"]
        return [(d.title, list(chunking.by_characters(d.text, most_characters))) for d in documents]
    limit = min(target.chunking["max_tokens"], encoder.max_tokens) - encoder.special_tokens
    # A token of ASCII covers at least one character, so most short texts need no counting; other characters may be
    # several tokens each.
    long = [d for d in documents if len(d.title) + len(d.text) >= limit or not (d.title + d.text).isascii()]
    tokens = dict(zip((d.id for d in long), encoder.token_spans([d.text for d in long]), strict=True))
    title_tokens = dict(zip((d.id for d in long), encoder.token_spans([d.title for d in long]), strict=True))
    cuts = []
    for d in documents:
        if d.id not in tokens:
            cuts.append((d.title, [(0, len(d.text))]))
            continue
        # A title takes part of the room, but never more than half: of a longer one the beginning is encoded.
        title = title_tokens[d.id][: limit - limit // 2]
        room = limit - len(title)
        overlap = min(target.chunking["overlap_tokens"], limit // 4)
        cuts.append(
            (
                d.title if len(title) == len(title_tokens[d.id]) else d.title[: title[-1][1]],
                list(chunking.by_tokens(d.text, tokens[d.id], room, overlap)),
            )
        )
    return cuts


def _write(
    target: CollectionInfo, prepared: Sequence[Prepared], meanwhile: Callable[[], None] | None = None
) -> Flow[int]:
    """Writes documents with their chunks and vectors; to be run in a transaction. Returns the number of chunks.

    ``meanwhile`` is called while the server indexes them, which is most of the time that a load takes.
    """
    rows = yield Statement(
        in_schema(target, "select * from {schema}.put_documents(%(documents)s)"),
        {
            "documents": Jsonb(
                [
                    {
                        "id": p.document.id,
                        "title": p.document.title,
                        "metadata": dict(p.document.metadata),
                        "language": p.document.language,
                        "fields": dict(p.document.fields) or None,
                        "content_hash": p.content_hash,
                    }
                    for p in prepared
                ]
            )
        },
    )
    document_ids = dict(rows)
    count = sum(len(p.spans) for p in prepared)
    rows = yield Statement(in_schema(target, "select {schema}.reserve_chunk_ids(%(count)s)"), {"count": count})
    chunk_ids: list[int] = rows[0][0]
    numbers = iter(chunk_ids)
    chunks = [
        (next(numbers), document_ids[p.document.id], ordinal, start, end, p.document.text[start:end])
        for p in prepared
        for ordinal, (start, end) in enumerate(p.spans)
    ]
    yield Copy(
        in_schema(target, "copy {schema}.chunk (id, document_id, ordinal, start_offset, end_offset, text) from stdin"),
        rows=chunks,
    )
    numbers = iter(chunk_ids)
    owners = [(p, [next(numbers) for _ in p.spans]) for p in prepared]
    with_vectors = [(ids, p.embeddings) for p, ids in owners if p.embeddings is not None]
    if with_vectors:
        yield Copy(
            in_schema(target, "copy {schema}.embedding (chunk_id, embedding) from stdin with (format binary)"),
            data=[
                vectors.copy_data(
                    [i for ids, _ in with_vectors for i in ids],
                    np.concatenate([matrix for _, matrix in with_vectors]),
                    target.storage,
                )
            ],
        )
    yield Statement(
        in_schema(target, "select {schema}.index_chunks(%(first)s, %(last)s, %(documents)s)"),
        {"first": min(chunk_ids), "last": max(chunk_ids), "documents": list(document_ids.values())},
        meanwhile,
    )
    return count


def embed_pending(target: CollectionInfo, on_progress: Progress) -> Flow[int]:
    """Encodes documents that were written from SQL and wait for vectors. Returns the number of documents.

    Each is chunked anew by the encoder's tokens. One that somebody else writes meanwhile is left to the next round.
    """
    done = 0
    while True:
        rows = yield Statement(
            in_schema(target, "select * from {schema}.pending_documents(%(most)s)"), {"most": ENCODED_PER_BATCH}
        )
        if not rows:
            break
        waiting = [
            Document(id=i, title=title, text=text, metadata=metadata, language=language, fields=fields)
            for i, title, text, metadata, _, language, fields in rows
        ]
        given = [Given(d, None, content_hash(d, _shaping(target))) for d in waiting]
        prepared = yield from _prepare(target, given, lambda n: on_progress(done + n))  # noqa: B023
        seen = {row[0]: row[4] for row in rows}
        written = yield Transaction(_write_unchanged(target, prepared, seen))
        done += written
        on_progress(done)
    if done >= COMPACT_AFTER:
        yield from indexing.settle(target)
    yield from indexing.build(target)
    return done


def _write_unchanged(target: CollectionInfo, prepared: Sequence[Prepared], seen: dict[str, Any]) -> Flow[int]:
    rows = yield Statement(
        in_schema(target, "select {schema}.lock_unchanged(%(ids)s::text[], %(times)s)"),
        {"ids": list(seen), "times": list(seen.values())},
    )
    locked = {row[0] for row in rows}
    still = [p for p in prepared if p.document.id in locked]
    if still:
        yield from _write(target, still)
    return len(still)
