"""How well the vector index finds, and with which setting it finds enough, as flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pgretrieve import errors, recall_statements, vectors
from pgretrieve.encoders import load_encoder
from pgretrieve.flow import Flow, Work
from pgretrieve.texts import text_problem
from pgretrieve.types import CollectionInfo, Rebuild, RecallMeasurement, RecallReport, Tuning

# What pgvector takes, and what it has where nothing was said.
_MOST_HNSW = {"m": 100, "ef_construction": 1000}
_USUAL_HNSW = {"m": 16, "ef_construction": 64}


def recall_report(
    target: CollectionInfo, queries: Sequence[str] | ArrayLike | None, settings: Sequence[int] | None, **rest: Any
) -> Flow[RecallReport]:
    """What each setting finds; nothing is changed."""
    embeddings = yield from _encoded(target, queries)
    rows = yield recall_statements.recall_report(target.name, embeddings, settings=settings, **rest)  # type: ignore[arg-type]
    found = tuple(RecallMeasurement(*row[:-1]) for row in rows if row[0] is not None)
    return RecallReport(found, None if found else rows[0][-1])


def tune(
    target: CollectionInfo,
    target_recall: float,
    queries: Sequence[str] | ArrayLike | None,
    *,
    dry_run: bool,
    on_progress: Callable[[int], None],
    **rest: Any,
) -> Flow[Tuning]:
    """Measures, chooses, and unless it is a dry run makes the chosen setting the collection's."""
    if isinstance(target_recall, bool) or not isinstance(target_recall, int | float) or not 0 < target_recall <= 1:
        raise errors.InvalidInput(
            f"a target recall of {target_recall!r} is not possible", "Give a number above 0, and at most 1"
        )
    params = recall_statements.recall_parameters(target.name, settings=None, **rest)
    embeddings = yield from _encoded(target, queries)
    rows = yield recall_statements.recall_plan(params)
    setting, present, tried, note = rows[0]
    source = "given"
    if embeddings is None:
        rows = yield recall_statements.recall_queries(params)
        embeddings, source = [row[0] for row in rows], rows[0][1] if rows else ""
    if note is not None:
        return Tuning((), note, target_recall, reached=True)
    measured: list[dict[str, Any]] = []
    for turn, embedding in enumerate(embeddings):
        rows = yield recall_statements.recall_of(params, embedding, setting, tried, turn)
        measured += [{"value": value, "recall": recall, "ms": ms} for value, recall, ms in rows]
        on_progress(turn + 1)
    rows = yield recall_statements.recall_summary(measured, setting, source, present)
    found = tuple(RecallMeasurement(*row) for row in rows)
    if not found:
        note = "no query has a row to be found" if embeddings else "no chunk has a vector"
        return Tuning((), note, target_recall)
    chosen = next((one for one in found if one.mean >= target_recall), None)
    stored = False
    if not dry_run:
        value = None if chosen is None else chosen.value
        rows = yield recall_statements.keep_recall(params, [asdict(one) for one in found], value, target_recall)
        stored = rows[0][0]
    rebuild = None
    if chosen is None and target.index == "hnsw":
        rebuild = yield from _rebuild(target)
    return Tuning(found, None, target_recall, chosen is not None, chosen, stored, rebuild)


def _rebuild(target: CollectionInfo) -> Flow[Rebuild]:
    """A graph with twice the edges, looked for twice as long."""
    has = _USUAL_HNSW | target.index_settings
    settings = {name: min(2 * has[name], most) for name, most in _MOST_HNSW.items()}
    rows = yield recall_statements.build_cost(target.name, settings)
    return Rebuild(settings, *rows[0])


def _encoded(target: CollectionInfo, queries: Sequence[str] | ArrayLike | None) -> Flow[list[str] | None]:
    """Vectors of queries that were given, as texts or as vectors."""
    if queries is None:
        return None
    hint = f"Give a list of texts, or an array of shape (n, {target.dimensions})"
    if isinstance(queries, str | bytes | Mapping) or not isinstance(queries, Iterable):
        raise errors.InvalidInput(f"queries are {queries!r}", hint)
    given = queries if isinstance(queries, np.ndarray) else list(queries)
    if len(given) == 0:
        raise errors.InvalidInput("there are no queries", hint)
    if isinstance(given, list) and any(isinstance(query, str) for query in given):
        for query in given:
            if not isinstance(query, str) or not query.strip():
                raise errors.InvalidInput(f"a query is {query!r}, not text", hint)
            if problem := text_problem(query):
                raise errors.InvalidInput(f"a query {problem[0]}", problem[1])
        if target.encoder is None:
            raise errors.InvalidInput(
                f"collection {target.name!r} has no encoder for queries",
                f"Give their vectors, an array of shape (n, {target.dimensions})",
            )
        encoder = yield Work(load_encoder, (target.encoder,))
        given = yield Work(encoder.encode_queries, (given,))
    fit = {"distance": target.distance, "storage": target.storage}
    return [vectors.as_query(vector, target.dimensions, **fit) for vector in given]
