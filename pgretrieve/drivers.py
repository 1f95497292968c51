"""The two drivers of flows: they answer requests on a connection, and throw database errors into the flow as ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection, Connection, Cursor, Pipeline
from psycopg.pq import TransactionStatus

from pgretrieve import errors
from pgretrieve.flow import Copy, Flow, Request, Statement, Transaction, Unwrapped, Work

T = TypeVar("T")


def _unwrapped(request: Unwrapped, connection: Connection[Any] | AsyncConnection[Any]) -> Flow[Any]:
    """What becomes of an ``Unwrapped`` on this connection; the same for both drivers."""
    if not (connection.autocommit and connection.info.transaction_status == TransactionStatus.IDLE):
        return (yield request.otherwise)
    rows = yield Statement("select pg_backend_pid()")
    # A pooler tells the client a process id of its own making.
    direct = rows[0][0] == connection.info.backend_pid
    before: dict[str, str] = {}
    for name, value in request.settings.items() if direct else ():
        rows = yield Statement("select current_setting(%(name)s)", {"name": name})
        before[name] = rows[0][0]
        yield _setting(name, value)
    try:
        return (yield request.statement)
    finally:
        for name, value in before.items():
            yield _setting(name, value)


def _setting(name: str, value: str) -> Statement:
    return Statement("select set_config(%(name)s, %(value)s, false)", {"name": name, "value": value})


def drive(flow: Flow[T], connection: Connection[Any]) -> T:
    """Runs a flow to its end on a connection and returns its result."""
    try:
        request = next(flow)
        while True:
            try:
                answer = _answer(request, connection)
            except psycopg.Error as error:
                request = flow.throw(errors.translated(error).with_traceback(error.__traceback__))
            except BaseException as error:  # noqa: BLE001  an interruption too must reach the flow
                request = flow.throw(error)
            else:
                request = flow.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def _answer(request: Request, connection: Connection[Any]) -> Any:
    match request:
        case Statement(sql, params, meanwhile):
            if meanwhile is None:
                cursor = connection.execute(sql, params)
            else:
                cursor = _overlapped(connection, sql, params, meanwhile)
            return cursor.fetchall() if cursor.description else []
        case Copy(sql, rows, data):
            with connection.cursor() as cursor, cursor.copy(sql) as copy:
                for row in rows:
                    copy.write_row(row)
                for block in data:
                    copy.write(block)
            return None
        case Work(function, args):
            return function(*args)
        case Transaction(flow, rolled_back):
            with connection.transaction(force_rollback=rolled_back):
                return drive(flow, connection)
        case Unwrapped():
            return drive(_unwrapped(request, connection), connection)


def _overlapped(
    connection: Connection[Any], sql: str, params: Mapping[str, Any] | None, meanwhile: Callable[[], None]
) -> Cursor[Any]:
    """Executes a statement, and calls a function while the server is at work."""
    if not Pipeline.is_supported():  # a libpq older than 14
        meanwhile()
        return connection.execute(sql, params)
    with connection.pipeline():
        cursor = connection.execute(sql, params)
        try:
            meanwhile()
        except BaseException:
            connection.cancel_safe()  # else leaving the pipeline would wait for the statement
            raise
    return cursor


async def drive_async(flow: Flow[T], connection: AsyncConnection[Any]) -> T:
    """As ``drive``. Work runs in a thread, so that encoding does not stop the event loop."""
    try:
        request = next(flow)
        while True:
            try:
                answer = await _answer_async(request, connection)
            except psycopg.Error as error:
                request = flow.throw(errors.translated(error).with_traceback(error.__traceback__))
            except BaseException as error:  # noqa: BLE001  a cancellation too must reach the flow
                request = flow.throw(error)
            else:
                request = flow.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def _answer_async(request: Request, connection: AsyncConnection[Any]) -> Any:
    match request:
        case Statement(sql, params, meanwhile):
            sent = asyncio.ensure_future(connection.execute(sql, params))
            if meanwhile is not None:
                await asyncio.sleep(0)  # lets it go out
                meanwhile()
            cursor = await sent
            return await cursor.fetchall() if cursor.description else []
        case Copy(sql, rows, data):
            async with connection.cursor() as cursor, cursor.copy(sql) as copy:
                for row in rows:
                    await copy.write_row(row)
                for block in data:
                    await copy.write(block)
            return None
        case Work(function, args):
            return await asyncio.to_thread(function, *args)
        case Transaction(flow, rolled_back):
            async with connection.transaction(force_rollback=rolled_back):
                return await drive_async(flow, connection)
        case Unwrapped():
            return await drive_async(_unwrapped(request, connection), connection)
