"""Library and database that do not fit say so, with what to run; by the time a search could fail it is too late."""

from typing import Any

import psycopg
import pytest

import pgretrieve
from pgretrieve import schema

REVISION = "update pgretrieve.alembic_version set version_num = '{}'; update pgretrieve.installation set version = '{}'"
OLDER = REVISION.format("0000", "0.0.1")
NEWER = REVISION.format("9999", "9.1.0")
OLD_FUNCTIONS = "update pgretrieve.installation set version = '0.0.9'"
OLD_PGVECTOR = "update pg_extension set extversion = '0.7.4' where extname = 'vector'"

CASES = [
    (OLDER, pgretrieve.SchemaOutdated, "pgretrieve migrate"),
    (NEWER, pgretrieve.SchemaTooNew, "pip install 'pgretrieve>=9.1.0'"),
    (OLD_FUNCTIONS, pgretrieve.SchemaOutdated, "pgretrieve migrate"),
    ("delete from pgretrieve.installation", pgretrieve.SchemaOutdated, "pgretrieve migrate"),
    ("drop schema pgretrieve cascade", pgretrieve.SchemaMissing, "pgretrieve init"),
    ("drop extension vector cascade; drop schema pgretrieve cascade", pgretrieve.SchemaMissing, "pgretrieve init"),
    (OLD_PGVECTOR, pgretrieve.ServerUnsupported, "alter extension vector update"),
]


@pytest.mark.parametrize(("change", "kind", "remedy"), CASES, ids=[change[:50] for change, _, _ in CASES])
async def test_connecting_says_what_does_not_fit_and_what_to_run(
    dsn: str, sql: psycopg.Connection[Any], change: str, kind: type[Exception], remedy: str
) -> None:
    sql.execute(change)
    with pytest.raises(kind) as caught:
        pgretrieve.connect(dsn)
    assert remedy in str(caught.value)
    with pytest.raises(kind) as caught_async:
        await pgretrieve.connect_async(dsn)
    assert str(caught_async.value) == str(caught.value)


@pytest.mark.parametrize("change", [OLD_FUNCTIONS, "delete from pgretrieve.installation"], ids=["older", "none"])
def test_what_it_says_to_run_helps(dsn: str, sql: psycopg.Connection[Any], change: str) -> None:
    sql.execute(change)
    pgretrieve.migrate(dsn)
    pgretrieve.connect(dsn).close()


def test_library_does_not_touch_a_schema_that_is_newer(dsn: str, sql: psycopg.Connection[Any]) -> None:
    sql.execute(NEWER)
    sql.execute("drop function pgretrieve.version")
    with pytest.raises(pgretrieve.SchemaTooNew):
        pgretrieve.migrate(dsn)
    assert sql.execute("select to_regproc('pgretrieve.version')").fetchone() == (None,)


def test_library_does_not_install_beside_a_pgvector_that_is_too_old(empty_dsn: str) -> None:
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute("create extension vector")
        connection.execute(OLD_PGVECTOR)
        with pytest.raises(pgretrieve.ServerUnsupported, match=r"0\.7\.4"):
            pgretrieve.migrate(empty_dsn)
        assert connection.execute("select to_regnamespace('pgretrieve')").fetchone() == (None,)


def test_server_without_pgvector_is_told(empty_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server here has it; a name that no server has stands in for it.
    monkeypatch.setattr(schema, "_STATE", schema._STATE.replace("'vector'", "'vector of nobody'"))
    with pytest.raises(pgretrieve.ServerUnsupported, match="Install the package of pgvector"):
        pgretrieve.migrate(empty_dsn)


def test_database_that_is_not_there_is_told(dsn: str) -> None:
    other = psycopg.conninfo.make_conninfo(dsn, dbname="no_such_database")
    with pytest.raises(pgretrieve.DatabaseUnavailable, match="no_such_database"):
        pgretrieve.connect(other)
