"""What is stored of evaluations in the database: sets of queries with their judgements, and runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pgretrieve import errors
from pgretrieve.evaluation import statements
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.running import Found, Run, encoded
from pgretrieve.flow import Flow, Transaction
from pgretrieve.texts import json_problem
from pgretrieve.types import CollectionInfo

_BATCH = 500  # queries of a run with all that they found, in one value


def save_set(target: CollectionInfo, given: QuerySet, name: str, *, source: str) -> Flow[int]:
    """Stores queries and judgements, an upsert, all or nothing; the number of judgements."""
    queries: list[dict[str, Any]] = [{"id": query, "text": text} for query, text in given.queries.items()]
    for query in queries:
        if (vector := given.embeddings.get(query["id"])) is not None:
            query["embedding"] = [float(x) for x in vector]
    judgements = [
        {"query_id": query, "document_id": document, "grade": grade}
        for query, grades in given.judgements.items() for document, grade in grades.items()
    ]  # fmt: skip
    for what in (queries, judgements):
        if problem := json_problem(what):
            raise errors.InvalidInput(f"the set {problem[0]}", problem[1])
    query_set = name or given.name

    def whole() -> Flow[int]:
        yield statements.add_queries(target.name, query_set, queries)
        rows = yield statements.add_judgements(target.name, query_set, judgements, source)
        return int(rows[0][0])

    written = yield Transaction(whole())
    return int(written)


def load_set(target: CollectionInfo, name: str) -> Flow[QuerySet]:
    """A stored set of queries with its judgements and embeddings; error NotFound."""
    rows = yield statements.queries(target.name, name)
    if not rows:
        found = yield from query_sets(target.name)
        others = [one["query_set"] for one in found]
        here = (
            f"Query sets here: {', '.join(map(repr, others))}"
            if others
            else "It has none yet; pgretrieve judgements import, or save_set, stores one"
        )
        raise errors.NotFound(f"collection {target.name!r} has no query set {name!r}", here)
    judgements: dict[str, dict[str, int]] = {}
    judged = yield statements.judgements(target.name, name)
    for query, document, grade in judged:
        judgements.setdefault(query, {})[document] = grade
    vectors = {query: json.loads(vector) for query, _, vector in rows if vector is not None}
    return QuerySet({query: text for query, text, _ in rows}, judgements, vectors, name)


def embed_set(target: CollectionInfo, name: str) -> Flow[int]:
    """Encodes the queries of a stored set that have no embedding, by the collection's encoder; how many that were."""
    stored = yield from load_set(target, name)
    missing = stored.only({query for query in stored.queries if query not in stored.embeddings})
    vectors = yield from encoded(target, missing)
    if vectors:
        queries = [{"id": query, "text": missing.queries[query], "embedding": of} for query, of in vectors.items()]
        yield statements.add_queries(target.name, name, queries)
    return len(vectors)


def query_sets(collection: str | None) -> Flow[list[dict[str, Any]]]:
    """The stored sets, rows of the view pgretrieve.query_sets; of one collection or of all."""
    rows = yield statements.query_sets(collection)
    return [dict(zip(statements.SET_COLUMNS, row, strict=True)) for row in rows]


def runs(target: CollectionInfo) -> Flow[list[dict[str, Any]]]:
    """The stored runs, rows of the view pgretrieve.runs, oldest first."""
    rows = yield statements.runs(target.name)
    return [dict(zip(statements.RUN_COLUMNS, row, strict=True)) for row in rows]


def save_run(
    target: CollectionInfo,
    run: Run,
    values: Mapping[str, Mapping[str, float]],
    *,
    query_set: str,
    name: str,
    versions: Mapping[str, Any] | None,
) -> Flow[None]:
    """Stores a run with what it found, its settings and versions, in place of one of the same name."""
    queries = [
        {
            "query_id": query,
            "search_ms": run.search_ms.get(query),
            "measures": {measure: of[query] for measure, of in values.items() if query in of},
            "hits": [[hit.document_id, hit.score, hit.relevance] for hit in hits],
        }
        for query, hits in run.hits.items()
    ]
    means = {measure: sum(of.values()) / len(of) for measure, of in values.items() if of}

    def whole() -> Flow[None]:
        rows = yield statements.save_run(
            target.name, name or run.name, query_set, settings=run.settings, versions=versions or {}, measures=means
        )
        for start in range(0, len(queries), _BATCH):
            yield statements.save_run_queries(rows[0][0], queries[start : start + _BATCH])

    yield Transaction(whole())


def load_run(target: CollectionInfo, name: str) -> Flow[Run]:
    """A stored run; error NotFound."""
    found = yield from runs(target)
    known = {one["name"]: one for one in found}
    if name not in known:
        here = (
            f"Runs here: {', '.join(map(repr, known))}"
            if known
            else "It has none yet; pgretrieve eval --save makes one"
        )
        raise errors.NotFound(f"collection {target.name!r} has no run {name!r}", here)
    rows = yield statements.run_queries(target.name, name)
    hits: dict[str, Sequence[Found]] = {query: [Found(*hit) for hit in of] for query, _, of in rows}
    times = {query: took for query, took, _ in rows if took is not None}
    stored = known[name]
    return Run(name, stored["settings"], hits, times, stored["versions"], stored["query_set"])


def delete_run(target: CollectionInfo, name: str) -> Flow[bool]:
    """Deletes a stored run; whether it was there."""
    rows = yield statements.delete_run(target.name, name)
    return bool(rows[0][0])


def not_there(target: CollectionInfo, given: QuerySet) -> Flow[int]:
    """How many relevant documents the collection does not hold: they count, and cannot be found."""
    ids = {document for grades in given.judgements.values() for document, grade in grades.items() if grade > 0}
    rows = yield statements.missing(target, sorted(ids))
    return int(rows[0][0])


def documents(target: CollectionInfo, after: int) -> Flow[tuple[list[dict[str, Any]], int]]:
    """Some documents behind an internal id as a BEIR corpus has them, and the last one's internal id; none: the end.

    Texts are put together from their chunks: white space between those may differ.
    """
    found = []
    rows = yield statements.documents(target, after)
    for identifier, title, metadata, chunks in rows:
        text = ""
        for start, part in chunks or ():
            text = f"{text:<{start}}"[:start] + part
        found.append({"_id": identifier, "title": title, "text": text} | ({"metadata": metadata} if metadata else {}))
    if rows:
        last = yield statements.internal_id(target, rows[-1][0])
        after = int(last[0][0])
    return found, after
