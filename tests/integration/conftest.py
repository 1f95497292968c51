"""Both clients behind one face, and collections to try things on."""

import asyncio
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import pgretrieve
from tests import encoders, servers

WORDS = [
    {"id": "a", "title": "Certificates", "text": "Rotate the vpn certificates every year."},
    {"id": "b", "title": "", "text": "The cafeteria serves soup on mondays."},
    {"id": "c", "title": "Holidays", "text": "Ask for holidays two weeks ahead."},
]
for _document, _team in zip(WORDS, ("infra", "office", "office"), strict=True):
    _document["metadata"] = {"team": _team}


@pytest.fixture(scope="session")
def _shared(server: servers.Server) -> Iterator[str]:
    with server.database() as dsn:
        yield dsn


@pytest.fixture
def dsn(_shared: str) -> Iterator[str]:
    """A migrated database without collections. Making one takes longer than a test here, so they take turns."""
    yield _shared
    with psycopg.connect(_shared, autocommit=True) as connection:
        connection.execute("set lock_timeout = '10s'")
        connection.execute("select pgretrieve.drop_collection(name) from pgretrieve.collections")


# What a server's version may change is tested in tests/sql, on each. Here the older ones see the synchronous client
# load and search; its twin shares all but the await, and arguments and values are looked at before a server is asked.
ON_EVERY_VERSION = {"test_loads", "test_pending", "test_results", "test_round_trips", "test_sources", "test_tables"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out, on versions before the newest, what they cannot change."""
    if servers.EXTERNAL:
        return
    older = {f"pg{version}" for version in servers.VERSIONS} - {f"pg{max(servers.VERSIONS)}"}
    here = Path(__file__).parent
    kept, left_out = [], []
    for item in items:
        told = set(re.findall(r"[^\[\]-]+", item.name)) if item.path.parent == here else set()
        elsewhere = item.path.stem not in ON_EVERY_VERSION or "async" in told
        (left_out if told & older and elsewhere else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


class Face:
    """An asynchronous client or collection with the synchronous one's manners: what gives a coroutine is awaited."""

    def __init__(self, runner: asyncio.Runner, inner: object) -> None:
        self._runner = runner
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        value = getattr(self._inner, name)
        if not inspect.iscoroutinefunction(value):
            return value

        def call(*args: object, **kwargs: object) -> object:
            result = self._runner.run(value(*args, **kwargs))
            return Face(self._runner, result) if isinstance(result, pgretrieve.AsyncCollection) else result

        return call


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """An event loop that lasts for a test."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest, dsn: str) -> Iterator[pgretrieve.Client | Face]:
    """A client of the test's database; a test that uses it runs once with each of the two."""
    if request.param == "sync":
        yield request.getfixturevalue("db")
    else:
        runner = request.getfixturevalue("runner")
        face = Face(runner, runner.run(pgretrieve.connect_async(dsn)))
        yield face
        face.close()


@pytest.fixture
def docs(client: pgretrieve.Client) -> pgretrieve.Collection:
    """An empty collection with an encoder."""
    return client.create_collection("docs", encoder=encoders.NAME)


@pytest.fixture
def own(client: pgretrieve.Client) -> pgretrieve.Collection:
    """An empty collection of three dimensions, to bring vectors to."""
    return client.create_collection("own", encoder=None, dimensions=3)


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passages that were encoded, as they come."""
    texts: list[str] = []
    original = encoders.HashingEncoder.encode_documents

    def counting(self: encoders.HashingEncoder, batch: list[str]) -> object:
        texts.extend(batch)
        return original(self, batch)

    # Queries go through the same method of this encoder.
    monkeypatch.setattr(encoders.HashingEncoder, "encode_queries", original)
    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", counting)
    return texts


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of four documents, so that a load of ten is three of them."""
    monkeypatch.setattr("pgretrieve.loading.ENCODED_PER_BATCH", 4)
    monkeypatch.setattr("pgretrieve.loading.DOCUMENTS_PER_BATCH", 4)


@pytest.fixture
def indexes(dsn: str, sql: object) -> Callable[[pgretrieve.Collection], list[bool]]:
    """Whether the vector index of a collection is valid: [True], [False], or [] where it has none."""

    def found(collection: pgretrieve.Collection) -> list[bool]:
        return [
            row[0]
            for row in sql.execute(
                "select indisvalid from pg_index where indexrelid = to_regclass(%s)",
                [f"{collection.info.schema_name}.embedding_ann"],
            )
        ]

    return found
