"""Writers, compactions and readers at the same time: nobody deadlocks, nobody sees half of anything."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import Replica, Text, keyword, one, rows
from tests.sql.large import scored_in_full, search_as_large

PATIENCE_S = 30


@pytest.fixture
def connect(dsn: str) -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Makes further connections to the test's database, closed in the end."""
    opened = []

    def new() -> psycopg.Connection[Any]:
        opened.append(psycopg.connect(dsn, autocommit=True))
        return opened[-1]

    yield new
    for connection in opened:
        connection.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
def replica(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> Replica:
    """300 documents in blocks, 20 in the delta."""
    replica = Replica(sql, db.create_collection("docs", encoder=None, dimensions=3, language="simple", index="none"))
    replica.load({f"d{n:03}": Text(f"word w{n % 7} v{n % 11}") for n in range(300)})
    replica.add({f"e{n:03}": Text(f"word w{n % 5}") for n in range(20)})
    return replica


def wait_until_blocked(sql: psycopg.Connection[Any], waiting: psycopg.Connection[Any], future: Future[Any]) -> None:
    """Returns once the other connection, on which ``future`` runs, waits for a lock."""
    pause = threading.Event()
    for _ in range(PATIENCE_S * 100):
        if one(sql, "select cardinality(pg_blocking_pids(%s))", waiting.info.backend_pid):
            return
        if future.done():
            break
        pause.wait(0.01)
    future.result(0)
    pytest.fail("the other connection went on, and never came to wait")


@contextmanager
def holding(sql: psycopg.Connection[Any], statement: str, *parameters: Any) -> Iterator[None]:
    """Keeps the locks of a statement for a while, and changes nothing."""
    with sql.transaction(force_rollback=True):
        sql.execute(statement, parameters)
        yield


def as_stored(replica: Replica) -> None:
    """Takes over which of two writers came last; whether the index agrees with that is for the oracle to say."""
    replica.documents = {
        key: Text(text, title)
        for key, title, text in rows(
            replica.sql,
            f"select d.external_id, d.title, c.text"
            f"  from {replica.schema}.document as d join {replica.schema}.chunk as c on c.document_id = d.id",
        )
    }


@pytest.mark.parametrize("batch", [40, 300], ids=["delta", "blocks"])
def test_overlapping_batches_in_different_orders_never_deadlock(
    replica: Replica, dsn: str, threads: ThreadPoolExecutor, batch: int
) -> None:
    start = threading.Barrier(3)

    def writer(number: int) -> None:
        rng = random.Random(number)
        with pgretrieve.connect(dsn) as client:
            docs = client.collection("docs")
            start.wait(PATIENCE_S)
            for turn in range(5):
                ids = rng.sample([f"d{n:03}" for n in range(310)], batch)
                docs.add([{"id": i, "text": f"word by{number} t{turn}", "title": f"w{turn}"} for i in ids])
                docs.delete(rng.sample(ids, 10))

    def compactor() -> None:
        with pgretrieve.connect(dsn) as client:
            docs = client.collection("docs")
            start.wait(PATIENCE_S)
            for _ in range(10):
                docs.compact()

    work = [threads.submit(writer, 1), threads.submit(writer, 2), threads.submit(compactor)]
    for future in work:
        future.result(PATIENCE_S * 2)
    as_stored(replica)
    queries = ["by1 by2", "word w3", "t4 v1"]
    replica.assert_finds_what_it_should(queries, k=100)
    replica.merge_everything()
    replica.assert_nothing_dead_is_kept()
    replica.assert_counts_right()
    replica.assert_finds_what_it_should(queries, k=100)


IDS = ["n3", "n2", "n1"]
WRITES: dict[str, Callable[[pgretrieve.Collection], Any]] = {
    "replace": lambda docs: docs.add([{"id": i, "text": "another"} for i in IDS]),
    "delete": lambda docs: docs.delete(IDS),
    "new metadata": lambda docs: docs.add([{"id": i, "text": "the same", "metadata": {"new": i}} for i in IDS]),
}


@pytest.mark.parametrize("kind", WRITES)
def test_documents_are_locked_in_the_order_of_their_ids(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]], threads: ThreadPoolExecutor, kind: str
) -> None:
    for key in IDS:  # so that they are stored in another order than that of their ids
        replica.load({key: Text("the same")})
    row = f"select from {replica.schema}.document where external_id = %s for update nowait"
    writer, other = connect(), connect()
    docs = pgretrieve.connect(writer).collection("docs")
    with holding(replica.sql, row, "n2"):
        future = threads.submit(WRITES[kind], docs)
        wait_until_blocked(other, writer, future)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(row, ["n1"])
        other.execute(row, ["n3"])  # not reached yet, so not locked
    future.result(PATIENCE_S)


@pytest.mark.parametrize("until", ["the start", "the end"])
def test_compaction_that_is_killed_leaves_nothing_behind(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]], threads: ThreadPoolExecutor, until: str
) -> None:
    search_as_large(replica)
    replica.merge_everything()
    replica.add({f"f{n:03}": Text(f"word w{n % 5}") for n in range(20)})
    replica.delete(["d001", "f001"])
    tables = ("posting", "delta", "segment", "statistic", "bitmap")
    before = {table: rows(replica.sql, f"select * from {replica.schema}.{table} order by 1, 2") for table in tables}
    found = keyword(replica.sql, "docs", "word w3", k=50)
    compactor, killer = connect(), connect()
    # Sums up the statistics last; folds the delta, which means inserting a segment, first.
    obstacle = {
        "the start": f"lock table {replica.schema}.segment in share mode",
        "the end": f"select from {replica.schema}.statistic for update",
    }[until]
    with holding(replica.sql, obstacle):
        future = threads.submit(compactor.execute, "select pgretrieve.compact('docs', rewrite => true)")
        wait_until_blocked(killer, compactor, future)
        assert keyword(killer, "docs", "word w3", k=50) == found
        killer.execute("select pg_terminate_backend(%s, %s)", [compactor.info.backend_pid, PATIENCE_S * 1000])
        with pytest.raises(psycopg.OperationalError):
            future.result(PATIENCE_S)
    after = {table: rows(replica.sql, f"select * from {replica.schema}.{table} order by 1, 2") for table in tables}
    assert after == before
    replica.compact()
    replica.assert_counts_right()
    replica.assert_finds_what_it_should(["word w3"], k=50)


@pytest.mark.parametrize("large", [False, True], ids=["as it is", "as if large"])
def test_searches_are_right_while_others_write_and_compact(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]], dsn: str, threads: ThreadPoolExecutor, large: bool
) -> None:
    if large:
        search_as_large(replica)
    stop = threading.Event()
    turns = {"writer": 0, "compactor": 0}

    def until_stopped(name: str, turn: Callable[[int], Any]) -> None:
        while not stop.is_set():
            turn(turns[name])
            turns[name] += 1

    def write(turn: int) -> None:
        rng = random.Random(turn)
        ids = rng.sample([f"d{n:03}" for n in range(310)], 260 if turn % 3 == 0 else 20)
        with pgretrieve.connect(dsn) as client:
            docs = client.collection("docs")
            docs.add([{"id": i, "text": f"word w{rng.randrange(9)} v{rng.randrange(9)} t{turn}"} for i in ids])
            docs.delete(rng.sample(ids, 10))

    def compact(turn: int) -> None:
        with pgretrieve.connect(dsn) as client:
            client.collection("docs").compact(rewrite=turn % 2 == 0)

    reader = connect()
    reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    work = [threads.submit(until_stopped, "writer", write), threads.submit(until_stopped, "compactor", compact)]
    try:
        while min(turns.values()) < 6 and not any(future.done() for future in work):
            with reader.transaction():  # so that both statements see the same
                for query in ("word w3", "w1 v2 t3", "word t5 v8 w0"):
                    found = [(chunk, score) for _, chunk, score in keyword(reader, "docs", query)]
                    assert found == scored_in_full(reader, replica.schema, query, 10)
    finally:
        stop.set()
        for future in work:
            future.result(PATIENCE_S)
    as_stored(replica)
    replica.assert_counts_right()
    replica.assert_finds_what_it_should(["word w3", "w1 v2"], k=50)


def test_one_compaction_runs_at_a_time_and_others_skip_it(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    other = connect()
    with replica.sql.transaction():
        replica.compact()
        assert one(other, "select pgretrieve.compact('docs')") is False
    assert one(other, "select pgretrieve.compact('docs')") is True


def test_writer_does_not_wait_for_a_compaction(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    writer = connect()
    writer.execute("set lock_timeout = '5s'")
    with replica.sql.transaction():
        replica.compact()
        writing = Replica(writer, replica.collection, replica.documents)
        writing.add({"d001": Text("word anew"), "new": Text("word new"), "e001": Text("word again")})
        writing.delete(["d002", "e002"])
        writing.assert_finds_what_it_should(["word anew", "w1 again new"], k=50)
    replica.documents = writing.documents
    replica.assert_finds_what_it_should(["word anew", "w1 again new"], k=50)
    replica.merge_everything()
    replica.assert_nothing_dead_is_kept()
    replica.assert_counts_right()


def test_old_snapshot_reads_the_same_before_and_after_a_compaction(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    reader = connect()
    reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with reader.transaction():
        before = keyword(reader, "docs", "word w3 v5", k=50)
        replica.delete([f"d{n:03}" for n in range(0, 300, 2)])
        replica.add({"new": Text("word w3 v5"), "e001": Text("w3")})
        replica.compact()
        replica.merge_everything()
        assert keyword(reader, "docs", "word w3 v5", k=50) == before
    assert keyword(reader, "docs", "word w3 v5", k=50) != before
    replica.assert_finds_what_it_should(["word w3 v5"], k=50)


def test_writer_with_an_old_snapshot_is_not_failed_by_a_compaction(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    writer = connect()
    writer.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    writing = Replica(writer, replica.collection, replica.documents)
    with writer.transaction():
        rows(writer, "select")  # takes the snapshot
        replica.compact()
        writing.add({f"n{n}": Text("word late") for n in range(3)})
    replica.documents = writing.documents
    replica.assert_counts_right()
    replica.assert_finds_what_it_should(["late word"], k=50)


def test_of_two_creations_at_once_one_says_that_the_name_is_taken(
    sql: psycopg.Connection[Any], connect: Callable[[], psycopg.Connection[Any]], threads: ThreadPoolExecutor
) -> None:
    statement = "select pgretrieve.create_collection('twice', encoder => null, dimensions => 3)"
    other, watcher = connect(), connect()
    with sql.transaction():
        sql.execute(statement)
        future: Future[Any] = threads.submit(other.execute, statement)
        wait_until_blocked(watcher, other, future)
    with pytest.raises(psycopg.Error) as caught:
        future.result(PATIENCE_S)
    assert caught.value.sqlstate == "RT409"
    assert one(sql, "select count(*) from pgretrieve.collections") == 1


@pytest.mark.parametrize("first", ['{"a": "number"}', '{"b": "number"}', "{}"])
def test_filterable_keys_that_two_set_at_once_are_those_of_the_second(
    replica: Replica, connect: Callable[[], psycopg.Connection[Any]], threads: ThreadPoolExecutor, first: str
) -> None:
    holder, other, watcher = connect(), connect(), connect()
    statement = "select pgretrieve.set_filterable('docs', %s)"
    replica.collection.set_filterable({"c": "text"})
    with holder.transaction():
        holder.execute(statement, [first])
        future: Future[Any] = threads.submit(other.execute, statement, ['{"a": "number"}'])
        wait_until_blocked(watcher, other, future)
    assert future.result(PATIENCE_S).fetchone() == (1,)
    assert replica.collection.filterable() == {"a": "number"}
