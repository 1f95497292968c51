"""eval: how good searches are, by judged queries."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pgretrieve import Collection, errors, evaluation
from pgretrieve.cli.common import Dsn, Json, Name, connected, exit_failed, out, print_json, progress_bar, say, waiting
from pgretrieve.cli.tables import on_one_line, plain_table
from pgretrieve.evaluation import Change, Configuration, QuerySet, Report, html, measures
from pgretrieve.evaluation.configurations import DEFAULTS
from pgretrieve.evaluation.folders import read_asked

SHOWN = 3
_SLACK = 1e-9


def configuration(text: str) -> Configuration:
    """A configuration as given on the command line."""
    try:
        return evaluation.read_configuration(text)
    except errors.InvalidInput as error:
        raise typer.BadParameter(str(error)) from None


def bar(text: str) -> tuple[str, float]:
    """MEASURE=VALUE as given on the command line."""
    measure, _, value = text.rpartition("=")
    try:
        return measure.strip(), float(value)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not MEASURE=VALUE such as nDCG@10=0.40") from None


Folder = Annotated[
    Path | None,
    typer.Argument(metavar="FOLDER", help="As BEIR has it: queries.jsonl, and qrels.tsv or qrels/test.tsv."),
]
QueriesFile = Annotated[Path | None, typer.Option("--queries", help="Instead: a file of queries, with --qrels.")]
QrelsFile = Annotated[Path | None, typer.Option("--qrels", help="Judgements, in the form of BEIR or TREC.")]
Dataset = Annotated[str | None, typer.Option(metavar="NAME", help="Instead: a data set of ir_datasets.")]
Split = Annotated[str | None, typer.Option(help="Of a folder that has several; by default test. all: all.")]


def read_judged(
    folder: Path | None,
    queries: Path | None,
    qrels: Path | None,
    dataset: str | None,
    split: str | None,
    *,
    unjudged: bool = False,
) -> QuerySet:
    """Judged queries from where the options say; where it is allowed, a file of queries without judgements."""
    given = [folder is not None, queries is not None or qrels is not None, dataset is not None]
    alone = unjudged and queries is not None and qrels is None
    if sum(given) != 1 or ((queries is None) != (qrels is None) and not alone):
        raise typer.BadParameter("give a FOLDER, or --queries and --qrels, or --dataset")
    if split is not None and folder is None:
        raise typer.BadParameter("--split is of a FOLDER")
    if folder is not None:
        return evaluation.read_folder(folder, split)
    if dataset is not None:
        return evaluation.read_dataset(dataset)
    assert queries is not None  # noqa: S101  as was just asked
    texts, embeddings = read_asked(queries)
    judgements = {} if qrels is None else evaluation.read_qrels(qrels)
    kept = {query: grades for query, grades in judgements.items() if query in texts}
    return QuerySet(texts, kept, embeddings, (qrels or queries).stem)


def evaluate(
    name: Name,
    folder: Folder = None,
    query_set: Annotated[
        str | None, typer.Option(metavar="NAME", help="Instead of a folder: a set of queries that is stored.")
    ] = None,
    queries: QueriesFile = None,
    qrels: QrelsFile = None,
    dataset: Dataset = None,
    split: Split = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure", "-m", help="As ir_measures has them: nDCG@10, RR@10, R@100, P@5, AP, Success@5. Repeatable."
        ),
    ] = None,
    config: Annotated[
        list[Any] | None,
        typer.Option(
            "--config",
            parser=configuration,
            metavar="'NAME: KEY=VALUE ...'",
            help="A way to search: mode, filter, min_relevance, options. Repeatable; the last one is the candidate. By "
            "default keyword, dense, hybrid.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What the candidate is held against; by default the best of the others."),
    ] = None,
    k: Annotated[
        int | None, typer.Option("--k", "-k", min=1, max=10_000, help="Documents that each search is asked for.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="A sample of so many queries, always the same.")] = None,
    fail_under: Annotated[
        list[Any] | None,
        typer.Option(parser=bar, metavar="MEASURE=VALUE", help="Exit status 1 if the candidate is below. Repeatable."),
    ] = None,
    no_worse_than: Annotated[
        str | None, typer.Option(metavar="RUN", help="Exit status 1 if the candidate is below a run that was saved.")
    ] = None,
    tolerance: Annotated[float, typer.Option(min=0, help="How much below, with --no-worse-than.")] = 0,
    save: Annotated[str | None, typer.Option(metavar="NAME", help="Store the candidate's run by this name.")] = None,
    export_run: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the candidate's run as TREC has it.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a report with pictures.")
    ] = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Measure how good searches are, on judged queries.

    Puts each query to the collection with each configuration, and compares what they find with the judgements.
    """
    if html_file is not None:
        html.require()
    names = list(dict.fromkeys([*(measure or measures.DEFAULTS), *(name for name, _ in fail_under or [])]))
    measures.parsed(names)
    if query_set is not None and (folder or queries or qrels or dataset):
        raise typer.BadParameter("--query-set is instead of files")
    judged = None if query_set is not None else read_judged(folder, queries, qrels, dataset, split)
    with connected(dsn) as db:
        collection = db.collection(name)
        with waiting("Encoding"):
            if judged is None:
                by_meaning = any(one.mode != "keyword" for one in config or DEFAULTS)
                judged = stored(collection, query_set or "", by_meaning=by_meaning)
            judged = judged.judged()
            judged = judged if limit is None else judged.sample(limit)
            against = None if no_worse_than is None else evaluation.load_run(collection, no_worse_than)
        searches = len(judged.queries) * len(config or DEFAULTS)
        with progress_bar(lambda: searches, "searches") as on_progress:
            report = evaluation.evaluate(
                collection, judged, measures=names, configurations=config, baseline=baseline, against=against, k=k,
                on_progress=on_progress,
            )  # fmt: skip
        if save is not None:
            _save(collection, report, save)
    if export_run is not None:
        evaluation.write_run(export_run, report.runs[report.candidate])
    if html_file is not None:
        evaluation.write_html(html_file, report)
    missed = [*_below(report, fail_under or []), *(_worse(report, tolerance) if against else [])]
    if as_json:
        print_json(report.as_json() | {"missed": missed})
    else:
        _show(report)
    if against is not None and len(report.queries.queries) < len(judged.queries):
        say(f"Compared on the {len(report.queries.queries):,} queries that {no_worse_than!r} has, too.")
    if len(report.runs) == 1 and config is None:
        say("By words alone: the collection has no encoder, and the queries no embeddings.")
    if report.not_there:
        say(f"{report.not_there:,} documents that were judged relevant are not in the collection: they count, unfound.")
    for message in missed:
        say(message, label="error")
    if missed:
        exit_failed()


def stored(collection: Collection, query_set: str, *, by_meaning: bool) -> QuerySet:
    """A stored set, its queries encoded once for all evaluations to come."""
    if by_meaning and collection.info.encoder is not None:
        with suppress(errors.PermissionDenied):  # who may only read has them encoded each time
            evaluation.embed_set(collection, query_set)
    return evaluation.load_set(collection, query_set)


def _save(collection: Collection, report: Report, name: str) -> None:
    for run in report.runs.values():
        if run.query_set:  # one that is stored
            continue
        stored = name if run.name == report.candidate else f"{name}/{run.name}"
        evaluation.save_run(
            collection, run, report.values[run.name], query_set=report.queries.name or "unnamed", name=stored
        )


def _below(report: Report, bars: Sequence[tuple[str, float]]) -> list[str]:
    means = report.means[report.candidate]
    return [
        f"{report.candidate} has {measure} {means[measure]:.4f}, below {least:g}"
        for measure, least in bars if means[measure] < least - _SLACK
    ]  # fmt: skip


def _worse(report: Report, tolerance: float) -> list[str]:
    assert report.baseline is not None  # noqa: S101  the run that was given
    now, before = report.means[report.candidate], report.means[report.baseline]
    p = {
        one.measure: one.p for one in report.comparisons if {one.one, one.other} == {report.candidate, report.baseline}
    }
    return [
        f"{report.candidate} has {measure} {now[measure]:.4f}, {report.baseline!r} had {before[measure]:.4f} "
        f"(p {p[measure]:.3f})"
        for measure in report.measures if now[measure] < before[measure] - tolerance - _SLACK
    ]  # fmt: skip


def _show(report: Report) -> None:
    out.print(_measures_table(report, intervals=True) if _fits(report) else _measures_table(report, intervals=False))
    if report.comparisons:
        out.print()
        out.print(_comparisons_table(report))
    changes = report.changes()
    for title, chosen in (("won most", changes[:SHOWN]), ("lost most", changes[::-1][:SHOWN])):
        kept = [change for change in chosen if (change.difference > 0) == (title == "won most")]
        if kept:
            out.print()
            out.print(_changes_table(report, title, kept))


def _fits(report: Report) -> bool:
    longest = max(map(len, report.runs))
    return longest + 2 + 22 * len(report.measures) + 20 <= out.width


def _measures_table(report: Report, *, intervals: bool) -> Table:
    table = plain_table()
    table.add_column(f"{len(report.queries.queries):,} queries", style="bold", overflow="fold")
    for measure in report.measures:
        table.add_column(measure, justify="right", no_wrap=True)
    table.add_column("median ms", justify="right", no_wrap=True)
    table.add_column("95% ms", justify="right", no_wrap=True)
    for name, means in report.means.items():
        cells = []
        for measure, mean in means.items():
            low, high = report.intervals[name][measure]
            cells.append(Text.assemble(f"{mean:.3f}", (f" [{low:.3f}, {high:.3f}]" if intervals else "", "dim")))
        times = report.runs[name].latency()
        table.add_row(name, *cells, *(["", ""] if times is None else [f"{ms:.1f}" for ms in times]))
    return table


def _comparisons_table(report: Report) -> Table:
    table = plain_table()
    table.add_column(report.measures[0], style="bold", overflow="fold")
    for heading in ("difference", "95% interval", "p", "p corrected", "better", "worse", "same"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in report.comparisons:
        if one.measure == report.measures[0]:
            table.add_row(
                f"{one.one} - {one.other}", f"{one.difference:+.3f}", f"[{one.low:+.3f}, {one.high:+.3f}]",
                f"{one.p:.4f}", f"{one.p_corrected:.4f}", str(one.better), str(one.worse), str(one.equal),
            )  # fmt: skip
    return table


def _changes_table(report: Report, title: str, changes: Sequence[Change]) -> Table:
    table = plain_table()
    table.add_column("query", style="dim", overflow="fold")
    table.add_column(f"{report.candidate}, {title}", overflow="fold")
    table.add_column(f"{report.baseline}", justify="right", no_wrap=True)
    table.add_column(f"{report.candidate}", justify="right", no_wrap=True)
    for change in changes:
        table.add_row(
            on_one_line(Text(change.query_id)),
            on_one_line(Text(change.text)),
            f"{change.before:.3f}",
            f"{change.after:.3f}",
        )
    return table
