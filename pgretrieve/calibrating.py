"""Calibration of a collection, as a flow: evidence by the search's own expressions, a fit, a model that is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pgretrieve import errors, statements, vectors
from pgretrieve.calibration import adapter, fitting, passages
from pgretrieve.calibration.evidence import Query
from pgretrieve.encoders import Encoder, load_encoder
from pgretrieve.encoders.base import Vectors
from pgretrieve.flow import Flow, Work
from pgretrieve.loading import encoder_text
from pgretrieve.queries import as_encoded
from pgretrieve.statements import MODES
from pgretrieve.types import Calibration, CollectionInfo

PASSAGES = 240
"""Chunks that are taken apart where nothing is judged."""
UNJUDGED = 500
"""Queries that are looked at of a set that nobody has judged, such as a log."""

RELEVANT_HITS = 3.0
"""Of the first 20, where nothing is judged: what it is differs much between collections (docs/reference.md)."""

Progress = Callable[[int, int], None]

Asked = tuple[str, str | None, int | None, str | None, str | None]
"""A query, its vector, and what stands in for its source: chunk, text, vector."""

Relevant = list[set[str | int]]
"""For each query the ids of relevant documents, or the chunk that it was taken from."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be fitted; see ``Collection.calibrate``."""

    query_set: str | None
    modes: Sequence[str]
    family: str | None
    relevant_hits: float
    activate: bool

    def check(self) -> None:
        """Raises InvalidInput for what cannot be."""
        if isinstance(self.modes, str) or not self.modes or any(mode not in MODES for mode in self.modes):
            raise errors.InvalidInput(f"modes {self.modes!r} are not possible", f"Some of: {', '.join(MODES)}")
        if self.family is not None and self.family not in adapter.FAMILIES:
            raise errors.InvalidInput(f"there is no family {self.family!r}", f"One of: {', '.join(adapter.FAMILIES)}")
        given = self.relevant_hits
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < fitting.HITS:
            raise errors.InvalidInput(
                f"relevant_hits of {given!r} is not possible", f"Give a number between 0 and {fitting.HITS}"
            )


def calibrate(target: CollectionInfo, wish: Wish, on_progress: Progress) -> Flow[list[Calibration]]:
    """Fits and stores a relevance model for each mode: on judgements, or without any on passages of the collection
    and, if there is a set of queries, on those.
    """
    wish.check()
    encoder: Encoder | None = None
    if target.encoder is not None:
        encoder = yield Work(load_encoder, (target.encoder,))
    own: list[Asked] = []
    labels: Relevant = []
    unjudged: list[Asked] = []
    if wish.query_set is not None:
        own, labels = yield from _judged(target, encoder, wish.query_set)
        if not own:
            unjudged = yield from _unjudged(target, encoder, wish.query_set)
    if not own:
        own, labels = yield from _own_passages(target, encoder)
    foreign = yield from _foreign(target, encoder)
    groups = [own, foreign, unjudged]
    known: list[Relevant] = [labels, [set() for _ in foreign], [set() for _ in unjudged]]
    total, done = len(wish.modes) * sum(map(len, groups)), 0
    calibrations = []
    for mode in wish.modes:
        found: list[list[Query]] = []
        for group, relevant in zip(groups, known, strict=True):
            found.append([])
            for asked, label in zip(group, relevant, strict=True):
                rows = yield statements.evidence(target.name, mode, asked, fitting.HITS)
                found[-1].append(_query(rows, label, asked[1], mode))
                done += 1
                on_progress(done, total)
        calibrations.append((yield from _fit(target, wish, mode, *found)))
    return calibrations


def _foreign(target: CollectionInfo, encoder: Encoder | None) -> Flow[list[Asked]]:
    """Queries that hardly anything here answers. Without an encoder there are none: their vectors are not known."""
    if encoder is None:
        return []
    texts = passages.foreign_queries()
    encoded = yield Work(encoder.encode_queries, (texts,))
    return [(text, _as_query(target, vector), None, None, None) for text, vector in zip(texts, encoded, strict=True)]


def _own_passages(target: CollectionInfo, encoder: Encoder | None) -> Flow[tuple[list[Asked], Relevant]]:
    """Parts of chunks as queries, and the chunks that they were taken from, without them."""
    if encoder is None:
        raise errors.InvalidInput(
            f"collection {target.name!r} has no encoder, so passages of it cannot be put to it as queries",
            "Calibrate on judged queries with their embeddings, see pgretrieve.add_queries and add_judgements",
        )
    rows = yield statements.sample_chunks(target, PASSAGES)
    if not rows:
        raise errors.InvalidInput(f"collection {target.name!r} is empty", "Add documents, then calibrate")
    cuts = [(chunk_id, passages.cut(title, text, chunk_id)) for chunk_id, title, text in rows]
    kept = [(chunk_id, passage) for chunk_id, passage in cuts if passage is not None]
    if len(kept) < fitting.LEAST_QUERIES:
        raise errors.InvalidInput(
            f"of {len(rows)} chunks looked at {len(kept)} are long enough to take a passage out of, "
            f"and {fitting.LEAST_QUERIES} are needed",
            "Add documents, or calibrate on judged queries",
        )
    asked: Vectors = yield Work(encoder.encode_queries, ([passage.query for _, passage in kept],))
    rests = [encoder_text(passage.rest_title, passage.rest) for _, passage in kept]
    rest: Vectors = yield Work(encoder.encode_documents, (rests,))
    own: list[Asked] = [
        (
            passage.query, _as_query(target, query), chunk_id,
            f"{passage.rest_title}\n{passage.rest}", _as_query(target, left),
        )
        for (chunk_id, passage), query, left in zip(kept, asked, rest, strict=True)
    ]  # fmt: skip
    return own, [{chunk_id} for chunk_id, _ in kept]


def _judged(target: CollectionInfo, encoder: Encoder | None, query_set: str) -> Flow[tuple[list[Asked], Relevant]]:
    """Judged queries, and the ids of what is relevant to them; none if nothing in the set is judged."""
    rows = yield statements.judged_queries(target.name, query_set)
    own = yield from _encoded(target, encoder, [row[:2] for row in rows])
    return own, [set(relevant) for _, _, relevant in rows]


def _unjudged(target: CollectionInfo, encoder: Encoder | None, query_set: str) -> Flow[list[Asked]]:
    """Queries of a set of which none is judged."""
    rows = yield statements.sample_queries(target.name, query_set, UNJUDGED)
    if not rows:
        raise errors.NotFound(
            f"collection {target.name!r} has no queries in a set {query_set!r}",
            "Add them, see pgretrieve.add_queries and add_judgements, or leave the set out: none are needed",
        )
    return (yield from _encoded(target, encoder, rows))


def _encoded(target: CollectionInfo, encoder: Encoder | None, rows: Sequence[Sequence[Any]]) -> Flow[list[Asked]]:
    """Queries from rows of text and embedding, which the encoder makes where there is none."""
    known = {i: embedding for i, (_, embedding) in enumerate(rows)}
    if missing := [i for i, embedding in known.items() if embedding is None]:
        if encoder is None:
            raise errors.InvalidInput(
                f"{len(missing)} of {len(rows)} queries have no embedding, and {target.name!r} has no encoder",
                "Add the queries again with their embeddings",
            )
        encoded = yield Work(encoder.encode_queries, ([as_encoded(rows[i][0], target.fields) for i in missing],))
        known |= {i: _as_query(target, vector) for i, vector in zip(missing, encoded, strict=True)}
    return [(text, known[i], None, None, None) for i, (text, _) in enumerate(rows)]


def _as_query(target: CollectionInfo, vector: Any) -> str:
    return vectors.as_query(vector, target.dimensions, distance=target.distance, storage=target.storage)


def _query(rows: Sequence[Sequence[Any]], label: set[str | int], embedding: str | None, mode: str) -> Query:
    """As the fit takes it. A passage's source is known by its chunk, a judged document by its id."""
    pairs = [(document_id, chunk_id) for document_id, chunk_id, *_ in rows]
    raw = [row[3] if mode == "keyword" else row[2] for row in rows]
    return Query(
        hits=np.array([row[4] for row in rows], dtype=float),
        numbers=np.array(rows[0][5] if rows else (), dtype=float),
        relevant=np.array([not label.isdisjoint(pair) for pair in pairs], dtype=np.bool_),
        raw=np.array([-1.0 if value is None else value for value in raw], dtype=float),
        embedding=None if embedding is None else np.array(json.loads(embedding), dtype=np.float32),
    )


def _fit(
    target: CollectionInfo, wish: Wish, mode: str, own: list[Query], foreign: list[Query], unjudged: list[Query]
) -> Flow[Calibration]:
    evidence = "passages" if wish.query_set is None else "queries" if unjudged else "judgements"
    how = fitting.How(
        mode=mode,
        evidence=evidence,
        family=wish.family if mode == "dense" else None,
        relevant_hits=None if evidence == "judgements" else wish.relevant_hits,
    )
    fitted: fitting.Fitted = yield Work(fitting.fit, (how, own, foreign, unjudged))
    rows = yield statements.calibration_base(target.name)
    chunks, space = rows[0]
    parameters = {
        "hit": _text(fitted.hit), "query": _text(fitted.query), "family": fitted.family,
        "thresholds": fitted.thresholds, "chunks": chunks, "space": space,
    }  # fmt: skip
    fitted_on = {
        "evidence": " ".join(filter(None, [evidence, wish.query_set, fitting.digest(own)])),
        "query_set": wish.query_set,
        "queries": fitted.figures["queries"],
        "unjudged_queries": len(unjudged),
        "foreign_queries": len(foreign),
        "relevant_hits": how.relevant_hits,
    }
    parts: dict[str, list[list[float]]] = {}
    if fitted.family is not None and fitted.rows is not None:
        parts = {name: [row.tolist()] for name, row in zip(adapter.heads(fitted.family), fitted.rows, strict=True)}
    rows = yield statements.add_model(target.name, "calibration", mode, parameters, fitted_on, fitted.figures, parts)
    model_id, refused = int(rows[0][0]), None
    if wish.activate:
        try:
            yield statements.activate_model(model_id, force=False)
        except errors.ModelRefused as worse:
            refused = worse.message
    active = wish.activate and refused is None
    return Calibration(mode, model_id, active, refused, fitted_on, fitted.figures, fitted.thresholds)


def _text(weights: Any) -> str:
    return "[" + ",".join(format(float(w), ".9g") for w in weights) + "]"
