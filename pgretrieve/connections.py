"""Where connections come from: a DSN, a psycopg pool or connection, a SQLAlchemy engine or URL. No retrieval here."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard

import psycopg
from psycopg import AsyncConnection, Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from pgretrieve import errors

if TYPE_CHECKING:
    import sqlalchemy

DSN_VARIABLE = "PGRETRIEVE_DSN"
CONNECT_TIMEOUT_S = 10
MOST_CONNECTIONS = 8

# Named prepared statements break behind a transaction pooler; searches keep their plans inside functions anyway.
_OWN: dict[str, Any] = {"autocommit": True, "prepare_threshold": None}

AnyConnection = Connection[Any] | AsyncConnection[Any]


# What is SQLAlchemy's is told without importing it, a fifth of the time that importing this library would take: whoever
# has made such an object has loaded it.


def _is_url(source: object) -> TypeGuard[sqlalchemy.URL]:
    module = sys.modules.get("sqlalchemy")
    return module is not None and isinstance(source, module.URL)


def _is_engine(source: object) -> TypeGuard[sqlalchemy.Engine]:
    module = sys.modules.get("sqlalchemy")
    return module is not None and isinstance(source, module.Engine)


def _is_async_engine(source: object) -> bool:
    module = sys.modules.get("sqlalchemy.ext.asyncio")
    return module is not None and isinstance(source, module.AsyncEngine)


def dsn_of(source: object) -> str | None:
    """The DSN that a source amounts to; None if it brings connections of its own."""
    if _is_url(source):
        source = source.render_as_string(hide_password=False)
    if source is None:
        return os.environ.get(DSN_VARIABLE) or None
    if not isinstance(source, str):
        return None
    head, separator, rest = source.partition("://")
    dsn = head.partition("+")[0] + separator + rest if separator else source
    try:
        conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        # what libpq quotes may hold a password
        detail = re.sub('"[^"]*"', "...", str(error).strip().splitlines()[0])
        raise errors.InvalidInput(
            f"the DSN is not understood: {detail}", "For example postgresql://user:password@host:5432/database"
        ) from None
    return dsn


def connect_once(dsn: str) -> Connection[Any]:
    """One connection of our own; an error that says why when there is none."""
    with errors.translating():
        return psycopg.connect(dsn, connect_timeout=CONNECT_TIMEOUT_S, **_OWN)


def _unknown(source: object) -> errors.InvalidInput:
    return errors.InvalidInput(
        f"cannot connect with {type(source).__name__}",
        "Give a DSN, a psycopg connection or pool, or a SQLAlchemy engine or URL",
    )


class Connections:
    """A source of connections for the synchronous client. ``acquire`` lends one; ``close`` ends what we opened."""

    def __init__(self, source: object) -> None:
        self._dsn = dsn_of(source)
        self._source = source
        self._closed = False
        self._pool: ConnectionPool[Connection[Any]] | None = None
        if self._dsn is None and not isinstance(source, Connection | ConnectionPool) and not _is_engine(source):
            raise _unknown(source)

    @contextmanager
    def acquire(self) -> Iterator[Connection[Any]]:
        """A connection in autocommit mode, or the caller's own as it is, within whatever transaction it is in."""
        source = self._source
        if isinstance(source, Connection):
            yield source
        elif _is_engine(source):
            with errors.translating():
                raw = source.raw_connection()
            try:
                if not isinstance(raw.driver_connection, Connection):
                    raise errors.InvalidInput(
                        f"the engine uses the driver {source.driver}, not psycopg",
                        "Create it with postgresql+psycopg://",
                    )
                with _autocommit(raw.driver_connection):
                    yield raw.driver_connection
            finally:
                raw.close()
        else:
            pool = source if isinstance(source, ConnectionPool) else self._own_pool()
            with ExitStack() as stack:
                with errors.translating():
                    connection = stack.enter_context(pool.connection())
                stack.enter_context(_autocommit(connection))
                yield connection

    def _own_pool(self) -> ConnectionPool[Connection[Any]]:
        if self._closed:
            raise errors.InvalidInput("the client is closed", "Connect again")
        if self._pool is None:
            assert self._dsn is not None  # noqa: S101  every other source is handled above
            connect_once(self._dsn).close()  # a pool would only say that it timed out
            self._pool = ConnectionPool(
                self._dsn, min_size=1, max_size=MOST_CONNECTIONS, kwargs=_OWN, open=True, timeout=CONNECT_TIMEOUT_S
            )
        return self._pool

    def close(self) -> None:
        """Closes the connections that this object opened; those of the caller stay open."""
        self._closed = True
        if self._pool is not None:
            self._pool.close()
            self._pool = None


class AsyncConnections:
    """As ``Connections``, for the asynchronous client."""

    def __init__(self, source: object) -> None:
        self._dsn = dsn_of(source)
        self._source = source
        self._closed = False
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None
        if (
            self._dsn is None
            and not isinstance(source, AsyncConnection | AsyncConnectionPool)
            and not _is_async_engine(source)
        ):
            raise _unknown(source)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[AsyncConnection[Any]]:
        """A connection in autocommit mode, or the caller's own as it is, within whatever transaction it is in."""
        source = self._source
        if isinstance(source, AsyncConnection):
            yield source
        elif _is_async_engine(source):
            engine: Any = source
            with errors.translating():
                raw = await engine.raw_connection()
            try:
                if not isinstance(raw.driver_connection, AsyncConnection):
                    raise errors.InvalidInput(
                        f"the engine uses the driver {engine.driver}, not psycopg",
                        "Create it with postgresql+psycopg://",
                    )
                async with _autocommit_async(raw.driver_connection):
                    yield raw.driver_connection
            finally:
                # It awaits a rollback, in SQLAlchemy's own way.
                import sqlalchemy

                await sqlalchemy.util.greenlet_spawn(raw.close)
        else:
            pool = source if isinstance(source, AsyncConnectionPool) else await self._own_pool()
            async with AsyncExitStack() as stack:
                with errors.translating():
                    connection = await stack.enter_async_context(pool.connection())
                await stack.enter_async_context(_autocommit_async(connection))
                yield connection

    async def _own_pool(self) -> AsyncConnectionPool[AsyncConnection[Any]]:
        if self._closed:
            raise errors.InvalidInput("the client is closed", "Connect again")
        if self._pool is None:
            assert self._dsn is not None  # noqa: S101  every other source is handled above
            with errors.translating():
                probe = await AsyncConnection.connect(self._dsn, connect_timeout=CONNECT_TIMEOUT_S)
            await probe.close()
            self._pool = AsyncConnectionPool(
                self._dsn, min_size=1, max_size=MOST_CONNECTIONS, kwargs=_OWN, open=False, timeout=CONNECT_TIMEOUT_S
            )
            await self._pool.open()
        return self._pool

    async def close(self) -> None:
        """Closes the connections that this object opened; those of the caller stay open."""
        self._closed = True
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


@contextmanager
def _autocommit(connection: Connection[Any]) -> Iterator[None]:
    before = connection.autocommit
    if not before:
        connection.autocommit = True
    try:
        yield
    finally:
        if _in_use(connection):
            connection.close()
        elif not (before or connection.closed):
            connection.autocommit = False


def _in_use(connection: Connection[Any] | AsyncConnection[Any]) -> bool:
    """Whether an interruption has left it in the middle of something, so that nobody can go on with it."""
    return not connection.closed and connection.info.transaction_status == TransactionStatus.ACTIVE


@asynccontextmanager
async def _autocommit_async(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    before = connection.autocommit
    if not before:
        await connection.set_autocommit(True)
    try:
        yield
    finally:
        if _in_use(connection):
            await connection.close()
        elif not (before or connection.closed):
            await connection.set_autocommit(False)
