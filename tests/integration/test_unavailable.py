"""Databases that cannot be used: which error, and what it says to do."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psycopg
import pytest
import sqlalchemy
from psycopg import sql as compose
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

import pgretrieve
from pgretrieve import (
    DatabaseUnavailable,
    PermissionDenied,
    SchemaMissing,
    SchemaOutdated,
    SchemaTooNew,
    ServerUnsupported,
)
from tests.integration.conftest import WORDS


@pytest.fixture
def fresh_dsn(server):
    """A migrated database that the test may spoil."""
    with server.database() as dsn:
        yield dsn


@contextmanager
def role(sql, name):
    sql.execute(compose.SQL("create role {} login password 'right'").format(compose.Identifier(name)))
    try:
        yield
    finally:
        sql.execute(compose.SQL("drop owned by {0}; drop role {0}").format(compose.Identifier(name)))


def with_(dsn, **parts):
    return make_conninfo(**conninfo_to_dict(dsn) | parts)


def sources(dsn):
    """The same place as a DSN, as an engine, and as a pool."""
    yield dsn
    parts = conninfo_to_dict(dsn)
    query = {key: str(value) for key, value in parts.items()}
    yield sqlalchemy.create_engine(sqlalchemy.URL.create("postgresql+psycopg", query=query))
    pool = ConnectionPool(dsn, min_size=0, max_size=1, open=True, timeout=1, reconnect_timeout=1)
    yield pool
    pool.close()


def refusals(dsn, runner):
    """What connect, connect_async and migrate raise."""
    for attempt in (
        lambda: pgretrieve.connect(dsn),
        lambda: runner.run(pgretrieve.connect_async(dsn)),
        lambda: pgretrieve.migrate(dsn),
    ):
        with pytest.raises(pgretrieve.PgretrieveError) as refused:
            attempt()
        assert refused.value.hint
        yield refused.value


def nowhere():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"postgresql://someone@127.0.0.1:{free.getsockname()[1]}/db"


def test_no_server_is_an_unavailable_database(runner):
    for error in refusals(nowhere(), runner):
        assert type(error) is DatabaseUnavailable
        assert "refused" in error.message
        assert "server is running" in error.hint


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_every_source_without_a_server_is_an_unavailable_database():
    for source in sources(nowhere()):
        with pytest.raises(DatabaseUnavailable) as refused:
            pgretrieve.connect(source)
        assert refused.value.hint


def test_a_database_that_does_not_exist_is_named(dsn, runner):
    for error in refusals(with_(dsn, dbname="no_such_database"), runner):
        assert type(error) is DatabaseUnavailable
        assert 'database "no_such_database" does not exist' in error.message


def test_a_role_that_does_not_exist_is_named(dsn, runner):
    for error in refusals(with_(dsn, user="no_such_role"), runner):
        assert type(error) is DatabaseUnavailable
        assert "no_such_role" in error.message


def test_a_wrong_password_is_an_unavailable_database(server, dsn, sql, runner):
    if server.handle is None:
        pytest.skip("the rules of an external server are not ours to change")
    [hba] = sql.execute("show hba_file").fetchone()
    with open(hba, encoding="utf-8") as file:
        before = file.read()
    with role(sql, "pgretrieve_test_guest"):
        with open(hba, "w", encoding="utf-8") as file:
            file.write(f"local all pgretrieve_test_guest scram-sha-256\n{before}")
        try:
            sql.execute("select pg_reload_conf()")
            for error in refusals(with_(dsn, user="pgretrieve_test_guest", password="wrong"), runner):  # noqa: S106
                assert type(error) is DatabaseUnavailable
                assert "password authentication failed" in error.message
                assert "wrong" not in str(error)
        finally:
            with open(hba, "w", encoding="utf-8") as file:
                file.write(before)
            sql.execute("select pg_reload_conf()")


def test_a_role_without_rights_is_told_to_ask_for_them(dsn, sql, db):
    collection = db.create_collection("own", encoder=None, dimensions=3)
    collection.add(WORDS)
    with role(sql, "pgretrieve_test_guest"):
        guest = with_(dsn, user="pgretrieve_test_guest")
        with pytest.raises(PermissionDenied, match="permission denied for schema pgretrieve") as refused:
            pgretrieve.connect(guest)
        assert "right" in refused.value.hint
        sql.execute("grant usage on schema pgretrieve to pgretrieve_test_guest")
        sql.execute("grant select on all tables in schema pgretrieve to pgretrieve_test_guest")
        with pgretrieve.connect(guest) as other:
            for forbidden in (
                lambda: other.collection("own").search("vpn", mode="keyword"),
                lambda: other.collection("own").add(WORDS),
                lambda: other.collection("own").delete(["a"]),
                lambda: other.create_collection("mine", encoder=None, dimensions=3),
                lambda: other.drop_collection("own"),
            ):
                with pytest.raises(PermissionDenied, match="permission denied"):
                    forbidden()
        assert collection.count() == 3


def test_a_role_that_may_not_create_cannot_migrate(empty_dsn):
    with psycopg.connect(empty_dsn, autocommit=True) as sql, role(sql, "pgretrieve_test_guest"):
        with pytest.raises(PermissionDenied, match="permission denied") as refused:
            pgretrieve.migrate(with_(empty_dsn, user="pgretrieve_test_guest"))
        assert refused.value.hint


def test_a_database_without_the_schema_says_what_to_run_and_migrate_does_it(empty_dsn, runner):
    for attempt in (lambda: pgretrieve.connect(empty_dsn), lambda: runner.run(pgretrieve.connect_async(empty_dsn))):
        with pytest.raises(SchemaMissing, match="no pgretrieve schema") as refused:
            attempt()
        assert "pgretrieve init" in refused.value.hint
    assert pgretrieve.migrate(empty_dsn) == empty_dsn
    assert pgretrieve.migrate(empty_dsn) == empty_dsn
    with pgretrieve.connect(empty_dsn) as db:
        assert db.collections() == []


def test_a_server_without_the_extension_is_unsupported(empty_dsn, monkeypatch):
    # Every server of the tests has pgvector; one that has not says null here.
    monkeypatch.setattr("pgretrieve.schema._STATE", pgretrieve.schema._STATE.replace("'vector'", "'no such extension'"))
    with pytest.raises(ServerUnsupported, match="pgvector is not installed on this server") as refused:
        pgretrieve.migrate(empty_dsn)
    assert "Install the package of pgvector" in refused.value.hint


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("update pgretrieve.installation set version = '0.0.0'", SchemaOutdated),
        ("update pgretrieve.alembic_version set version_num = '0000'", SchemaOutdated),
        ("update pgretrieve.alembic_version set version_num = '9999'", SchemaTooNew),
        ("delete from pgretrieve.alembic_version", SchemaMissing),
    ],
)
def test_another_release_in_the_database_says_what_to_run(fresh_dsn, change, kind):
    with psycopg.connect(fresh_dsn, autocommit=True) as sql:
        sql.execute(change)
    with pytest.raises(kind, match="pgretrieve") as refused:
        pgretrieve.connect(fresh_dsn)
    assert refused.value.hint.startswith("Run: ")


def test_migrations_at_once_wait_for_each_other(empty_dsn):
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(pgretrieve.migrate, [empty_dsn] * 4)) == [empty_dsn] * 4
    with pgretrieve.connect(empty_dsn) as db:
        db.check()


def test_a_schema_dropped_under_a_client_is_missing(fresh_dsn):
    with pgretrieve.connect(fresh_dsn) as db:
        docs = db.create_collection("own", encoder=None, dimensions=3)
        with psycopg.connect(fresh_dsn, autocommit=True) as sql:
            sql.execute("drop schema pgretrieve cascade")
        with pytest.raises(SchemaMissing, match="does not exist"):
            docs.search("vpn", mode="keyword")


def test_a_client_survives_the_loss_of_its_connections(dsn, sql, db):
    collection = db.create_collection("own", encoder=None, dimensions=3)
    ended = sql.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
    ).fetchall()
    for _ in ended:
        with suppress(DatabaseUnavailable):
            collection.count()
    assert collection.count() == 0


def test_creations_of_one_name_at_once_make_one_collection(dsn):
    def create(_):
        try:
            return db.create_collection("same", encoder=None, dimensions=3).name
        except pgretrieve.AlreadyExists as error:
            return str(error).partition(". ")

    with pgretrieve.connect(dsn) as db, ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(create, range(4)))
        assert outcomes.count("same") == 1
        refused = [outcome for outcome in outcomes if outcome != "same"]
        assert {message for message, _, hint in refused if hint} == {"collection 'same' exists already"}
        assert [info.name for info in db.collections()] == ["same"]
        assert db.collection("same").count() == 0


def test_creations_of_different_names_at_once_all_succeed(dsn):
    with pgretrieve.connect(dsn) as db, ThreadPoolExecutor(4) as threads:
        made = threads.map(lambda i: db.create_collection(f"c{i}", encoder=None, dimensions=3).info, range(4))
        assert len({info.schema_name for info in made}) == 4
