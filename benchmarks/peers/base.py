"""What a peer has to offer to be measured: a small protocol, and the place that it may write to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import URL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    import pgretrieve

    Vector = NDArray[np.float32]  # unit length
    Filter = Mapping[str, str]  # metadata key: the value that it must have

# The same index for everybody, pgvector's defaults. What is not HNSW is built by its own defaults.
M, EF_CONSTRUCTION = 16, 64
DEPTH = 100  # candidates of each leg of a hybrid search, for everybody
RRF_K = 60


class Passage(NamedTuple):
    """One document: title and text as one field, and the metadata that filters look at."""

    id: str
    text: str
    metadata: dict[str, str]


class Place(NamedTuple):
    """Where a peer puts its data: tables of this name in the database, or files in the folder. Both start empty."""

    name: str  # an identifier that needs no quotes
    dsn: str  # of the benchmark's server, in libpq's form
    db: pgretrieve.Client | None  # on the same database
    folder: Path
    dimensions: int
    language: str = "english"

    def url(self, driver: str) -> str:
        """The same database as a URL of SQLAlchemy, such as postgresql+asyncpg://..."""
        parts = psycopg.conninfo.conninfo_to_dict(self.dsn)
        host, port = str(parts.get("host") or "localhost"), parts.get("port")
        socket = host.startswith("/")
        return URL.create(
            f"postgresql+{driver}",
            username=str(parts["user"]) if "user" in parts else None,
            password=str(parts["password"]) if "password" in parts else None,
            host=None if socket else host,
            port=int(port) if port and not socket else None,
            database=str(parts["dbname"]),
            query={"host": host, **({"port": str(port)} if port else {})} if socket else {},
        ).render_as_string(hide_password=False)

    def drop_tables(self, *names: str) -> None:
        """Drop tables that may be there."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            for name in names:
                connection.execute(sql.SQL("drop table if exists {}").format(sql.Identifier(name)))

    def analyze(self, name: str) -> None:
        """What autovacuum does a minute later, so that nobody is measured without statistics."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier(name)))


class Peer(Protocol):
    """A way to store passages with their vectors and to search them, set up as its documentation recommends.

    A class of this shape, with its line in `registry.py`, is all that a new peer needs. Its module may import packages
    that are not installed: the peer is then named and skipped.
    """

    packages: ClassVar[Sequence[str]]  # whose versions are reported
    hybrid: ClassVar[bool]  # False: `search` knows vectors only
    setup: ClassVar[str]  # how it is used, in a few words, for the page

    def __init__(self, place: Place) -> None: ...

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        """Store everything and build every index."""

    def tune(self, ef_search: int) -> None:
        """How many candidates an approximate search keeps from now on."""

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        """Ids of the best `k` by words and by meaning."""

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        """Ids of the best `k` by meaning."""

    def close(self) -> None:
        """Remove all that was stored."""


def batches(passages: Sequence[Passage], vectors: Vector, size: int) -> Iterator[tuple[Sequence[Passage], Vector]]:
    """Passages and vectors in steps of `size`."""
    for start in range(0, len(passages), size):
        yield passages[start : start + size], vectors[start : start + size]


def reciprocal_rank_fusion(rankings: Sequence[Sequence[str]], k: int) -> list[str]:
    """Ids of the best `k` of several rankings, for engines that leave the joining to the application."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, found in enumerate(ranking, start=1):
            scores[found] = scores.get(found, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda found: (-scores[found], found))[:k]
