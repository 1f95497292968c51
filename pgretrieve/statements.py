"""Every call of the database as a statement: text and parameters. Pure: nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from pgretrieve import errors
from pgretrieve.flow import Statement
from pgretrieve.texts import json_problem, text_problem
from pgretrieve.types import COLLECTION_COLUMNS, HIT_COLUMNS, STATS_COLUMNS, CollectionInfo

MODES = ("hybrid", "dense", "keyword")


def in_schema(target: CollectionInfo, template: str) -> str:
    """A statement of ours with the schema of a collection in the place of ``{schema}``."""
    return template.replace("{schema}", sql.Identifier(target.schema_name).as_string())


_ARGUMENTS = """%(collection)s, %(query)s, embedding => %(embedding)s, k => %(k)s, mode => %(mode)s,
       filter => %(filter)s, min_relevance => %(min_relevance)s, options => %(options)s"""

_SEARCH = f"select {', '.join(HIT_COLUMNS)}\n  from pgretrieve.search({_ARGUMENTS})"

_EXPLAIN = f"select pgretrieve.explain({_ARGUMENTS})"


def _search_parameters(
    collection: str,
    query: str,
    embedding: str | None,
    k: int,
    mode: str,
    filter: Mapping[str, Any] | None,  # noqa: A002  the contract's name
    min_relevance: float | None,
    options: Mapping[str, Any] | None,
) -> dict[str, Any]:
    if not isinstance(query, str | None):
        raise errors.InvalidInput(f"the query is {type(query).__name__}, not text", "Give words to search for")
    if query and (problem := text_problem(query)):
        raise errors.InvalidInput(f"the query {problem[0]}", problem[1])
    if isinstance(k, bool) or not isinstance(k, int) or not -(2**31) <= k < 2**31:
        raise errors.InvalidInput(f"k of {k!r} is not possible", "Give 1 to 10000 rows to return")
    if not isinstance(mode, str):
        raise errors.InvalidInput(f"mode {mode!r} does not exist", f"One of: {', '.join(MODES)}")
    if isinstance(min_relevance, bool) or not isinstance(min_relevance, int | float | None):
        raise errors.InvalidInput(f"min_relevance of {min_relevance!r} is not possible", "Give a number from 0 to 1")
    if not isinstance(filter, Mapping | None):
        raise errors.InvalidFilter(
            f"a filter is a dictionary or made with F, got {filter!r}",
            'For example {"team": "infra"} or F.team == "infra"',
        )
    if not isinstance(options, Mapping | None):
        raise errors.InvalidInput(f"options are a dictionary, got {options!r}", 'For example {"exact": True}')
    if filter is not None and (problem := json_problem(dict(filter))):
        raise errors.InvalidFilter(f"the filter {problem[0]}", problem[1])
    if options and (problem := json_problem(dict(options))):
        raise errors.InvalidInput(f"an option {problem[0]}", problem[1])
    return {
        "collection": collection,
        "query": query,
        "embedding": embedding,
        "k": k,
        "mode": mode,
        "filter": None if filter is None else Jsonb(dict(filter)),
        "min_relevance": min_relevance,
        "options": Jsonb(dict(options or {})),
    }


def search(*arguments: Any) -> Statement:
    """pgretrieve.search; rows have the columns of ``Hit``. Arguments as in ``_search_parameters``."""
    return Statement(_SEARCH, _search_parameters(*arguments))


def explain(*arguments: Any) -> Statement:
    """pgretrieve.explain; one row of one JSON object."""
    return Statement(_EXPLAIN, _search_parameters(*arguments))


def collections() -> Statement:
    """All collections by name; rows have the columns of ``CollectionInfo``."""
    return Statement(f"select {_columns(COLLECTION_COLUMNS)} from pgretrieve.collections order by name")


def collection(name: str) -> Statement:
    """One collection; no row if it does not exist."""
    return Statement(
        f"select {_columns(COLLECTION_COLUMNS)} from pgretrieve.collections where name = %(name)s", {"name": name}
    )


def collection_stats(name: str) -> Statement:
    """Counts and sizes of one collection; the columns of ``CollectionStats``."""
    return Statement(f"select {_columns(STATS_COLUMNS)} from pgretrieve._stats(%(name)s)", {"name": name})


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def create_collection(name: str, settings: Mapping[str, Any]) -> Statement:
    """pgretrieve.create_collection; settings that are left out keep the default of the SQL function."""
    named = "".join(f", {key} => %({key})s" for key in settings)
    params = {key: Jsonb(value) if isinstance(value, Mapping) else value for key, value in settings.items()}
    return Statement(f"select pgretrieve.create_collection(%(name)s{named})", {"name": name, **params})


def drop_collection(name: str) -> Statement:
    """pgretrieve.drop_collection."""
    return Statement("select pgretrieve.drop_collection(%(name)s)", {"name": name})


def delete_documents(collection: str, ids: list[str]) -> Statement:
    """pgretrieve.delete_documents; one row with the number of documents that were there."""
    return Statement(
        "select pgretrieve.delete_documents(%(collection)s, %(ids)s::text[])", {"collection": collection, "ids": ids}
    )


def count(target: CollectionInfo) -> Statement:
    """The number of documents."""
    return Statement(in_schema(target, "select count(*) from {schema}.document"))


def compact(collection: str, *, rewrite: bool) -> Statement:
    """pgretrieve.compact."""
    return Statement(
        "select pgretrieve.compact(%(collection)s, rewrite => %(rewrite)s)",
        {"collection": collection, "rewrite": rewrite},
    )
