"""Calls about the recall of the vector index as statements: text and parameters. Pure: nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from pgretrieve import errors
from pgretrieve.flow import Statement
from pgretrieve.statements import columns, filter_parameter, whole
from pgretrieve.texts import text_problem
from pgretrieve.types import RECALL_COLUMNS

_RECALL_ARGUMENTS = """%(collection)s, %(embeddings)s, k => %(k)s, filter => %(filter)s,
       settings => %(settings)s::integer[], sample => %(sample)s, query_set => %(query_set)s"""


def recall_report(
    collection: str,
    embeddings: list[str] | None,
    k: int,
    filter: Mapping[str, Any] | None,  # noqa: A002  the contract's name
    settings: list[int] | None,
    sample: int,
    query_set: str | None,
) -> Statement:
    """pgretrieve.recall_report; the columns of ``RecallMeasurement``, and note."""
    params = recall_parameters(collection, k, filter, settings, sample, query_set)
    # A literal: a client whose search path lacks pgvector's schema could not name the type.
    literal = None if embeddings is None else "{" + ",".join(f'"{vector}"' for vector in embeddings) + "}"
    return Statement(
        f"select {columns(RECALL_COLUMNS)}, note from pgretrieve.recall_report({_RECALL_ARGUMENTS})",
        params | {"embeddings": literal},
    )


def recall_parameters(
    collection: str,
    k: int,
    filter: Mapping[str, Any] | None,  # noqa: A002  the contract's name
    settings: list[int] | None,
    sample: int,
    query_set: str | None,
) -> dict[str, Any]:
    """What the statements about recall take, checked."""
    hint = "Give whole numbers, such as [100, 200]"
    if not isinstance(settings, list | tuple | None):
        raise errors.InvalidInput(f"settings are {settings!r}", hint)
    if not isinstance(query_set, str | None) or (query_set and text_problem(query_set)):
        raise errors.InvalidInput(f"query_set {query_set!r} does not exist", "Give the name of a set, or None")
    return {
        "collection": collection,
        "k": whole("k", k, "Give 1 to 10000 rows"),
        "filter": filter_parameter(filter),
        "settings": None if settings is None else [whole("a setting", value, hint) for value in settings],
        "sample": whole("sample", sample, "Give 1 to 10000 queries"),
        "query_set": query_set,
    }


def recall_plan(params: Mapping[str, Any]) -> Statement:
    """pgretrieve._recall_plan; one row: setting, present, tried, note."""
    return Statement(
        "select p.setting, p.present, p.tried, p.note from pgretrieve._find_collection(%(collection)s) as c,"
        "  lateral pgretrieve._recall_plan(c, %(k)s, %(filter)s, %(settings)s::integer[]) as p",
        params,
    )


def recall_queries(params: Mapping[str, Any]) -> Statement:
    """pgretrieve._recall_queries; embedding as text, source."""
    return Statement(
        "select q.embedding::text, q.source from pgretrieve._find_collection(%(collection)s) as c,"
        "  lateral pgretrieve._recall_queries(c, %(sample)s, %(query_set)s) as q",
        params,
    )


def recall_of(params: Mapping[str, Any], embedding: str, setting: str, tried: list[int], turn: int) -> Statement:
    """pgretrieve._recall_of; value, recall, ms."""
    return Statement(
        "select value, recall, ms from pgretrieve._recall_of(%(collection)s, %(embedding)s, %(k)s, %(filter)s,"
        "  %(setting)s, %(tried)s::integer[], %(turn)s)",
        {**params, "embedding": embedding, "setting": setting, "tried": tried, "turn": turn},
    )


def recall_summary(measured: list[dict[str, Any]], setting: str, source: str, present: int) -> Statement:
    """pgretrieve._recall_summary; the columns of ``RecallMeasurement``."""
    return Statement(
        "select %(setting)s::text, value, present, queries, %(source)s::text, mean, worst_decile, minimum, median_ms,"
        "  time_ratio from pgretrieve._recall_summary(%(measured)s, %(present)s)",
        {"measured": Jsonb(measured), "present": present, "setting": setting, "source": source},
    )


def keep_recall(
    params: Mapping[str, Any], measured: list[dict[str, Any]], chosen: int | None, target_recall: float
) -> Statement:
    """pgretrieve._keep_recall; one row: whether the chosen setting is the collection's now."""
    given = {"measured": Jsonb(measured), "chosen": chosen, "target_recall": target_recall}
    return Statement(
        "select pgretrieve._keep_recall(%(collection)s, %(measured)s, %(setting)s, %(chosen)s::integer,"
        "  %(target_recall)s, %(k)s, %(filter)s, %(source)s)",
        {**params, **given, "setting": measured[0]["setting"], "source": measured[0]["source"]},
    )


def build_cost(collection: str, settings: Mapping[str, int]) -> Statement:
    """pgretrieve._build_cost; one row: vectors, index_bytes, seconds."""
    return Statement(
        "select vectors, index_bytes, seconds from pgretrieve._build_cost(%(collection)s, %(settings)s)",
        {"collection": collection, "settings": Jsonb(dict(settings))},
    )
