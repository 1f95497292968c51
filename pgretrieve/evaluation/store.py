"""What is stored of evaluations in the database: sets of queries with their judgements, and runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pgretrieve import Client, Collection, errors
from pgretrieve.evaluation import statements
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.running import Found, Run, encoded
from pgretrieve.flow import Flow, Statement, Transaction
from pgretrieve.texts import json_problem

_BATCH = 500  # queries of a run with all that they found, in one value


def _ask(target: Collection | Client, statement: Statement) -> list[Any]:
    def flow() -> Flow[list[Any]]:
        rows = yield statement
        return list(rows)

    client = target._client if isinstance(target, Collection) else target
    return client._run(flow())


def save_set(collection: Collection, given: QuerySet, name: str = "", *, source: str = "judged") -> int:
    """Stores queries and judgements, an upsert, all or nothing; returns the number of judgements.

    Args:
        collection: where.
        given: queries with judgements, and embeddings if there are any.
        name: of the set; by default the one that it has.
        source: who judged.
    """
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

    def flow() -> Flow[int]:
        yield statements.add_queries(collection.name, query_set, queries)
        rows = yield statements.add_judgements(collection.name, query_set, judgements, source)
        return int(rows[0][0])

    def whole() -> Flow[int]:
        written = yield Transaction(flow())
        return int(written)

    return collection._client._run(whole())


def load_set(collection: Collection, name: str) -> QuerySet:
    """A stored set of queries with its judgements and embeddings.

    Raises:
        NotFound: the collection has no such set.
    """
    rows = _ask(collection, statements.queries(collection.name, name))
    if not rows:
        others = [one["query_set"] for one in query_sets(collection._client, collection.name)]
        here = f"Query sets here: {', '.join(map(repr, others))}" if others else "It has none yet"
        raise errors.NotFound(f"collection {collection.name!r} has no query set {name!r}", here)
    judgements: dict[str, dict[str, int]] = {}
    for query, document, grade in _ask(collection, statements.judgements(collection.name, name)):
        judgements.setdefault(query, {})[document] = grade
    vectors = {query: json.loads(vector) for query, _, vector in rows if vector is not None}
    return QuerySet({query: text for query, text, _ in rows}, judgements, vectors, name)


def embed_set(collection: Collection, name: str) -> int:
    """Encodes the queries of a stored set that have no embedding, by the collection's encoder; how many that were."""
    stored = load_set(collection, name)
    missing = stored.only({query for query in stored.queries if query not in stored.embeddings})
    vectors = encoded(collection, missing)
    if vectors:
        queries = [{"id": query, "text": missing.queries[query], "embedding": of} for query, of in vectors.items()]
        _ask(collection, statements.add_queries(collection.name, name, queries))
    return len(vectors)


def query_sets(client: Client, collection: str | None = None) -> list[dict[str, Any]]:
    """The stored sets, rows of the view pgretrieve.query_sets; of one collection or of all."""
    rows = _ask(client, statements.query_sets(collection))
    return [dict(zip(statements.SET_COLUMNS, row, strict=True)) for row in rows]


def runs(collection: Collection) -> list[dict[str, Any]]:
    """The stored runs, rows of the view pgretrieve.runs, oldest first."""
    rows = _ask(collection, statements.runs(collection.name))
    return [dict(zip(statements.RUN_COLUMNS, row, strict=True)) for row in rows]


def save_run(
    collection: Collection,
    run: Run,
    values: Mapping[str, Mapping[str, float]],
    *,
    query_set: str = "",
    name: str = "",
    versions: Mapping[str, Any] | None = None,
) -> None:
    """Stores a run with what it found, its settings and versions, in place of one of the same name.

    Args:
        collection: that it is of.
        run: what was found.
        values: by measure and query.
        query_set: the name of the queries.
        name: by default the run's own.
        versions: of more than the database knows of.
    """
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

    def flow() -> Flow[None]:
        rows = yield statements.save_run(
            collection.name, name or run.name, query_set, settings=run.settings, versions=versions or {}, measures=means
        )
        for start in range(0, len(queries), _BATCH):
            yield statements.save_run_queries(rows[0][0], queries[start : start + _BATCH])

    def whole() -> Flow[None]:
        yield Transaction(flow())

    collection._client._run(whole())


def load_run(collection: Collection, name: str) -> Run:
    """A stored run.

    Raises:
        NotFound: the collection has no such run.
    """
    known = {one["name"]: one for one in runs(collection)}
    if name not in known:
        here = (
            f"Runs here: {', '.join(map(repr, known))}"
            if known
            else "It has none yet; pgretrieve eval --save makes one"
        )
        raise errors.NotFound(f"collection {collection.name!r} has no run {name!r}", here)
    rows = _ask(collection, statements.run_queries(collection.name, name))
    hits: dict[str, Sequence[Found]] = {query: [Found(*hit) for hit in found] for query, _, found in rows}
    times = {query: took for query, took, _ in rows if took is not None}
    stored = known[name]
    return Run(name, stored["settings"], hits, times, stored["versions"], stored["query_set"])


def delete_run(collection: Collection, name: str) -> bool:
    """Deletes a stored run; whether it was there."""
    rows = _ask(collection, statements.delete_run(collection.name, name))
    return bool(rows[0][0])


def not_there(collection: Collection, given: QuerySet) -> int:
    """How many relevant documents the collection does not hold: they count, and cannot be found."""
    ids = {document for grades in given.judgements.values() for document, grade in grades.items() if grade > 0}
    return int(_ask(collection, statements.missing(collection.info, sorted(ids)))[0][0])


def documents(collection: Collection) -> Iterator[dict[str, Any]]:
    """The documents as a BEIR corpus has them.

    Texts are put together from their chunks: white space between those may differ.
    """
    after = 0
    while rows := _ask(collection, statements.documents(collection.info, after)):
        for identifier, title, metadata, chunks in rows:
            text = ""
            for start, part in chunks or ():
                text = f"{text:<{start}}"[:start] + part
            yield {"_id": identifier, "title": title, "text": text} | ({"metadata": metadata} if metadata else {})
        after = _ask(collection, statements.internal_id(collection.info, rows[-1][0]))[0][0]
