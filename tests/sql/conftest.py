"""A database that all tests of a module share, for tests that come with their own collections."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
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


LIBRARY_SIZE = 20_000
QUERY = [0.3, -1.2, 0.8, 0.1, -0.5, 1.1, 0.2, -0.9]


def library_metadata(n: int) -> dict[str, Any]:
    """Metadata of document n of the library: a filter on ``n`` is passed by as many as wanted."""
    return {"n": n, "even": n % 2 == 0, "tags": [f"t{n % 3}", f"u{n % 5}"], "part": {"of": n % 7}}


def _make_library(dsn: str) -> None:
    rng = np.random.default_rng(5)
    words = np.array([f"w{n}" for n in range(500)])
    # A few words are in most documents and most are in few, as in language.
    likely = 1 / np.arange(2, 502)
    texts = rng.choice(words, size=(LIBRARY_SIZE, 5), p=likely / likely.sum())
    centers = rng.normal(size=(50, 8))
    vectors = centers[rng.integers(0, 50, LIBRARY_SIZE)] + 0.3 * rng.normal(size=(LIBRARY_SIZE, 8))
    cosines = vectors @ QUERY / np.linalg.norm(vectors, axis=1)
    near = cosines >= np.sort(cosines)[-9_000]
    with pgretrieve.connect(dsn) as client:
        library = client.create_collection("library", encoder=None, dimensions=8, language="simple")
        library.add(
            (
                {"id": str(n), "text": " ".join(texts[n]), "metadata": library_metadata(n) | {"near": bool(near[n])}}
                for n in range(LIBRARY_SIZE)
            ),
            embeddings=vectors,
        )
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")


@pytest.fixture(scope="session")
def _libraries(_servers: Callable[[int], Server]) -> Iterator[Callable[[Server], str]]:
    """The library of each server, made once, whatever the order of tests."""
    made: dict[str, str] = {}

    def get(server: Server) -> str:
        if server.dsn not in made:
            made[server.dsn] = stack.enter_context(server.database())
            _make_library(made[server.dsn])
        return made[server.dsn]

    with ExitStack() as stack:
        yield get


@pytest.fixture(scope="session")
def library_dsn(server: Server, _libraries: Callable[[Server], str]) -> str:
    """A database with the collection 'library': 20,000 short documents with metadata and vectors. For reading only.

    Besides ``library_metadata``, ``near`` tells the 9,000 documents that are nearest to QUERY.
    """
    return _libraries(server)


@pytest.fixture(scope="session")
def library(library_dsn: str) -> Iterator[pgretrieve.Collection]:
    with pgretrieve.connect(library_dsn) as client:
        yield client.collection("library")


@pytest.fixture
def library_sql(library_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the test's own to the library, so that what it leaves set goes with it."""
    with psycopg.connect(library_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def papers(db: pgretrieve.Client) -> pgretrieve.Collection:
    """Three documents with fields."""
    docs = db.create_collection(
        "papers", encoder=None, dimensions=1, fields={"abstract": 1, "keywords": 3.5, "title": 2}
    )
    docs.add(
        [
            {"id": "a", "title": "Tunnels", "text": "How to rotate.", "fields": {"keywords": "vpn certificates"}},
            {
                "id": "b",
                "title": "VPN",
                "text": "A report on certificates.",
                "fields": {"abstract": "Costs of tunnels."},
            },
            {"id": "c", "text": "A tunnel under the sea.", "fields": {"abstract": "Trains."}},
        ]
    )
    return docs
