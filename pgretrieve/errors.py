"""Everything that can go wrong, and the one place where database errors become ours.

PgretrieveError
├── InvalidInput (also ValueError)
│   ├── DimensionMismatch
│   ├── InvalidFilter
│   └── InvalidDocument
├── NotFound (also LookupError)
│   └── CollectionNotFound
├── AlreadyExists
├── NotCalibrated
├── ModelRefused
├── SchemaError
│   ├── SchemaMissing
│   ├── SchemaOutdated
│   ├── SchemaTooNew
│   └── ServerUnsupported
├── DatabaseUnavailable
├── PermissionDenied
└── MissingDependency (also ImportError)

A message says what is wrong, with the values; ``hint`` says what to do. ``str()`` gives both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import psycopg


class PgretrieveError(Exception):
    """Base of all errors of this library."""

    hint: str

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class InvalidInput(PgretrieveError, ValueError):
    """An argument that cannot be."""


class DimensionMismatch(InvalidInput):
    """Vectors of other dimensions, or without a direction."""


class InvalidFilter(InvalidInput):
    """A metadata filter that is not understood."""


class InvalidDocument(InvalidInput):
    """A document that cannot be stored; the message names it."""


class NotFound(PgretrieveError, LookupError):
    """Something named is not there."""


class CollectionNotFound(NotFound):
    """No collection has that name."""


class AlreadyExists(PgretrieveError):
    """The name is taken."""


class NotCalibrated(PgretrieveError):
    """A relevance cut was asked for where relevance is not known."""


class ModelRefused(PgretrieveError):
    """A model whose figures are worse than its baseline, or than those of the model that is active."""


class SchemaError(PgretrieveError):
    """Library and database do not fit each other."""


class SchemaMissing(SchemaError):
    """The database has no pgretrieve schema."""


class SchemaOutdated(SchemaError):
    """The database is older than this library."""


class SchemaTooNew(SchemaError):
    """The database is newer than this library."""


class ServerUnsupported(SchemaError):
    """PostgreSQL or pgvector is missing or too old."""


class DatabaseUnavailable(PgretrieveError):
    """No connection to the server."""


class PermissionDenied(PgretrieveError):
    """The database role lacks a right."""


class MissingDependency(PgretrieveError, ImportError):
    """An optional package is not installed; the hint holds the command."""


class _ByState:
    """SQLSTATE to error class: ours (class RT) and the few of the server that users meet."""

    exact: ClassVar[dict[str, type[PgretrieveError]]] = {
        "RT400": InvalidInput,
        "RT404": CollectionNotFound,
        "RT409": AlreadyExists,
        "RT410": NotFound,
        "RT412": NotCalibrated,
        "RT413": ModelRefused,
        "RT420": InvalidFilter,
        "RT421": DimensionMismatch,
        "RT422": InvalidDocument,
        "42501": PermissionDenied,
        "22021": InvalidInput,  # a byte that the encoding does not have
        "22P05": InvalidInput,  # the same, written as an escape in JSON
        "54000": InvalidInput,  # more than a tsvector or a stack holds
        "28000": DatabaseUnavailable,
        "28P01": DatabaseUnavailable,
        "3D000": DatabaseUnavailable,
        "53300": DatabaseUnavailable,
        "57P01": DatabaseUnavailable,
        "57P02": DatabaseUnavailable,
        "57P03": DatabaseUnavailable,
    }
    hints: ClassVar[dict[str, str]] = {
        "42501": "Ask the owner of the database for the right, or connect as another role",
        "22021": "Remove the byte, usually a NUL, from the text",
        "54000": "Shorten the query, or the title of the document",
        "22P05": "Remove the character, usually a NUL, from the JSON",
        "53300": "Close connections, or raise max_connections",
        "57P01": "The server is stopping or starts anew; try again",
        "57P02": "The server is stopping or starts anew; try again",
        "57P03": "The server is stopping or starts anew; try again",
    }


def translated(error: psycopg.Error) -> Exception:
    """Our error for one of psycopg's, which becomes its cause; or the same error if it is none of ours."""
    ours = _ours(error)
    if ours is None:
        return error
    ours.__cause__ = error
    return ours


_OF_A_COLLECTION = re.compile(r"\bpgretrieve_\d+\b")


def _ours(error: psycopg.Error) -> PgretrieveError | None:
    state = error.sqlstate or ""
    message = " ".join((error.diag.message_primary or str(error)).split())
    hint = (error.diag.message_hint or _ByState.hints.get(state, "")).rstrip(".")
    if known := _ByState.exact.get(state):
        return known(message, hint)
    if state in ("3F000", "42P01", "42883") and _OF_A_COLLECTION.search(message):
        return CollectionNotFound(f"the collection is gone: {message}", "It was dropped meanwhile; see collections()")
    if state == "3F000" or (state in ("42P01", "42883") and "pgretrieve" in message):
        return SchemaMissing(message, "The database has no pgretrieve schema, or an older one. Run: pgretrieve init")
    if isinstance(error, psycopg.OperationalError) and not state:
        return DatabaseUnavailable(message, "Check the DSN, and that the server is running")
    if isinstance(error, psycopg.DataError) and "NUL" in message:
        return InvalidInput("text contains a NUL byte, which PostgreSQL cannot store", "Remove it from the text")
    return None


@contextmanager
def translating() -> Iterator[None]:
    """Raises errors of the database as errors of this library, with the original as their cause."""
    try:
        yield
    except psycopg.Error as error:
        ours = translated(error)
        if ours is error:
            raise
        raise ours from error
