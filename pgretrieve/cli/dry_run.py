"""What a command would run, printed instead."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import typer
from psycopg import sql

from pgretrieve.client import Client, Collection
from pgretrieve.flow import Flow, Statement, Work
from pgretrieve.types import CollectionInfo

T = TypeVar("T")


class PrintingClient(Client):
    """A client without a database. It prints the first statement of whatever is asked of it, and ends the command."""

    def __init__(self) -> None:
        """Opens nothing, so there is nothing to close."""

    def _run(self, flow: Flow[T]) -> T:
        request = next(flow)
        while isinstance(request, Work):
            request = flow.send(request.function(*request.args))
        assert isinstance(request, Statement)  # noqa: S101  every call that can be previewed is one statement
        typer.echo(_with_literals(request) + ";")
        raise typer.Exit


def printing(info: CollectionInfo) -> Collection:
    """A collection that prints what would be done to it."""
    return Collection(PrintingClient(), info)


def _with_literals(statement: Statement) -> str:
    """A statement as it can be typed into psql."""
    params: Any = statement.params or {}
    return re.sub(r"%\((\w+)\)s", lambda match: sql.Literal(params[match[1]]).as_string(), statement.sql)
