"""What is asked of the database about evaluations, as statements. Pure: nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from pgretrieve.flow import Statement
from pgretrieve.statements import in_schema
from pgretrieve.types import CollectionInfo

SET_COLUMNS = ("collection", "query_set", "queries", "judged_queries", "embeddings", "judgements", "relevant")
RUN_COLUMNS = (
    "collection", "name", "query_set", "settings", "versions", "measures", "queries", "median_ms", "p95_ms",
    "created_at",
)  # fmt: skip

_QUERIES = """
select q.query_id, q.text, q.embedding::text
  from pgretrieve.query as q join pgretrieve.collection as c on c.id = q.collection_id
 where c.name = %(collection)s and q.query_set = %(set)s order by q.query_id
"""
_JUDGEMENTS = """
select query_id, document_id, grade from pgretrieve.judgements
 where collection = %(collection)s and query_set = %(set)s order by query_id, document_id
"""
_SETS = f"""
select {", ".join(SET_COLUMNS)} from pgretrieve.query_sets
 where %(collection)s::text is null or collection = %(collection)s order by collection, query_set
"""
_RUNS = f"""
select {", ".join(RUN_COLUMNS)} from pgretrieve.runs where collection = %(collection)s order by created_at, name
"""
_SAVE_RUN = """
select pgretrieve._save_run(%(collection)s, %(name)s, %(set)s, %(settings)s, %(versions)s, %(measures)s)
"""
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


def add_queries(collection: str, query_set: str, given: Sequence[Mapping[str, Any]]) -> Statement:
    """pgretrieve.add_queries."""
    return Statement(
        "select pgretrieve.add_queries(%(collection)s, %(set)s, %(given)s)",
        {"collection": collection, "set": query_set, "given": Jsonb(given)},
    )


def add_judgements(collection: str, query_set: str, given: Sequence[Mapping[str, Any]], source: str) -> Statement:
    """pgretrieve.add_judgements; one row with the number of judgements."""
    return Statement(
        "select pgretrieve.add_judgements(%(collection)s, %(set)s, %(given)s, %(source)s)",
        {"collection": collection, "set": query_set, "given": Jsonb(given), "source": source},
    )


def queries(collection: str, query_set: str) -> Statement:
    """Rows of query_id, text, and embedding as text; none if there is no such set."""
    return Statement(_QUERIES, {"collection": collection, "set": query_set})


def judgements(collection: str, query_set: str) -> Statement:
    """Rows of query_id, document_id, grade."""
    return Statement(_JUDGEMENTS, {"collection": collection, "set": query_set})


def query_sets(collection: str | None) -> Statement:
    """The view pgretrieve.query_sets, of one collection or of all; rows have `SET_COLUMNS`."""
    return Statement(_SETS, {"collection": collection})


def runs(collection: str) -> Statement:
    """The view pgretrieve.runs; rows have `RUN_COLUMNS`, oldest first."""
    return Statement(_RUNS, {"collection": collection})


def save_run(
    collection: str, name: str, query_set: str, *, settings: Any, versions: Any, measures: Mapping[str, float]
) -> Statement:
    """pgretrieve._save_run; one row with the id of the run."""
    return Statement(
        _SAVE_RUN,
        {
            "collection": collection, "name": name, "set": query_set, "settings": Jsonb(dict(settings)),
            "versions": Jsonb(dict(versions)), "measures": Jsonb(dict(measures)),
        },
    )  # fmt: skip


def save_run_queries(run: int, given: Sequence[Mapping[str, Any]]) -> Statement:
    """pgretrieve._save_run_queries."""
    return Statement("select pgretrieve._save_run_queries(%(run)s, %(given)s)", {"run": run, "given": Jsonb(given)})


def run_queries(collection: str, name: str) -> Statement:
    """Rows of query_id, search_ms, and hits as an array of [document_id, score, relevance]."""
    return Statement(_RUN_QUERIES, {"collection": collection, "name": name})


def delete_run(collection: str, name: str) -> Statement:
    """pgretrieve.delete_run; one row: whether it was there."""
    return Statement("select pgretrieve.delete_run(%(collection)s, %(name)s)", {"collection": collection, "name": name})


def missing(target: CollectionInfo, ids: Sequence[str]) -> Statement:
    """One row: how many of the documents are not there."""
    return Statement(in_schema(target, _MISSING), {"ids": list(ids)})


def documents(target: CollectionInfo, after: int) -> Statement:
    """The next 1000 documents: external id, title, metadata, and chunks as an array of [start_offset, text]."""
    return Statement(in_schema(target, _DOCUMENTS), {"after": after})


def internal_id(target: CollectionInfo, external_id: str) -> Statement:
    """One row: where `documents` goes on after this one."""
    return Statement(
        in_schema(target, "select id from {schema}.document where external_id = %(id)s"), {"id": external_id}
    )
