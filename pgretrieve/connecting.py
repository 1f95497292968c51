"""How a program gets a client: ``connect``, ``connect_async``, and ``migrate`` for the schema."""

from __future__ import annotations

import asyncio

from pgretrieve import embedded, errors, schema
from pgretrieve.aio import AsyncClient
from pgretrieve.client import Client
from pgretrieve.connections import DSN_VARIABLE, AsyncConnections, Connections, connect_once, dsn_of


def connect(source: object = None) -> Client:
    """A client for a database.

    Args:
        source: a DSN (postgresql://...), a psycopg connection or pool, a SQLAlchemy engine or URL. By default the
            environment variable PGRETRIEVE_DSN, else an embedded server with data in the user's data folder, whose
            schema is kept up to date. A connection is used within whatever transaction it is in; from the others,
            connections are taken for one call at a time.

    Raises:
        DatabaseUnavailable: no connection to the server.
        SchemaMissing, SchemaOutdated, SchemaTooNew, ServerUnsupported: database and library do not fit; the hint says
            what to run.
        MissingDependency: neither a DSN nor the embedded server is there.
    """
    client = Client(Connections(_or_embedded(source)))
    try:
        client.check()
    except BaseException:
        client.close()
        raise
    return client


async def connect_async(source: object = None) -> AsyncClient:
    """As ``connect``, asynchronous; takes psycopg's AsyncConnection and pool, and SQLAlchemy's AsyncEngine."""
    client = AsyncClient(AsyncConnections(await asyncio.to_thread(_or_embedded, source)))
    try:
        await client.check()
    except BaseException:
        await client.close()
        raise
    return client


def _or_embedded(source: object) -> object:
    """The source, or the embedded server if there is none; its schema is ours to keep up to date."""
    if source is not None or dsn_of(None) is not None:
        return source
    dsn = embedded.start()
    with Client(Connections(dsn)) as client:
        try:
            client.check()
        except (errors.SchemaMissing, errors.SchemaOutdated):
            migrate(dsn)
    return dsn


def migrate(dsn: str | None = None) -> str:
    """Creates or upgrades the schema, and returns the DSN. Running it again changes nothing.

    Args:
        dsn: a DSN; by default PGRETRIEVE_DSN, else the embedded server.
    """
    with connect_once(resolve(dsn)) as connection:
        schema.upgrade(connection)
        return resolve(dsn)


def resolve(dsn: str | None) -> str:
    """The DSN given, else that of the environment, else that of the embedded server, which is started."""
    resolved = dsn_of(dsn)
    if dsn is not None and resolved is None:
        raise errors.InvalidInput(f"the DSN is {type(dsn).__name__}, not text", f"Give a DSN, or set {DSN_VARIABLE}")
    return resolved or embedded.start()
