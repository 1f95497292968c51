"""Everything that ``connect`` takes, and what it does with transactions of the caller's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import psycopg
import pytest
import sqlalchemy
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, ConnectionPool

import pgretrieve
from pgretrieve import InvalidInput
from tests.integration.conftest import WORDS

needs_greenlet = pytest.mark.skipif(find_spec("greenlet") is None, reason="SQLAlchemy's asyncio half needs greenlet")


def url(dsn):
    """The DSN as SQLAlchemy writes it."""
    return sqlalchemy.make_url(dsn.replace("postgresql://", "postgresql+psycopg://", 1))


def use(db):
    """A load and a search."""
    docs = db.create_collection("own", encoder=None, dimensions=3)
    docs.add(d | {"embedding": [1, 0, 0]} for d in WORDS)
    assert [hit.document_id for hit in docs.search("vpn", mode="keyword")] == ["a"]


@pytest.mark.parametrize(
    "write", [str, url, lambda dsn: url(dsn).render_as_string(hide_password=False)], ids=["dsn", "url", "url-text"]
)
def test_a_dsn_or_a_url_is_a_source(dsn, write):
    with pgretrieve.connect(write(dsn)) as db:
        use(db)


def test_the_environment_names_the_source(dsn, monkeypatch):
    monkeypatch.setenv("PGRETRIEVE_DSN", dsn)
    with pgretrieve.connect() as db:
        use(db)
    assert pgretrieve.migrate() == dsn


def test_an_engine_is_a_source_and_keeps_its_connections(dsn):
    engine = sqlalchemy.create_engine(url(dsn))
    with pgretrieve.connect(engine) as db:
        use(db)
    with engine.connect() as connection:
        # Our autocommit must not stick to a connection that goes back to its pool.
        assert connection.connection.driver_connection.autocommit is False
        assert connection.scalar(sqlalchemy.text("select count(*) from pgretrieve.collections")) == 1
    engine.dispose()


def test_a_pool_is_a_source_and_stays_open(dsn):
    with ConnectionPool(dsn, min_size=1, max_size=2) as pool:
        with pgretrieve.connect(pool) as db:
            use(db)
        with pool.connection() as connection:
            assert connection.autocommit is False
            assert connection.execute("select count(*) from pgretrieve.collections").fetchone() == (1,)


def test_an_asynchronous_pool_or_connection_is_a_source(dsn, runner):
    async def both():
        async with AsyncConnectionPool(dsn, min_size=1, max_size=2, open=False) as pool:
            async with await pgretrieve.connect_async(pool) as db:
                docs = await db.create_collection("own", encoder=None, dimensions=3)
                await docs.add(WORDS)
            async with pool.connection() as connection:
                assert connection.autocommit is False
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
            db = await pgretrieve.connect_async(connection)
            return [hit.document_id for hit in await (await db.collection("own")).search("vpn", mode="keyword")]

    assert runner.run(both()) == ["a"]


@needs_greenlet
def test_an_asynchronous_engine_is_a_source(dsn, runner):
    async def use_engine():
        from sqlalchemy.ext.asyncio import create_async_engine

        engine = create_async_engine(url(dsn))
        async with await pgretrieve.connect_async(engine) as db:
            docs = await db.create_collection("own", encoder=None, dimensions=3)
            await docs.add(WORDS)
            hits = await docs.search("vpn", mode="keyword")
        await engine.dispose()
        return [hit.document_id for hit in hits]

    assert runner.run(use_engine()) == ["a"]


def test_many_threads_share_a_client(dsn):
    with pgretrieve.connect(dsn) as db, ThreadPoolExecutor(12) as threads:
        use(db)
        docs = db.collection("own")
        found = threads.map(lambda _: [hit.document_id for hit in docs.search("vpn", mode="keyword")], range(40))
        assert list(found) == [["a"]] * 40


def test_many_tasks_share_a_client(dsn, runner):
    async def tasks():
        async with await pgretrieve.connect_async(dsn) as db:
            docs = await db.create_collection("own", encoder=None, dimensions=3)
            await docs.add(WORDS)
            return await asyncio.gather(*(docs.search("vpn", mode="keyword") for _ in range(40)))

    assert [[hit.document_id for hit in hits] for hits in runner.run(tasks())] == [["a"]] * 40


@pytest.mark.parametrize("autocommit", [False, True])
def test_within_the_callers_transaction_nothing_is_committed_behind_his_back(dsn, sql, autocommit):
    with pgretrieve.connect(dsn) as db:
        use(db)
    with psycopg.connect(dsn, autocommit=autocommit) as connection:
        docs = pgretrieve.connect(connection).collection("own")
        if not autocommit:
            connection.commit()
        with connection.transaction(force_rollback=True):
            assert docs.add([{"id": "new", "text": "new words", "embedding": [0, 1, 0]}]).written == 1
            docs.delete(["a"])
            assert [hit.document_id for hit in docs.search("new", mode="keyword")] == ["new"]
            assert sql.execute(f"select count(*) from {docs.info.schema_name}.document").fetchone() == (3,)
        assert docs.count() == 3
        assert list(docs.search("new", mode="keyword")) == []
        assert [hit.document_id for hit in docs.search("vpn", mode="keyword")] == ["a"]
        assert connection.autocommit is autocommit


def test_a_connection_that_is_not_committed_leaves_nothing(dsn, sql):
    connection = psycopg.connect(dsn)
    use(pgretrieve.connect(connection))
    assert connection.info.transaction_status == TransactionStatus.INTRANS
    connection.rollback()
    assert sql.execute("select count(*) from pgretrieve.collections").fetchone() == (0,)
    use(pgretrieve.connect(connection))
    connection.commit()
    connection.close()
    assert sql.execute("select count(*) from pgretrieve.collections").fetchone() == (1,)


def test_a_failed_load_in_the_callers_transaction_leaves_it_usable(dsn, sql):
    with psycopg.connect(dsn) as connection:
        db = pgretrieve.connect(connection)
        use(db)
        with pytest.raises(pgretrieve.InvalidDocument):
            db.collection("own").add([{"id": "x"}])
        assert db.collection("own").count() == 3
    assert sql.execute("select count(*) from pgretrieve.collections").fetchone() == (1,)


def test_closing_leaves_the_callers_connection_open(dsn):
    with psycopg.connect(dsn) as connection:
        with pgretrieve.connect(connection):
            pass
        assert not connection.closed


@pytest.mark.parametrize("source", [5, b"postgresql://", object(), ["dsn"], {"host": "x"}])
def test_what_is_no_source_is_refused(source, runner):
    for attempt in (lambda: pgretrieve.connect(source), lambda: runner.run(pgretrieve.connect_async(source))):
        with pytest.raises(InvalidInput, match=f"cannot connect with {type(source).__name__}") as refused:
            attempt()
        assert "DSN" in refused.value.hint


def test_a_source_of_the_other_client_is_refused(dsn, runner):
    with psycopg.connect(dsn) as connection, pytest.raises(InvalidInput, match="cannot connect with Connection"):
        runner.run(pgretrieve.connect_async(connection))

    async def other():
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            with pytest.raises(InvalidInput, match="cannot connect with AsyncConnection"):
                pgretrieve.connect(connection)

    runner.run(other())


def test_an_engine_of_another_database_is_refused():
    engine = sqlalchemy.create_engine("sqlite://")
    with pytest.raises(InvalidInput, match="driver pysqlite, not psycopg") as refused:
        pgretrieve.connect(engine)
    assert "postgresql+psycopg://" in refused.value.hint
    engine.dispose()


@pytest.mark.parametrize("dsn", ["nonsense", "mysql://host/db", "postgresql://[half", "host=x nonsense=1"])
def test_a_dsn_that_is_not_understood_is_refused(dsn):
    with pytest.raises(InvalidInput, match="the DSN is not understood") as refused:
        pgretrieve.connect(dsn)
    assert "postgresql://user:password@host" in refused.value.hint
    with pytest.raises(InvalidInput, match="the DSN is not understood"):
        pgretrieve.migrate(dsn)


def test_a_closed_client_says_so(dsn):
    db = pgretrieve.connect(dsn)
    db.close()
    with pytest.raises(pgretrieve.InvalidInput, match="closed"):
        db.collections()


def test_a_malformed_dsn_is_refused_without_repeating_it():
    with pytest.raises(pgretrieve.InvalidInput) as caught:
        pgretrieve.connect("postgresql:/me:secret@nowhere/db")
    assert "secret" not in str(caught.value)
