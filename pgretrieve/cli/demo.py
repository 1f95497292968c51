"""demo: a collection of real text, a few questions, and what to type next."""

from __future__ import annotations

import shlex
import time
from typing import Annotated

import typer
from rich.text import Text

import pgretrieve
from pgretrieve import demo as data
from pgretrieve.cli.common import Dsn, connected, out, progress_bar, say, waiting
from pgretrieve.cli.tables import hits_table


def demo(
    k: Annotated[int, typer.Option("--k", "-k", min=1, max=100, help="Hits for each question.")] = 4,
    dsn: Dsn = None,
) -> None:
    """Index Python's own documentation, and answer questions.

    Thousands of documentation strings of the standard library go into the collection 'demo'. A second run adds nothing.
    """
    with connected(dsn) as db:
        collection = _filled(db)
        for question in data.QUESTIONS:
            with waiting("Searching"):
                hits = collection.search(question, k=k)
            out.print()
            out.print(Text(question, "bold"))
            out.print(hits_table(hits, out.width, titles=False))
    out.print(_next_steps(dsn))


def _filled(db: pgretrieve.Client) -> pgretrieve.Collection:
    """The demo's collection with all documents in it; those of an earlier run are not written again."""
    with waiting("Reading the standard library"):
        documents = list(data.documents())
    names = [info.name for info in db.collections()]
    collection = db.collection(data.COLLECTION) if data.COLLECTION in names else db.create_collection(data.COLLECTION)
    say(f"{len(documents):,} documents: the documentation strings of the Python standard library")
    started = time.monotonic()
    with progress_bar(len(documents)) as on_progress:
        result = collection.add(documents, on_progress=on_progress)
    say(f"{result.written:,} written, {result.unchanged:,} unchanged, in {time.monotonic() - started:.0f} s")
    return collection


def _next_steps(dsn: str | None) -> Text:
    name = data.COLLECTION
    with_dsn = f" --dsn {shlex.quote(dsn)}" if dsn else ""
    steps = (
        (f"pgretrieve search {name} 'read a zip archive'", "your own question"),
        (f"pgretrieve search {name} 'sort a list' --filter '{{\"kind\": \"function\"}}'", "only functions"),
        (f"pgretrieve explain {name} 'sort a list'", "what a search does"),
        ("pgretrieve collection create docs", "a collection of your own"),
        ("pgretrieve add docs documents.jsonl", 'lines of {"id": ..., "title": ..., "text": ...}'),
    )
    text = Text("\ndense and keyword are the ranks by meaning and by words; score fuses them. Next:\n", "dim")
    for command, what in steps:
        text.append(f"\n  {command + with_dsn:<68}", "bold").append(f"  {what}", "dim")
    return text
