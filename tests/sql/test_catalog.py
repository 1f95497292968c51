"""Rules for everything that an installation puts into a database, asked of the catalogs."""

from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import rows

OURS = "n.nspname like 'pgretrieve%%'"


@pytest.fixture(scope="module")
def sql(shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A database with a collection of each storage, one with fields: each has tables and functions of its own."""
    for storage in ("halfvec", "vector", "bit"):
        fields = {"abstract": 1} if storage == "vector" else None
        shared_db.create_collection(storage, encoder=None, dimensions=3, storage=storage, fields=fields)
    return shared_sql


def names(sql: psycopg.Connection[Any], statement: str) -> list[str]:
    return [name for (name,) in rows(sql, statement)]


def test_there_is_something_to_look_at(sql: psycopg.Connection[Any]) -> None:
    found = names(
        sql,
        f"select n.nspname || '.' || p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        f" where {OURS}",
    )
    assert len(found) > 80
    assert "pgretrieve.search" in found
    assert sum(name.endswith(".bm25") for name in found) == 3


def test_every_function_has_a_comment(sql: psycopg.Connection[Any]) -> None:
    assert not names(
        sql,
        "select p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        f" where {OURS} and obj_description(p.oid, 'pg_proc') is null",
    )


def test_every_table_view_and_type_has_a_comment(sql: psycopg.Connection[Any]) -> None:
    # Alembic makes the table of its version, without one.
    assert not names(
        sql,
        "select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        f" where {OURS} and c.relkind in ('r', 'p', 'v', 'm') and obj_description(c.oid, 'pg_class') is null"
        "   and c.relname <> 'alembic_version'",
    )
    assert not names(
        sql,
        "select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        f" where {OURS} and c.relkind = 'c' and obj_description(c.reltype, 'pg_type') is null",
    )


def test_every_function_has_a_pinned_search_path_or_a_body_that_is_bound(sql: psycopg.Connection[Any]) -> None:
    """Else what a name in it means would be up to the session that calls it."""
    assert names(
        sql,
        "select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        f" where {OURS} and p.prosqlbody is null"
        "   and not exists (select from unnest(p.proconfig) as s where s like 'search_path=%%')",
    ) == ["_set_scan"]  # calls functions of pg_catalog alone, and must not undo what it sets


def test_pinned_search_paths_begin_with_the_catalog_and_end_with_temporary_objects(
    sql: psycopg.Connection[Any],
) -> None:
    paths = names(
        sql,
        "select distinct s from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace,"
        f"      unnest(p.proconfig) as s where {OURS} and s like 'search_path=%%'",
    )
    assert sorted(paths) == ["search_path=pg_catalog, pg_temp", "search_path=pg_catalog, public, pg_temp"]


def test_no_function_runs_with_rights_of_its_owner(sql: psycopg.Connection[Any]) -> None:
    assert not names(
        sql,
        "select p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        f" where {OURS} and p.prosecdef",
    )


def test_searching_changes_nothing_and_writing_is_volatile(sql: psycopg.Connection[Any]) -> None:
    """A planner may call a stable function any number of times; what writes must not be one."""
    volatile = set(
        names(
            sql,
            "select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
            " where n.nspname = 'pgretrieve' and p.provolatile = 'v' and p.proname not like '\\_%%'",
        )
    )
    assert volatile == {
        "add_document", "add_documents", "delete_document", "delete_documents", "create_collection", "drop_collection",
        "compact", "explain", "set_filterable", "set_stop_words", "set_synonyms", "add_queries", "add_judgements",
        "delete_queries", "record_feedback", "judge_feedback", "delete_run", "add_model",
        "activate_model", "retire_model", "rollback_model",
    }  # fmt: skip


def test_every_function_that_may_run_in_parallel_workers_says_so(sql: psycopg.Connection[Any]) -> None:
    """One that does not keeps parallel plans from every query that calls it; what sets or writes must not say it."""
    safe = set(
        names(
            sql,
            "select distinct p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
            f" where {OURS} and p.proparallel = 's'",
        )
    )
    assert {"bm25", "weighted_terms", "terms", "keyword", "dense", "background", "version"} <= safe
    assert not safe & {"search", "add_documents", "_set_scan", "compact", "put_documents", "reserve_chunk_ids"}


def test_unique_keys_have_room_for_distribution(sql: psycopg.Connection[Any]) -> None:
    """No trigger and no foreign key: writes go through functions that keep statistics, which a cascade would not.

    Those of the registry, which is small, may have foreign keys.
    """
    assert not names(
        sql,
        "select t.tgname from pg_trigger as t join pg_class as c on c.oid = t.tgrelid"
        f" join pg_namespace as n on n.oid = c.relnamespace where {OURS} and n.nspname <> 'pgretrieve'",
    )
    assert not names(
        sql,
        "select t.tgname from pg_trigger as t join pg_class as c on c.oid = t.tgrelid"
        f" join pg_namespace as n on n.oid = c.relnamespace where {OURS} and not t.tgisinternal",
    )
