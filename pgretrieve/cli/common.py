"""What the commands share: options, the connection, the two outputs."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import progress
from rich.console import Console
from rich.text import Text

import pgretrieve
from pgretrieve import embedded
from pgretrieve.connections import DSN_VARIABLE, dsn_of

out = Console(highlight=False, markup=False, emoji=False)
err = Console(highlight=False, markup=False, emoji=False, stderr=True)

_LABELS = {"error": "bold red", "hint": "bold cyan"}


def _given_or_before(context: typer.Context, value: str | None) -> str | None:
    """The option as given to the command, else as given before it."""
    return value or context.find_root().params.get("dsn")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"pgretrieve {pgretrieve.__version__}")
        raise typer.Exit


Dsn = Annotated[
    str | None,
    typer.Option(
        "--dsn",
        metavar="DSN",
        callback=_given_or_before,
        help=f"The database: postgresql://... By default ${DSN_VARIABLE}, else an embedded server.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Version = Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version.")]
Name = Annotated[str, typer.Argument(metavar="COLLECTION", help="Name of the collection.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the SQL, and do nothing.")]


def program() -> str:
    """How this program is called, for commands that can be copied."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m pgretrieve"
    if shutil.which("pgretrieve"):
        return "pgretrieve"
    return os.path.relpath(called)


def say(message: str, *, label: str = "", style: str = "") -> None:
    """A message for the person at the terminal."""
    text = Text(message, style)
    if label:
        text = Text.assemble((f"{label}: ", _LABELS[label]), text)
    err.print(text, soft_wrap=True)


def print_json(*values: Any) -> None:
    """JSON Lines on stdout."""
    for value in values:
        plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        typer.echo(json.dumps(plain, ensure_ascii=False, default=str))


@contextmanager
def waiting(message: str) -> Iterator[None]:
    """A spinner, on a terminal."""
    if not err.is_terminal:
        yield
        return
    with err.status(Text(message, style="dim"), spinner="dots"):
        yield


@contextmanager
def progress_bar(count: Callable[[], int | None], things: str = "documents") -> Iterator[Callable[..., None]]:
    """A bar that counts things, on a terminal; elsewhere nothing. ``count`` gives their number, if it is known.

    It is called with those done, and with their number once that is known.
    """
    if not err.is_terminal:
        yield lambda *_: None
        return
    columns = (
        progress.TextColumn(f"{{task.completed:,}} {things}"), progress.BarColumn(40, complete_style="cyan"),
        progress.TaskProgressColumn(), progress.TimeElapsedColumn(), progress.TimeRemainingColumn(),
    )  # fmt: skip
    with progress.Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=count())
        yield lambda done, total=None: bar.update(task, completed=done, total=total)


@contextmanager
def connected(dsn: str | None) -> Iterator[pgretrieve.Client]:
    """A client for the database that the options and the environment name."""
    if dsn_of(dsn) is None and not embedded.data_folder().exists():
        say(f"Creating an embedded PostgreSQL in {embedded.data_folder()}")
    with waiting("Connecting"):
        client = pgretrieve.connect(dsn)
    with client:
        yield client


def json_object(text: str) -> dict[str, Any]:
    """An object given as JSON on the command line."""
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"{text!r} is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter(f'{text!r} is not a JSON object such as {{"team": "infra"}}')
    return value


_SHORT_FORMS = {
    ">=": "$gte", "<=": "$lte", "!=": "$ne", "*=": "$contains", "^=": "$startsWith", "=": "$eq", ">": "$gt", "<": "$lt",
}  # fmt: skip
_SHORT_FORM = re.compile(r"([^\s=<>!*^{\[$][^=<>!*^]*?)\s*(>=|<=|!=|\*=|\^=|=|>|<)\s*(.*)", re.DOTALL)


def condition(text: str) -> dict[str, Any]:
    """A filter given as a JSON object, or as KEY=VALUE and the like; a value that is no JSON is a string."""
    short = _SHORT_FORM.fullmatch(text)
    if not short:
        try:
            return json_object(text)
        except typer.BadParameter as error:
            raise typer.BadParameter(f"{error.message}, nor KEY=VALUE such as 'year>=2024'") from None
    key, operator, given = short.groups()
    try:
        value = json.loads(given, parse_constant=str)
    except (json.JSONDecodeError, RecursionError):
        value = given
    return {key: {_SHORT_FORMS[operator]: value}}


def all_of(conditions: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    """The filter that several together make."""
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def setting(text: str) -> tuple[str, Any]:
    """A setting given as KEY=JSON; a bare word needs no quotes."""
    key, separator, value = text.partition("=")
    if not (key and separator):
        raise typer.BadParameter(f"{text!r} is not KEY=VALUE such as exact=true")
    if re.fullmatch(r"[^\W\d][\w.-]*", value) and value not in ("true", "false", "null"):
        return key, value
    try:
        return key, json.loads(value)
    except (json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"the value of {key!r} is not valid JSON: {error}") from None


def field_setting(text: str) -> tuple[str, Any]:
    """A field given as NAME=WEIGHT, with ",vector" behind it for a vector of its own; NAME=vector has weight 1."""
    name, _, value = text.partition("=")
    weight, comma, last = value.rpartition(",")
    if last.strip() != "vector" or not name:
        return setting(text)
    return name, {"weight": setting(f"{name}={weight}")[1] if comma else 1, "vector": True}


def exit_failed() -> None:
    """Ends the command with the status that says it did not do what was asked."""
    sys.exit(1)
