"""A database that all tests of a module share, for tests that come with their own collections."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.servers import Server


@pytest.fixture(scope="module")
def shared_dsn(server: Server) -> Iterator[str]:
    """One database for the whole module: for examples in their hundreds, each in a collection of its own."""
    with server.database() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def shared_db(shared_dsn: str) -> Iterator[pgretrieve.Client]:
    with pgretrieve.connect(shared_dsn) as client:
        yield client


@pytest.fixture(scope="module")
def shared_sql(shared_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(shared_dsn, autocommit=True) as connection:
        yield connection
