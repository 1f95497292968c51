"""Flows: what is to be done, written once; how it is done, by a driver.

A flow is a generator that yields requests and is sent their answers. The synchronous and the asynchronous driver run
the same flows, so both clients share everything but the await, and a flow can be tested without a server.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement. Answered with its rows. ``meanwhile`` is called once it has been sent."""

    sql: str
    params: Mapping[str, Any] | None = None
    meanwhile: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """COPY ... FROM STDIN. ``rows`` in text format, or ``data`` as the bytes of the format that ``sql`` names."""

    sql: str
    rows: Iterable[Sequence[Any]] = ()
    data: Iterable[bytes] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A call that may take long and does no I/O on the database, such as encoding. Answered with its result."""

    function: Callable[..., Any]
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """A flow to be run whole or not at all. Answered with its result.

    ``rolled_back``: not at all even where it succeeds, to see what would be. Nobody else does.
    """

    flow: Flow[Any]
    rolled_back: bool = False


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A statement that cannot run within a transaction, such as CREATE INDEX CONCURRENTLY. Answered with its rows.

    Within a transaction of the caller's, ``otherwise`` runs in its place. ``settings`` hold while the statement runs,
    if the connection is the server's own: through a pooler they might reach, and stay with, somebody else's.
    """

    statement: Statement
    otherwise: Statement = field(default_factory=lambda: Statement("select"))
    settings: Mapping[str, str] = field(default_factory=dict)


Request = Statement | Copy | Work | Transaction | Unwrapped
Flow = Generator[Request, Any, T]


class Runs(Protocol):
    """What runs flows: a client."""

    def _run(self, flow: Flow[T]) -> T: ...


class RunsAsync(Protocol):
    """What runs flows without blocking: an asynchronous client."""

    def _run(self, flow: Flow[T]) -> Coroutine[Any, Any, T]: ...
