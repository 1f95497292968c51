"""Run the benchmarks: quality, fusion, languages, latency, filters, ingest, or all (if nothing is said); tables;
relevance; weights; reranking; large.

Tables go to stdout, progress to stderr, ``--json FILE`` keeps the figures. ``all`` also redraws the picture and the
results in docs/benchmarks.md; ``report FILE`` does that from figures that were kept.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import (
    corpora,
    filters,
    fusion,
    ingest,
    languages,
    large,
    latency,
    quality,
    relevance,
    report,
    reranking,
    tables,
    weights,
)
from benchmarks.database import Bench, open_bench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from benchmarks.corpora import Corpus
    from benchmarks.embeddings import Label

FULL_SIZE = 100_000
LARGE_SIZE = 1_000_000
_MODULES: dict[str, ModuleType] = {
    "quality": quality,
    "fusion": fusion,
    "languages": languages,
    "tables": tables,
    "latency": latency,
    "filters": filters,
    "ingest": ingest,
    "large": large,
    "relevance": relevance,
    "weights": weights,
    "reranking": reranking,
}
ROOT = Path(__file__).parent.parent
PAGE, PICTURE = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "images" / "benchmark.png"
RELEVANCE_PICTURE = ROOT / "docs" / "images" / "relevance.png"

Data = Annotated[Path | None, typer.Option(help="Folder of test collections.", envvar="PGRETRIEVE_DATA")]
Size = Annotated[int, typer.Option(help="Passages in the corpora of latency, filters and ingest.", min=1_000)]
Queries = Annotated[int, typer.Option(help="Queries per corpus for latency and filters (there at most 50).", min=10)]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Keep the figures here; other parts in it stay.")]
Docs = Annotated[bool, typer.Option(help="Write the picture and docs/benchmarks.md.")]

app = typer.Typer(help=__doc__, add_completion=False)
stdout, stderr = Console(width=None if sys.stdout.isatty() else 120), Console(stderr=True)


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Quality, latency, filters and ingest of pgretrieve, measured on this machine."""
    if context.invoked_subcommand is None:
        all_()


@app.command("quality")
def quality_(data: Data = None, json_file: JsonFile = None) -> None:
    """NDCG@10 and Recall@100 on judged test collections."""
    _run(["quality"], data, FULL_SIZE, 0, json_file)


@app.command("fusion")
def fusion_(data: Data = None, json_file: JsonFile = None) -> None:
    """NDCG@10 of every method of fusion."""
    _run(["fusion"], data, FULL_SIZE, 0, json_file)


@app.command("languages")
def languages_(data: Data = None, json_file: JsonFile = None) -> None:
    """NDCG@10 of keyword search in other languages."""
    _run(["languages"], data, FULL_SIZE, 0, json_file)


@app.command("tables")
def tables_(
    data: Data = None,
    queries: Annotated[int, typer.Option(help="Queries per collection.", min=10)] = 1_000,
    json_file: JsonFile = None,
) -> None:
    """NDCG@10 on collections of tables, in several forms. Not part of all: encodes for half an hour the first time."""
    _run(["tables"], data, FULL_SIZE, queries, json_file)


@app.command("latency")
def latency_(data: Data = None, size: Size = FULL_SIZE, queries: Queries = 200, json_file: JsonFile = None) -> None:
    """Milliseconds a search, as ratios to what else could answer it."""
    _run(["latency"], data, size, queries, json_file)


@app.command("filters")
def filters_(data: Data = None, size: Size = FULL_SIZE, queries: Queries = 50, json_file: JsonFile = None) -> None:
    """What filters find and cost, as ratios to the search without one."""
    _run(["filters"], data, size, queries, json_file)


@app.command("ingest")
def ingest_(data: Data = None, size: Size = FULL_SIZE, json_file: JsonFile = None) -> None:
    """Documents per second and bytes per document."""
    _run(["ingest"], data, size, 0, json_file)


@app.command("relevance")
def relevance_(data: Data = None, json_file: JsonFile = None, docs: Docs = False) -> None:  # noqa: FBT002
    """Calibrated relevance against judgements and foreign queries. Not part of all."""
    results = _run(["relevance"], data, FULL_SIZE, 0, json_file)
    if docs and "relevance" in results:
        relevance.draw(RELEVANCE_PICTURE, results["relevance"])


@app.command("weights")
def weights_(data: Data = None, json_file: JsonFile = None) -> None:
    """NDCG@10 of fitted weights of the legs, without and with labels. Not part of all."""
    _run(["weights"], data, FULL_SIZE, 0, json_file)


@app.command("reranking")
def reranking_(
    data: Data = None,
    train: Annotated[int, typer.Option(help="Queries to train a cross-encoder on, at most half; 0: none.")] = 80,
    json_file: JsonFile = None,
    docs: Docs = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Reranking by an answer, and by a small cross-encoder that is trained on the spot. Not part of all."""
    results = _run(["reranking"], data, FULL_SIZE, train, json_file)
    if docs and "reranking" in results:
        report.write_page(PAGE, reranking.MARKERS, report.reranked(results))


@app.command("large")
def large_(size: Size = LARGE_SIZE, queries: Queries = 200, json_file: JsonFile = None) -> None:
    """Milliseconds a keyword search in a million passages. Not part of all: takes half an hour."""
    _run(["large"], None, size, queries, json_file)


@app.command("all")
def all_(
    data: Data = None,
    size: Size = FULL_SIZE,
    queries: Queries = 200,
    json_file: JsonFile = None,
    docs: Docs = True,  # noqa: FBT002 - an option of the command line
) -> None:
    """Everything, and the documentation of it."""
    results = _run(["quality", "fusion", "languages", "latency", "filters", "ingest"], data, size, queries, json_file)
    if docs:
        _document(results)


@app.command("report")
def report_(json_file: Annotated[Path, typer.Argument(help="Figures kept with --json.")]) -> None:
    """Redraw the picture and rewrite the results in docs/benchmarks.md from kept figures."""
    _document(json.loads(json_file.read_text(encoding="utf-8")))


def _document(results: dict[str, Any]) -> None:
    report.draw(PICTURE, results)
    report.write_page(PAGE, report.MARKERS, report.markdown(results))
    stderr.print(f"wrote {PAGE} and {PICTURE}")


def _run(parts: list[str], data: Path | None, size: int, queries: int, json_file: Path | None) -> dict[str, Any]:
    """Measure `parts`, print each as soon as it is there, and keep it."""
    results: dict[str, Any] = {}
    if json_file and json_file.exists():
        results = json.loads(json_file.read_text(encoding="utf-8"))
    with open_bench() as bench, _progress() as progress:
        results["settings"] = bench.settings()
        for part in parts:
            measured = _measure(part, bench, progress, data=data, size=size, queries=queries)
            if not measured:
                continue
            results[part] = measured
            for table in _MODULES[part].tables(measured):
                stdout.print(table)
            if json_file:
                json_file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return results


def _measure(part: str, bench: Bench, progress: Label, *, data: Path | None, size: int, queries: int) -> dict[str, Any]:
    """The figures of one part; empty if everything that it needs is missing."""
    if part == "quality":
        return quality.results([quality.measure(bench, c, progress) for c in quality.load(data, _skipped)])
    if part == "fusion":
        loads = (fusion.load, fusion.load_unknown)
        return fusion.results(*([fusion.measure(bench, c, progress) for c in load(data, _skipped)] for load in loads))
    if part == "languages":
        return languages.results([languages.measure(bench, c, progress) for c in languages.load(data, _skipped)])
    if part == "tables":
        loaded = tables.load(data, queries, _skipped)
        return tables.results([tables.measure(bench, corpus, others, progress) for corpus, others in loaded])
    if part == "relevance":
        loaded = relevance.load(data, _skipped)
        return relevance.results([relevance.measure(bench, c, others, progress) for c, others in loaded])
    if part == "weights":
        return weights.results([weights.measure(bench, c, progress) for c in weights.load(data, _skipped)])
    if part == "reranking":
        return reranking.results(reranking.measure(bench, reranking.load(data, _skipped), queries, progress))
    if part == "large":
        corpus = corpora.synthetic(size, vectors=False)
        return {"corpora": [large.measure(bench, corpus, queries, progress)]}
    found = _corpora(data, size)
    if part == "latency":
        return {"corpora": [latency.measure(bench, corpus, queries, progress) for corpus in found]}
    if part == "filters":
        return {"corpora": [filters.measure(bench, corpus, min(queries, 50), progress) for corpus in found]}
    return {"corpora": [ingest.measure(bench, corpus, progress) for corpus in found]}


def _corpora(data: Path | None, size: int) -> Iterator[Corpus]:
    """The corpora of latency, filters and ingest, one at a time; real text is skipped where it is missing."""
    try:
        yield corpora.wiki(corpora.data_folder(data), size)
    except corpora.CollectionMissing as missing:
        _skipped("wiki", missing)
    yield corpora.synthetic(size)


def _skipped(what: str, why: Exception) -> None:
    stderr.print(f"skipped {what}: {why}")


@contextmanager
def _progress() -> Iterator[Label]:
    """One bar on stderr; called with a label it starts anew and gives what to call with (done, total)."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True) as bars:
        task = bars.add_task("", total=None)

        def label(description: str) -> Callable[[int, int], None]:
            bars.reset(task, description=description, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        yield label


if __name__ == "__main__":
    app()
