"""stats, compact, worker, serve-embedded: keeping collections healthy."""

from __future__ import annotations

import math
import shlex
import signal
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

import pgretrieve
from pgretrieve import embedded
from pgretrieve.cli.common import Dsn, Json, Name, connected, out, print_json, say, waiting
from pgretrieve.cli.tables import facts, stats_table


def stats(
    name: Annotated[str | None, typer.Argument(metavar="[COLLECTION]", help="One collection in full.")] = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Show counts and sizes of collections."""
    with connected(dsn) as db:
        found = [db.collection(n).stats() for n in ([name] if name else [info.name for info in db.collections()])]
    if as_json:
        print_json(*found)
    elif name:
        out.print(facts(found[0]))
    elif found:
        out.print(stats_table(found))
    else:
        say("There are no collections yet. Make one: pgretrieve collection create docs")


def compact(
    name: Name,
    rewrite: Annotated[bool, typer.Option("--rewrite", help="Write every list anew, without anything dead.")] = False,
    dsn: Dsn = None,
) -> None:
    """Move recent writes into the compressed postings."""
    with connected(dsn) as db, waiting("Compacting"):
        done = db.collection(name).compact(rewrite=rewrite)
    typer.echo("Compacted." if done else "Another session is compacting this collection.")


class _Stopped(Exception):
    """A signal asked the worker to stop."""


class _Signals:
    """Whether SIGTERM or Ctrl-C came; what is under way can end at a good point."""

    def __init__(self) -> None:
        self.came = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.came = True

    def raise_if_came(self, _: int) -> None:
        """For use as a progress callback."""
        if self.came:
            raise _Stopped

    def wait(self, seconds: float = math.inf) -> None:
        """Sleeps until a signal comes, or the time is over."""
        end = time.monotonic() + seconds
        while not self.came and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))


def worker(
    name: Name,
    once: Annotated[bool, typer.Option("--once", help="Encode what waits now, and end.")] = False,
    interval_s: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks.")] = 5,
    dsn: Dsn = None,
) -> None:
    """Encode what was written from SQL, until stopped.

    Such documents are found by their words at once, and by meaning when a worker has made their vectors.
    """
    with connected(dsn) as db:
        collection = db.collection(name)
        signals = _Signals()
        if not once:
            say(f"Encoding what waits in {name!r}, every {interval_s:g} s until Ctrl-C.")
        try:
            while not signals.came:
                if (count := collection.embed_pending(on_progress=signals.raise_if_came)) or once:
                    typer.echo(f"{count:,} documents encoded.")
                if once:
                    return
                signals.wait(interval_s)
        except _Stopped:
            pass
    say("Stopped.")


def serve_embedded(
    folder: Annotated[Path | None, typer.Option(help="Folder of its data.", show_default="in the user's data")] = None,
    postgres: Annotated[Literal["16", "18"], typer.Option(help="Major version of PostgreSQL.")] = "18",
) -> None:
    """Run the embedded PostgreSQL in the foreground.

    Prints its DSN, and a line for psql. It stops with Ctrl-C or SIGTERM.
    """
    with waiting("Starting the server"):
        dsn = embedded.start(folder, version=int(postgres))
        pgretrieve.migrate(dsn)
    signals = _Signals()
    typer.echo(f"{dsn}\npsql {shlex.quote(dsn)}")
    say("Serving until Ctrl-C.")
    signals.wait()
    say("Stopping, unless another program uses the server too.")
