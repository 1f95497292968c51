"""demo: a collection of real text, a few questions, and what to type next."""

from __future__ import annotations

import shlex
import time
from typing import Annotated

import typer
from rich.text import Text

import pgretrieve
from pgretrieve import demo as data
from pgretrieve.cli.common import Dsn, connected, out, program, progress_bar, say, waiting
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
            out.print(hits_table(hits, out.width, last="text"))
    out.print(_next_steps(dsn), end="", soft_wrap=True)


def _filled(db: pgretrieve.Client) -> pgretrieve.Collection:
    """The demo's collection with all documents in it; those of an earlier run are not written again."""
    with waiting("Reading the standard library"):
        documents = list(data.documents())
    names = [info.name for info in db.collections()]
    collection = db.collection(data.COLLECTION) if data.COLLECTION in names else db.create_collection(data.COLLECTION)
    say(f"{len(documents):,} documents: the documentation strings of the Python standard library")
    started = time.monotonic()
    with progress_bar(documents.__len__) as on_progress:
        result = collection.add(documents, on_progress=on_progress)
    say(f"{result.written:,} written, {result.unchanged:,} unchanged, in {time.monotonic() - started:.0f} s")
    return collection


def _next_steps(dsn: str | None) -> Text:
    name = data.COLLECTION
    steps = (
        ("your own question", f"search {name} 'read a zip archive'"),
        ("only functions", f"search {name} 'sort a list' --filter '{{\"kind\": \"function\"}}'"),
        ("what a search does", f"explain {name} 'sort a list'"),
        ("your own documents", "collection create docs"),
        ("", "add docs documents.jsonl"),
    )
    with_dsn = f" --dsn {shlex.quote(dsn)}" if dsn else ""
    text = Text("\ndense: rank by meaning. keyword: rank by words. score: both, fused.\n\nNext\n", "dim")
    for what, command in steps:
        text.append(f"  {what:<20}", "dim").append(f"{program()} {command}{with_dsn}\n")
    return text
