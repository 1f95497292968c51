"""Queries put to a collection, with each of several configurations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pgretrieve import errors, operations
from pgretrieve.encoders import load_encoder
from pgretrieve.evaluation.configurations import Configuration
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.flow import Flow, Work
from pgretrieve.queries import as_encoded
from pgretrieve.types import CollectionInfo


@dataclass(frozen=True, slots=True)
class Found:
    """A document that a query found; ``title`` is for people."""

    document_id: str
    score: float
    relevance: float | None = None
    title: str = ""


@dataclass(frozen=True)
class Run:
    """What a configuration found.

    Attributes:
        name: of the configuration, or the name that it is stored by.
        settings: mode, options and the like, and ``k``.
        hits: by query, documents best first; none of them twice.
        search_ms: by query, how long the search took, without encoding.
        versions: what it ran on, of a stored run.
        query_set: the name of the queries, of a stored run.
    """

    name: str
    settings: Mapping[str, Any]
    hits: Mapping[str, Sequence[Found]]
    search_ms: Mapping[str, float]
    versions: Mapping[str, Any] = field(default_factory=dict)
    query_set: str = ""

    @property
    def rankings(self) -> dict[str, list[str]]:
        """Ids of documents by query, best first."""
        return {query: [hit.document_id for hit in hits] for query, hits in self.hits.items()}

    def latency(self) -> tuple[float, float] | None:
        """Median and 95th percentile of a search, in milliseconds; None if no time is known."""
        if not self.search_ms:
            return None
        median, late = np.percentile(list(self.search_ms.values()), [50, 95])
        return float(median), float(late)


def encoded(target: CollectionInfo, queries: QuerySet) -> Flow[dict[str, Sequence[float]]]:
    """Vectors of the queries: those that came along, the others by the collection's encoder, if it has one."""
    vectors = dict(queries.embeddings)
    missing = [query for query in queries.queries if query not in vectors]
    if missing and target.encoder is not None:
        texts = [as_encoded(queries.queries[query], target.fields) for query in missing]
        encoder = yield Work(load_encoder, (target.encoder,))
        made = yield Work(encoder.encode_queries, (texts,))
        vectors |= {query: vector.tolist() for query, vector in zip(missing, made, strict=True)}
    return vectors


def run(
    target: CollectionInfo,
    queries: QuerySet,
    configurations: Sequence[Configuration],
    *,
    k: int,
    vectors: Mapping[str, Sequence[float]],
    on_progress: Callable[[int], None],
) -> Flow[list[Run]]:
    """Puts each query to the collection with each configuration, in turn, so that a slow moment hits all alike."""
    by_meaning = [one.name for one in configurations if one.mode != "keyword"]
    missing = [query for query in queries.queries if query not in vectors]
    if by_meaning and missing:
        raise errors.InvalidInput(
            f"{len(missing)} of {len(queries.queries)} queries have no embedding, which {by_meaning[0]!r} needs, and "
            f"collection {target.name!r} has no encoder",
            "Give embeddings with the queries, or compare configurations with mode=keyword",
        )
    hits: list[dict[str, list[Found]]] = [{} for _ in configurations]
    times: list[dict[str, float]] = [{} for _ in configurations]
    done = 0
    for number, (query, text) in enumerate(queries.queries.items()):
        for one, found, took in zip(configurations, hits, times, strict=True):
            if number == 0:
                yield from _search(target, one, text, vectors.get(query), k)  # a session's first search plans, too
            started = time.perf_counter()
            found[query] = yield from _search(target, one, text, vectors.get(query), k)
            took[query] = 1000 * (time.perf_counter() - started)
            done += 1
            on_progress(done)
    return [
        Run(one.name, one.settings() | {"k": k}, found, took)
        for one, found, took in zip(configurations, hits, times, strict=True)
    ]


def _search(
    target: CollectionInfo, one: Configuration, text: str, vector: Sequence[float] | None, k: int
) -> Flow[list[Found]]:
    embedding = None if one.mode == "keyword" else vector
    options = {"group_by": "document"} | dict(one.options)
    hits = yield from operations.search(target, text, embedding, one.mode, k, one.filter, one.min_relevance, options)
    return list(_once(Found(hit.document_id, hit.score, hit.relevance, hit.title) for hit in hits))


def _once(hits: Iterable[Found]) -> Iterable[Found]:
    """Judgements are of documents: of several chunks of one the first counts."""
    seen: set[str] = set()
    for hit in hits:
        if hit.document_id not in seen:
            seen.add(hit.document_id)
            yield hit
