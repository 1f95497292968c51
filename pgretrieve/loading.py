"""Documents into a collection, as flows: skip what is known, chunk, encode, write a batch in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from psycopg.types.json import Jsonb

from pgretrieve import chunking, errors, indexing, intake, vectors
from pgretrieve.chunking import Piece
from pgretrieve.documents import content_hash, field_text
from pgretrieve.encoders import Encoder, load_encoder
from pgretrieve.encoders.base import Spans, Vectors
from pgretrieve.flow import Copy, Flow, Statement, Transaction, Work
from pgretrieve.intake import Given
from pgretrieve.statements import in_schema, vectors_table
from pgretrieve.tables import Table, find_tables
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
    """A document ready to be written.

    Attributes:
        embeddings: float32, (chunks, dimensions), or None if they follow.
        field_embeddings: float32, (1, dimensions), by field; of those that have one.
    """

    document: Document
    content_hash: str
    pieces: Sequence[Piece]
    embeddings: Vectors | None
    field_embeddings: Mapping[str, Vectors] = field(default_factory=dict)

    def vectors(self, of: str | None) -> Vectors | None:
        """Those of a field, or of the chunks for None."""
        return self.embeddings if of is None else self.field_embeddings.get(of)


def add(
    target: CollectionInfo,
    documents: Iterable[object],
    embeddings: ArrayLike | None,
    on_progress: Progress,
    *,
    field_embeddings: Mapping[str, ArrayLike],
    detect_language: bool,
) -> Flow[AddResult]:
    """Adds documents batch by batch; each batch is committed, or no trace of it remains."""
    done = AddResult()
    encodes = target.encoder and (embeddings is None or not field_embeddings.keys() >= set(target.vector_fields))
    given = intake.given(target, documents, embeddings, field_embeddings, detect_language=detect_language)
    batches = Ahead(_batches(given, ENCODED_PER_BATCH if encodes else DOCUMENTS_PER_BATCH))
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
    for of in (None, *target.vector_fields):
        if any(p.vectors(of) is not None for p in prepared):
            yield from indexing.drop_before_first_load(target, of)
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
    """Chunks and, where the collection has an encoder, vectors of each document and of its fields."""
    to_chunk = [given.document for given in batch if given.embedding is None]
    of_fields = [
        (given.document.id, name, text)
        for given in batch
        for name in target.vector_fields
        if name not in given.field_embeddings and (text := field_text(given.document, name))
    ]
    encoder: Encoder | None = None
    if target.encoder is not None and (to_chunk or of_fields):
        encoder = yield Work(load_encoder, (target.encoder,))
    cuts = yield Work(_cuts, (target, to_chunk, encoder))
    own_pieces = {d.id: pieces for d, (_, pieces) in zip(to_chunk, cuts, strict=True)}
    encoded: dict[str, Vectors] = {}
    encoded_fields: dict[str, dict[str, Vectors]] = {}
    if encoder is not None:
        texts = [
            encoder_text(title, document.text[p.start : p.end] if p.encoded is None else p.encoded)
            for document, (title, pieces) in zip(to_chunk, cuts, strict=True)
            for p in pieces
        ]
        texts += [text for *_, text in of_fields]
        matrix = yield from _encoded(target, encoder, texts, lambda share: on_progress(int(share * len(batch))))
        ends = np.cumsum([len(own_pieces[d.id]) for d in to_chunk], dtype=int)
        *of_chunks, rest = np.split(matrix, ends)
        encoded = dict(zip((d.id for d in to_chunk), of_chunks, strict=True))
        for row, (document_id, name, _) in enumerate(of_fields):
            encoded_fields.setdefault(document_id, {})[name] = rest[row : row + 1]
    return [
        Prepared(
            given.document,
            given.content_hash,
            own_pieces.get(given.document.id, [Piece(0, len(given.document.text))]),
            given.embedding if given.embedding is not None else encoded.get(given.document.id),
            {**given.field_embeddings, **encoded_fields.get(given.document.id, {})},
        )
        for given in batch
    ]


def _encoded(
    target: CollectionInfo, encoder: Encoder, texts: Sequence[str], on_share: Callable[[float], None]
) -> Flow[Vectors]:
    """Vectors of passages, in their order. ``on_share`` is told how much of them is done, from 0 to 1."""
    matrix = np.empty((len(texts), target.dimensions), dtype=np.float32)
    by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for first in range(0, len(texts), CHUNKS_PER_ENCODING):
        part = by_length[first : first + CHUNKS_PER_ENCODING]
        matrix[part] = yield Work(encoder.encode_documents, ([texts[i] for i in part],))
        on_share((first + len(part)) / len(texts))
    return matrix


def encoder_text(title: str, chunk: str) -> str:
    """What is encoded for a chunk: its document's title, then its text."""
    return f"{title}\n{chunk}" if title else chunk


def _cuts(
    target: CollectionInfo, documents: Sequence[Document], encoder: Encoder | None
) -> list[tuple[str, list[Piece]]]:
    """The title that is encoded with each document, and its chunks: by the encoder's tokens, else by characters."""
    if encoder is None:
        most_characters = target.chunking["max_characters"]
        return [(d.title, _pieces(chunking.by_characters(d.text, most_characters))) for d in documents]
    limit = min(target.chunking["max_tokens"], encoder.max_tokens) - encoder.special_tokens
    table_tokens = target.chunking.get("table_tokens", 0)
    tables = {d.id: found for d in documents if table_tokens and (found := find_tables(d.text))}
    measured = _measured(encoder, [table for found in tables.values() for table in found])
    # A token of ASCII covers at least one character, so most short texts need no counting; other characters may be
    # several tokens each.
    long = [
        d
        for d in documents
        if len(d.title) + len(d.text) >= limit or not (d.title + d.text).isascii() or d.id in tables
    ]
    tokens = dict(zip((d.id for d in long), encoder.token_spans([d.text for d in long]), strict=True))
    title_tokens = dict(zip((d.id for d in long), encoder.token_spans([d.title for d in long]), strict=True))
    cuts = []
    for d in documents:
        if d.id not in tokens:
            cuts.append((d.title, [Piece(0, len(d.text))]))
            continue
        # A title takes part of the room, but never more than half: of a longer one the beginning is encoded.
        title = title_tokens[d.id][: limit - limit // 2]
        room = limit - len(title)
        overlap = min(target.chunking["overlap_tokens"], limit // 4)
        if d.id in tables:
            pieces = chunking.with_tables(
                d.text,
                tokens[d.id],
                [next(measured) for _ in tables[d.id]],
                max_tokens=room,
                overlap_tokens=overlap,
                table_tokens=max(table_tokens - len(title), table_tokens // 2),
            )
        else:
            pieces = _pieces(chunking.by_tokens(d.text, tokens[d.id], room, overlap))
        cuts.append((d.title if len(title) == len(title_tokens[d.id]) else d.title[: title[-1][1]], pieces))
    return cuts


def _pieces(spans: Iterable[tuple[int, int]]) -> list[Piece]:
    return [Piece(start, end) for start, end in spans]


def _measured(encoder: Encoder, tables: Sequence[Table]) -> Iterator[tuple[Table, Spans, list[int]]]:
    """Each table with the tokens of its head, and how many each of its rows has."""
    heads = encoder.token_spans([chunking.head_of(table) for table in tables])
    sizes = map(len, encoder.token_spans([row.text for table in tables for row in table.rows]))
    for table, head in zip(tables, heads, strict=True):
        yield table, head, [next(sizes) for _ in table.rows]


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
    count = sum(len(p.pieces) for p in prepared)
    rows = yield Statement(in_schema(target, "select {schema}.reserve_chunk_ids(%(count)s)"), {"count": count})
    chunk_ids: list[int] = rows[0][0]
    numbers = iter(chunk_ids)
    chunks = [
        (
            next(numbers),
            document_ids[p.document.id],
            ordinal,
            piece.start,
            piece.end,
            p.document.text[piece.start : piece.end],
            piece.context,
        )
        for p in prepared
        for ordinal, piece in enumerate(p.pieces)
    ]
    yield Copy(
        in_schema(
            target, "copy {schema}.chunk (id, document_id, ordinal, start_offset, end_offset, text, context) from stdin"
        ),
        rows=chunks,
    )
    numbers = iter(chunk_ids)
    owners = [(p, [next(numbers) for _ in p.pieces]) for p in prepared]
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
    for name in target.vector_fields:
        having = [(document_ids[p.document.id], v) for p in prepared if (v := p.vectors(name)) is not None]
        if having:
            yield _copy_field(target, name, having)
    yield Statement(
        in_schema(target, "select {schema}.index_chunks(%(first)s, %(last)s, %(documents)s)"),
        {"first": min(chunk_ids), "last": max(chunk_ids), "documents": list(document_ids.values())},
        meanwhile,
    )
    return count


def _copy_field(target: CollectionInfo, name: str, having: Sequence[tuple[int, Vectors]]) -> Copy:
    """Vectors of a field, by the number of their document."""
    table = vectors_table(target, name)
    return Copy(
        in_schema(target, f"copy {{schema}}.{table} (document_id, embedding) from stdin with (format binary)"),
        data=[vectors.copy_data([n for n, _ in having], np.concatenate([v for _, v in having]), target.storage)],
    )


def embed_pending(target: CollectionInfo, on_progress: Progress) -> Flow[int]:
    """Encodes documents that were written from SQL and wait for vectors. Returns the number of documents.

    Each is chunked anew by the encoder's tokens. One that somebody else writes meanwhile is left to the next round.
    """
    done = 0
    shaping = intake.shaping(target)
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
        given = [Given(d, None, content_hash(d, shaping)) for d in waiting]
        prepared = yield from _prepare(target, given, lambda n: on_progress(done + n))  # noqa: B023
        seen = {row[0]: row[4] for row in rows}
        written = yield Transaction(_write_unchanged(target, prepared, seen))
        done += written
        on_progress(done)
    if target.vector_fields:
        done += yield from _embed_fields(target, lambda n: on_progress(done + n))
    if done >= COMPACT_AFTER:
        yield from indexing.settle(target)
    yield from indexing.build(target)
    return done


def _embed_fields(target: CollectionInfo, on_progress: Progress) -> Flow[int]:
    """Encodes fields of documents that have the vectors of their chunks already. Returns the number of documents."""
    assert target.encoder is not None  # noqa: S101  the caller has seen to it
    done = 0
    while True:
        rows = yield Statement(
            in_schema(target, "select * from {schema}.field_pending(%(most)s)"), {"most": ENCODED_PER_BATCH}
        )
        if not rows:
            return done
        encoder: Encoder = yield Work(load_encoder, (target.encoder,))
        places = [(row[0], row[1], name) for row in rows for name in row[3]]
        texts = [text for row in rows for text in row[3].values()]
        matrix = yield from _encoded(
            target, encoder, texts, lambda share: on_progress(done + int(share * len(rows)))  # noqa: B023
        )  # fmt: skip
        seen = {row[0]: row[2] for row in rows}
        done += yield Transaction(_write_fields(target, places, matrix, seen))
        on_progress(done)


def _write_fields(
    target: CollectionInfo, places: Sequence[tuple[str, int, str]], matrix: Vectors, seen: dict[str, Any]
) -> Flow[int]:
    locked = yield from _locked(target, seen)
    # so that another one who has read the same documents leaves them
    yield Statement(
        in_schema(target, "update {schema}.document set updated_at = now() where external_id = any (%(ids)s)"),
        {"ids": list(locked)},
    )
    for of in target.vector_fields:
        having = [
            (number, matrix[row : row + 1])
            for row, (key, number, name) in enumerate(places)
            if name == of and key in locked
        ]
        if having:
            yield _copy_field(target, of, having)
    return len(locked)


def _locked(target: CollectionInfo, seen: dict[str, Any]) -> Flow[set[str]]:
    """Of documents with the times at which they were written, those that nobody has written since, locked."""
    rows = yield Statement(
        in_schema(target, "select {schema}.lock_unchanged(%(ids)s::text[], %(times)s)"),
        {"ids": list(seen), "times": list(seen.values())},
    )
    return {row[0] for row in rows}


def _write_unchanged(target: CollectionInfo, prepared: Sequence[Prepared], seen: dict[str, Any]) -> Flow[int]:
    locked = yield from _locked(target, seen)
    still = [p for p in prepared if p.document.id in locked]
    if still:
        yield from _write(target, still)
    return len(still)
