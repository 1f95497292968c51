"""Measure pgretrieve beside its peers: `make bench-peers`, or `python -m benchmarks.peers --size 20000`.

Tables go to stdout, progress to stderr, ``--json FILE`` keeps the figures. The section of docs/benchmarks.md and its
picture are rewritten; ``--report FILE`` does only that, from figures that were kept. A peer whose package is not
installed is named and skipped.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import psycopg
import typer
from rich.console import Console

from benchmarks import corpora, quality, run
from benchmarks.database import open_bench
from benchmarks.peers import measure, page
from benchmarks.peers.base import Place
from benchmarks.peers.registry import PEERS, available, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from benchmarks.peers.base import Peer

PAGE, PICTURE = run.PAGE, run.PAGE.parent / "images" / "peers.png"
DIMENSIONS = corpora.VECTOR_DIMENSIONS

stdout, stderr = Console(width=None if sys.stdout.isatty() else 150), Console(stderr=True)


def main(
    data: run.Data = None,
    size: Annotated[int, typer.Option(help="Passages for speed, filters and ingest.", min=1_000)] = run.FULL_SIZE,
    queries: Annotated[int, typer.Option(help="Queries for speed.", min=10)] = 100,
    only: Annotated[list[str] | None, typer.Option(help="Peers to measure, by name; all.")] = None,
    part: Annotated[list[str] | None, typer.Option(help="quality or speed; both.")] = None,
    json_file: run.JsonFile = None,
    docs: run.Docs = True,  # noqa: FBT002 - an option of the command line
    report: Annotated[Path | None, typer.Option(help="Only write the page, from these figures.")] = None,
) -> None:
    """Quality, speed, ingest, filters and odd inputs of pgretrieve and its peers, on this machine."""
    if report:
        _document(json.loads(report.read_text(encoding="utf-8")))
        return
    unknown = set(only or []) - set(PEERS)
    if unknown:
        raise typer.BadParameter(f"no peer {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    logging.disable(logging.WARNING)  # some of them log each query
    warnings.simplefilter("ignore")
    peers = available(only or PEERS, _skipped)
    results: dict[str, Any] = {}
    if json_file and json_file.exists():
        results = json.loads(json_file.read_text(encoding="utf-8"))
    results["versions"] = {name: versions(peer) for name, peer in peers.items()}
    results["setup"] = {name: peer.setup for name, peer in peers.items()}
    with open_bench() as bench, tempfile.TemporaryDirectory() as folder, run._progress() as progress:
        results["settings"] = bench.settings()
        for step in _steps(bench, Path(folder), peers, data, size, queries, part or ["quality", "speed"], progress):
            results |= step
            if json_file:
                json_file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for table in page.tables(results):
        stdout.print(table)
    if docs:
        _document(results)


def _steps(
    bench: Bench, folder: Path, peers: dict[str, type[Peer]], data: Path | None, size: int, queries: int,
    parts: list[str], progress: Label,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Figures as they come."""
    dsn = _dsn(bench)

    def place(name: str) -> Place:
        identifier = "peers_" + "".join(letter if letter.isalnum() else "_" for letter in name.lower())
        return Place(identifier, dsn, bench.db, folder, DIMENSIONS)

    if "speed" in parts:
        try:
            corpus = corpora.wiki(corpora.data_folder(data), size)
            yield {"speed": measure.speed(corpus, peers, place, queries, progress, _failed)}
        except corpora.CollectionMissing as missing:
            _skipped("wiki", missing)
    if "quality" in parts:
        rows = []
        for judged in quality.load(data, _skipped):
            rows.append(measure.quality(judged, peers, place(judged.name), progress, _failed))
            yield {"quality": rows}


def _dsn(bench: Bench) -> str:
    """The database of the benchmark for clients of their own."""
    info = bench.connection.info
    return psycopg.conninfo.make_conninfo(info.dsn, password=info.password or None)


def _document(results: dict[str, Any]) -> None:
    page.draw(PICTURE, results)
    page.write(PAGE, results)
    stderr.print(f"wrote {PAGE} and {PICTURE}")


def _skipped(what: str, why: Exception) -> None:
    stderr.print(f"skipped {what}: {why}")


_told: set[tuple[str, str]] = set()


def _failed(what: str, why: BaseException) -> None:
    """Say what failed, each kind once."""
    if (what, type(why).__name__) not in _told:
        _told.add((what, type(why).__name__))
        stderr.print(f"{what} failed: {type(why).__name__}: {str(why)[:300]}", markup=False)


if __name__ == "__main__":
    typer.run(main)
