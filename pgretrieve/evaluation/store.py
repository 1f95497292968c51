"""What is stored of evaluations in the database: sets of queries with their judgements, and runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from pgretrieve import Client, Collection, errors
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.running import Found, Run, encoded
from pgretrieve.flow import Flow, Statement, Transaction
from pgretrieve.statements import in_schema
from pgretrieve.texts import json_problem

_BATCH = 500  # queries of a run with all that they found, in one value

_ADD_QUERIES = "select pgretrieve.add_queries(%(collection)s, %(set)s, %(given)s)"
_ADD_JUDGEMENTS = "select pgretrieve.add_judgements(%(collection)s, %(set)s, %(given)s, %(source)s)"
_QUERIES = """
select q.query_id, q.text, q.embedding::text
  from pgretrieve.query as q join pgretrieve.collection as c on c.id = q.collection_id
 where c.name = %(collection)s and q.query_set = %(set)s order by q.query_id
"""
_JUDGEMENTS = """
select query_id, document_id, grade from pgretrieve.judgements
 where collection = %(collection)s and query_set = %(set)s order by query_id, document_id
"""
_SET_COLUMNS = ("collection", "query_set", "queries", "judged_queries", "embeddings", "judgements", "relevant")
_SETS = f"""
select {", ".join(_SET_COLUMNS)} from pgretrieve.query_sets
 where %(collection)s::text is null or collection = %(collection)s order by collection, query_set
"""
_RUN_COLUMNS = (
    "collection", "name", "query_set", "settings", "versions", "measures", "queries", "median_ms", "p95_ms",
    "created_at",
)  # fmt: skip
_RUNS = f"""
select {", ".join(_RUN_COLUMNS)} from pgretrieve.runs where collection = %(collection)s order by created_at, name
"""
_SAVE_RUN = """
select pgretrieve._save_run(%(collection)s, %(name)s, %(set)s, %(settings)s, %(versions)s, %(measures)s)
"""
_SAVE_RUN_QUERIES = "select pgretrieve._save_run_queries(%(run)s, %(given)s)"
_RUN_QUERIES = """
select q.query_id, q.search_ms,
       (select coalesce(jsonb_agg(jsonb_build_array(h.document_id, h.score, h.relevance) order by h.rank), '[]')
          from pgretrieve.run_hit as h where h.run_id = q.run_id and h.query_id = q.query_id)
  from pgretrieve.run_query as q
  join pgretrieve.run as r on r.id = q.run_id
  join pgretrieve.collection as c on c.id = r.collection_id
 where c.name = %(collection)s and r.name = %(name)s order by q.query_id
"""
_MISSING = """
select count(*) from unnest(%(ids)s::text[]) as j (id)
 where not exists (select from {schema}.document as d where d.external_id = j.id)
"""
_DOCUMENTS = """
select d.external_id, d.title, d.metadata,
       (select jsonb_agg(jsonb_build_array(c.start_offset, c.text) order by c.ordinal)
          from {schema}.chunk as c where c.document_id = d.id)
  from {schema}.document as d
 where d.id > %(after)s order by d.id limit 1000
"""
_LAST = "select id from {schema}.document where external_id = %(id)s"


def _ask(target: Collection | Client, sql: str, **params: Any) -> list[Any]:
    def flow() -> Flow[list[Any]]:
        rows = yield Statement(sql, params)
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
    known = {"collection": collection.name, "set": name or given.name}

    def flow() -> Flow[int]:
        yield Statement(_ADD_QUERIES, known | {"given": Jsonb(queries)})
        rows = yield Statement(_ADD_JUDGEMENTS, known | {"given": Jsonb(judgements), "source": source})
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
    rows = _ask(collection, _QUERIES, collection=collection.name, set=name)
    if not rows:
        others = [one["query_set"] for one in query_sets(collection._client, collection.name)]
        here = f"Query sets here: {', '.join(map(repr, others))}" if others else "It has none yet"
        raise errors.NotFound(f"collection {collection.name!r} has no query set {name!r}", here)
    judgements: dict[str, dict[str, int]] = {}
    for query, document, grade in _ask(collection, _JUDGEMENTS, collection=collection.name, set=name):
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
        _ask(collection, _ADD_QUERIES, collection=collection.name, set=name, given=Jsonb(queries))
    return len(vectors)


def query_sets(client: Client, collection: str | None = None) -> list[dict[str, Any]]:
    """The stored sets, rows of the view pgretrieve.query_sets; of one collection or of all."""
    return [dict(zip(_SET_COLUMNS, row, strict=True)) for row in _ask(client, _SETS, collection=collection)]


def runs(collection: Collection) -> list[dict[str, Any]]:
    """The stored runs, rows of the view pgretrieve.runs, oldest first."""
    return [dict(zip(_RUN_COLUMNS, row, strict=True)) for row in _ask(collection, _RUNS, collection=collection.name)]


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
        rows = yield Statement(
            _SAVE_RUN,
            {
                "collection": collection.name, "name": name or run.name, "set": query_set,
                "settings": Jsonb(dict(run.settings)), "versions": Jsonb(dict(versions or {})),
                "measures": Jsonb(means),
            },
        )  # fmt: skip
        for start in range(0, len(queries), _BATCH):
            yield Statement(_SAVE_RUN_QUERIES, {"run": rows[0][0], "given": Jsonb(queries[start : start + _BATCH])})

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
    rows = _ask(collection, _RUN_QUERIES, collection=collection.name, name=name)
    hits: dict[str, Sequence[Found]] = {query: [Found(*hit) for hit in found] for query, _, found in rows}
    times = {query: took for query, took, _ in rows if took is not None}
    stored = known[name]
    return Run(name, stored["settings"], hits, times, stored["versions"], stored["query_set"])


def delete_run(collection: Collection, name: str) -> bool:
    """Deletes a stored run; whether it was there."""
    rows = _ask(
        collection, "select pgretrieve.delete_run(%(collection)s, %(name)s)", collection=collection.name, name=name
    )
    return bool(rows[0][0])


def not_there(collection: Collection, given: QuerySet) -> int:
    """How many relevant documents the collection does not hold: they count, and cannot be found."""
    ids = {document for grades in given.judgements.values() for document, grade in grades.items() if grade > 0}
    return int(_ask(collection, in_schema(collection.info, _MISSING), ids=sorted(ids))[0][0])


def documents(collection: Collection) -> Iterator[dict[str, Any]]:
    """The documents as a BEIR corpus has them.

    Texts are put together from their chunks: white space between those may differ.
    """
    after = 0
    while rows := _ask(collection, in_schema(collection.info, _DOCUMENTS), after=after):
        for identifier, title, metadata, chunks in rows:
            text = ""
            for start, part in chunks or ():
                text = f"{text:<{start}}"[:start] + part
            yield {"_id": identifier, "title": title, "text": text} | ({"metadata": metadata} if metadata else {})
        after = _ask(collection, in_schema(collection.info, _LAST), id=rows[-1][0])[0][0]
