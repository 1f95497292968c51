"""tune: a setting of the vector index that finds enough."""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from pgretrieve import errors
from pgretrieve.cli.common import Dsn, Json, Name, all_of, connected, out, print_json, progress_bar, say
from pgretrieve.cli.searching import Filter
from pgretrieve.cli.tables import plain_table
from pgretrieve.types import Rebuild, RecallMeasurement, Tuning


def _queries(given: str) -> list[Any]:
    """Texts or vectors, one a line: as they are, or JSON objects with text or embedding."""
    path = Path(given)
    if not path.is_file():
        raise typer.BadParameter(f"{given!r} is {'a folder' if path.is_dir() else 'not there'}")
    found: list[Any] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        value: Any = line
        if line.lstrip().startswith("{"):
            try:
                value = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise typer.BadParameter(f"line {number} of {given!r} is not valid JSON: {error}") from None
            value = value.get("embedding", value.get("text"))
        if value is None:
            raise typer.BadParameter(f"line {number} of {given!r} has neither text nor embedding")
        if found and isinstance(value, str) != isinstance(found[0], str):
            raise typer.BadParameter(f"line {number} of {given!r}: all queries have an embedding, or none")
        found.append(value)
    if not found:
        raise typer.BadParameter(f"{given!r} holds no queries")
    return found


def _picture(given: str) -> Path:
    path = Path(given)
    if not path.absolute().parent.is_dir():
        raise typer.BadParameter(f"{str(path.parent)!r} is no folder")
    if path.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise typer.BadParameter(f"{given!r} does not end in .png, .svg or .pdf")
    return path


def tune(
    name: Name,
    target_recall: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the nearest that searches by meaning are to find, on average.")
    ] = 0.95,
    k: Annotated[int, typer.Option("--k", "-k", min=1, max=10_000, help="Of how many nearest.")] = 10,
    where: Filter = None,
    queries: Annotated[
        Any,
        typer.Option(
            parser=_queries,
            metavar="FILE",
            help="One query a line: words, or JSON with text or embedding. By default recorded, else made-up ones.",
        ),
    ] = None,
    query_set: Annotated[str | None, typer.Option(help="A set of recorded queries, in place of all.")] = None,
    sample: Annotated[int, typer.Option(min=1, max=10_000, help="Most queries, of those not given.")] = 100,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Measure and show, and store nothing.")] = False,
    plot: Annotated[
        Any, typer.Option(parser=_picture, metavar="FILE", help="Also draw it: .png, .svg or .pdf; needs matplotlib.")
    ] = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Find the cheapest setting of the vector index that finds enough, and store it.

    Searches through the index are compared with exact ones. Exit status 1 if no setting reaches the target.
    """
    if plot is not None and find_spec("matplotlib") is None:
        raise errors.MissingDependency("a picture needs matplotlib, which is not installed", "pip install matplotlib")
    with connected(dsn) as db:
        collection = db.collection(name)
        with progress_bar(lambda: sample if queries is None else len(queries), "queries") as on_progress:
            done = collection.tune(
                target_recall,
                queries=queries,
                k=k,
                filter=all_of(where),
                sample=sample,
                query_set=query_set,
                dry_run=dry_run,
                on_progress=on_progress,
            )
    if plot is not None and done.measurements:
        _draw(done, k, plot)
    if as_json:
        print_json(done)
    elif done.measurements:
        out.print(_table(done))
        say(_conclusion(done, dry_run=dry_run))
    elif done.reached:
        say(f"Nothing is approximate, so there is nothing to tune: {done.note}.")
    else:
        say(f"Nothing could be measured: {done.note}.")
    if not done.reached:
        if done.measurements and not as_json:
            say(_advice(done.rebuild), label="hint")
        raise typer.Exit(1)


_SOURCES = {"given": "given queries", "recorded": "recorded queries", "own": "queries made from the collection itself"}


def _table(done: Tuning) -> Table:
    table = plain_table()
    table.add_column(done.measurements[0].setting, justify="right")
    for header in ("mean", "worst tenth", "minimum", "median ms", "time"):
        table.add_column(header, justify="right")
    table.add_column("")
    for one in done.measurements:
        marks = ", ".join(["now"] * one.present + ["chosen"] * (one == done.chosen))
        figures = (f"{x:.3f}" for x in (one.mean, one.worst_decile, one.minimum))
        table.add_row(f"{one.value:,}", *figures, f"{one.median_ms:.2f}", f"x {one.time_ratio:.2f}", marks)
    return table


def _conclusion(done: Tuning, *, dry_run: bool) -> str:
    first = done.measurements[0]
    measured = f"Recall over {first.queries:,} {_SOURCES[first.source]}. "
    if done.chosen is None:
        best = max(done.measurements, key=lambda one: one.mean)
        return f"{measured}No setting reaches {done.target_recall:g}; the best is {best.mean:.3f}, with {_named(best)}."
    reached = f"{_named(done.chosen)} reaches {done.target_recall:g}, the worst tenth {done.chosen.worst_decile:.3f}"
    if done.stored:
        return f"{measured}{reached}: stored."
    if dry_run:
        return f"{measured}{reached}: not stored, as it is a dry run."
    return f"{measured}{reached}. Searches under filters have that already, and others keep what they have."


def _named(one: RecallMeasurement) -> str:
    return f"{one.setting} {one.value:,}"


def _advice(rebuild: Rebuild | None) -> str:
    if rebuild is None:
        return "These are all lists: more needs option exact, or a collection without an index. See docs/operating.md."
    settings = ", ".join(f"{name} {value:,}" for name, value in rebuild.index_settings.items())
    size = f"{rebuild.vectors:,} vectors, an index of {rebuild.index_bytes / 1e6:,.0f} MB now"
    cost = ""
    if rebuild.seconds is not None:
        time = f"{rebuild.seconds:.0f} s" if rebuild.seconds < 120 else f"{math.ceil(rebuild.seconds / 60):,} min"
        cost = f"; about {time} of one process if it fits in maintenance_work_mem"
    return (
        f"Only an index built anew with other settings could, such as {settings}: {size}{cost}. See docs/operating.md."
    )


def _draw(done: Tuning, k: int, path: Path) -> None:
    """Recall over the median time of a search, a point for each setting."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7.2, 4.6), layout="constrained")
    times = [one.median_ms for one in done.measurements]
    for label, values, style in (
        ("mean", [one.mean for one in done.measurements], "o-"),
        ("worst tenth", [one.worst_decile for one in done.measurements], "s--"),
        ("minimum", [one.minimum for one in done.measurements], "^:"),
    ):
        axes.plot(times, values, style, label=label)
    axes.axhline(done.target_recall, color="gray", linewidth=1, label=f"target {done.target_recall:g}")
    for one in done.measurements:
        weight = "bold" if one == done.chosen else "normal"
        axes.annotate(
            f"{one.value:,}", (one.median_ms, one.mean), xytext=(0, -15), textcoords="offset points", ha="center",
            fontsize=8, fontweight=weight,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("{x:g}")
    axes.set_ylim(-0.03, 1.08)
    axes.set_xlabel("median time of a search, ms")
    axes.set_ylabel(f"recall@{k}")
    axes.set_title(f"by {done.measurements[0].setting}, {done.measurements[0].queries:,} queries")
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=150)
    plt.close(figure)
