"""The two drivers of flows: they answer requests on a connection, and throw database errors into the flow as ours."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection, Connection
from psycopg.pq import TransactionStatus

from pgretrieve import errors
from pgretrieve.flow import Copy, Flow, Request, Statement, Transaction, Unwrapped, Work

T = TypeVar("T")


def _runs_outside(connection: Connection[Any] | AsyncConnection[Any]) -> bool:
    return connection.autocommit and connection.info.transaction_status == TransactionStatus.IDLE


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
        case Statement(sql, params):
            cursor = connection.execute(sql, params)
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
        case Transaction(flow):
            with connection.transaction():
                return drive(flow, connection)
        case Unwrapped(statement, otherwise):
            return _answer(statement if _runs_outside(connection) else otherwise, connection)


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
        case Statement(sql, params):
            cursor = await connection.execute(sql, params)
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
        case Transaction(flow):
            async with connection.transaction():
                return await drive_async(flow, connection)
        case Unwrapped(statement, otherwise):
            return await _answer_async(statement if _runs_outside(connection) else otherwise, connection)
