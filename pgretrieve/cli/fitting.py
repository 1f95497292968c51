"""fit: weights of legs and fields, k1 and b, by judged queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from pgretrieve import evaluation
from pgretrieve.cli.common import Dsn, Json, Name, connected, out, print_json, progress_bar, say, waiting
from pgretrieve.cli.evaluating import Dataset, Folder, QrelsFile, QueriesFile, Split, read_judged, stored
from pgretrieve.cli.tables import plain_table
from pgretrieve.evaluation import Fit
from pgretrieve.evaluation.fitting import LIMIT, MEASURE, SETTINGS
from pgretrieve.statements import MODES


def _one_of(known: Sequence[str]) -> Any:
    def read(text: str) -> str:
        if text not in known:
            raise typer.BadParameter(f"{text!r} is none of {', '.join(known)}")
        return text

    return read


def fit(
    name: Name,
    folder: Folder = None,
    query_set: Annotated[
        str | None, typer.Option(metavar="NAME", help="Instead of a folder: a set of queries that is stored.")
    ] = None,
    queries: QueriesFile = None,
    qrels: QrelsFile = None,
    dataset: Dataset = None,
    split: Split = None,
    setting: Annotated[
        list[Any] | None,
        typer.Option(
            parser=_one_of(tuple(SETTINGS)),
            metavar="SETTING",
            help="bm25 (k1 and b), fields (their weights) or fusion (what words weigh); repeatable. By default all.",
        ),
    ] = None,
    mode: Annotated[
        Any, typer.Option(parser=_one_of(MODES), metavar="MODE", help="Of the searches; by default hybrid.")
    ] = None,
    measure: Annotated[str, typer.Option("--measure", "-m", help="As ir_measures has it.")] = MEASURE,
    limit: Annotated[int, typer.Option(help="A sample of so many queries, always the same.")] = LIMIT,
    no_activate: Annotated[
        bool, typer.Option("--no-activate", help="Fit and store, and leave searches alone.")
    ] = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Fit k1 and b, weights of fields, and what words weigh beside meaning, on judged queries.

    Searches with each value that is tried. A setting that is better on held-out queries is used from now on; pgretrieve
    models rollback takes it back. One that is not is stored, and left alone.
    """
    if query_set is not None and (folder or queries or qrels or dataset):
        raise typer.BadParameter("--query-set is instead of files")
    judged = None if query_set is not None else read_judged(folder, queries, qrels, dataset, split)
    with connected(dsn) as db:
        collection = db.collection(name)
        with waiting("Encoding"):
            if judged is None:
                judged = stored(collection, query_set or "", by_meaning=mode != "keyword")
        with progress_bar(lambda: None, "searches") as on_progress:
            done = evaluation.fit(
                collection, judged, settings=setting or None, mode=mode, measure=measure, limit=limit,
                activate=not no_activate, on_progress=on_progress,
            )  # fmt: skip
        calibrated = any((one.kind, one.state) == ("calibration", "active") for one in collection.models())
    if as_json:
        print_json(*done)
        return
    out.print(_numbers(done))
    out.print()
    out.print(_figures(done, measure))
    for one in done:
        if one.model_id is None:
            say(f"{one.setting}: what there is was chosen.")
        elif one.refused is not None:
            say(f"{one.setting}: not activated, {one.refused}.")
        elif not one.active:
            say(f"{one.setting}: not activated, as asked for.")
    if calibrated and any(one.setting in ("bm25", "fields") and one.active for one in done):
        say(f"Calibrations of {name} from before no longer hold: pgretrieve calibrate {name}", label="hint")


def _numbers(done: Sequence[Fit]) -> Table:
    table = plain_table()
    for header, justify in (("setting", "left"), ("", "left"), ("now", "right"), ("fitted", "right")):
        table.add_column(header, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("tried, with the mean of each", overflow="fold")
    for one in done:
        for place, (name, present) in enumerate(one.present.items()):
            tried = "  ".join(f"{value:g}={mean:.3f}" for value, mean in one.tried[name]) if name in one.tried else ""
            table.add_row(one.setting if place == 0 else "", name, f"{present:g}", f"{one.chosen[name]:g}", tried)
    return table


def _figures(done: Sequence[Fit], measure: str) -> Table:
    """What each is worth where it had no say."""
    queries = done[0].figures["queries"]
    table = plain_table()
    table.title = f"{measure} of {done[0].mode} searches, on {queries:,} queries, each held out"
    table.title_justify, table.title_style = "left", "dim"
    table.add_column("setting", style="bold", no_wrap=True)
    for header in ("now", "fitted", "gain", "95% interval", "p"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("model", no_wrap=True)
    for one in done:
        seen = one.figures
        state = "active" if one.active else "refused" if one.refused else "proposed"
        table.add_row(
            one.setting, f"{seen['baseline']:.3f}", f"{seen['value']:.3f}", f"{seen['gain']:+.3f}",
            f"[{seen['low']:+.3f}, {seen['high']:+.3f}]", f"{seen['p']:.3f}",
            "" if one.model_id is None else f"{one.model_id} {state}",
        )  # fmt: skip
    return table
