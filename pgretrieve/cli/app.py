"""The program: its commands, the options before a command, and what a user sees of an error."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from typing import Annotated, Any

import psycopg
import typer
from typer.core import TyperGroup

from pgretrieve import errors
from pgretrieve.cli import (
    calibrating,
    collections,
    demo,
    documents,
    evaluating,
    filtering,
    fitting,
    judging,
    models,
    operating,
    schema,
    searching,
    tuning,
    wording,
)
from pgretrieve.cli.common import Dsn, Version, say

_COMMANDS: dict[str, Callable[..., None] | typer.Typer] = {
    "demo": demo.demo,
    "init": schema.init,
    "migrate": schema.migrate,
    "collection": collections.app,
    "add": documents.add,
    "delete": documents.delete,
    "search": searching.search,
    "explain": searching.explain,
    "facets": searching.facets,
    "eval": evaluating.evaluate,
    "judgements": judging.app,
    "calibrate": calibrating.calibrate,
    "fit": fitting.fit,
    "models": models.app,
    "synonyms": wording.synonyms,
    "stop-words": wording.stop_words,
    "filterable": filtering.filterable,
    "stats": operating.stats,
    "tune": tuning.tune,
    "compact": operating.compact,
    "worker": operating.worker,
    "serve-embedded": operating.serve_embedded,
}
"""In the order in which a user meets them."""


class _InOrder(TyperGroup):
    """Typer itself would list groups of commands after all commands."""

    def list_commands(self, _: object) -> list[str]:
        return list(_COMMANDS)


app = typer.Typer(
    name="pgretrieve",
    cls=_InOrder,
    help="Hybrid retrieval inside PostgreSQL: BM25, vectors and fusion in one SQL statement.",
    epilog="Every command has its own --help. Exit status: 0 done, 1 failed, 2 wrong usage.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

for _name, _command in _COMMANDS.items():
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_name)
    else:
        app.command(_name)(_command)

_verbose = False


@app.callback()
def options(
    dsn: Dsn = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="With an error, show where it comes from.")] = False,
    version: Version = False,
) -> None:
    """What holds for every command."""
    global _verbose  # noqa: PLW0603  an error is reported where the command's context is gone
    _verbose = verbose
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, stream=sys.stderr, force=True)


def main() -> None:
    """Runs the command line, and turns errors into a message and an exit status."""
    # The default action would end the process without stopping an embedded server.
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        app()
    except errors.PgretrieveError as error:
        _fail(error.message, error.hint)
    except psycopg.Error as error:
        _fail(f"the database says: {' '.join(str(error).split())}")
    except Exception as error:  # noqa: BLE001  a bug of ours, or a surprise from below
        _fail(f"unexpected {type(error).__name__}: {error}", "pgretrieve -v ... shows where; please report it")


def _fail(message: str, hint: str = "") -> Any:
    if _verbose:
        raise  # noqa: PLE0704  called while an error is handled
    say(message, label="error")
    if hint:
        say(hint, label="hint")
    sys.exit(1)
