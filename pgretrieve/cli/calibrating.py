"""calibrate: the probability that a hit is relevant, and what it is worth."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from pgretrieve import Collection
from pgretrieve.calibrating import RELEVANT_HITS
from pgretrieve.cli.common import Dsn, Json, Name, connected, out, print_json, progress_bar, say
from pgretrieve.cli.tables import plain_table
from pgretrieve.statements import MODES
from pgretrieve.types import Calibration


def _mode(text: str) -> str:
    if text not in MODES:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(MODES)}")
    return text


def calibrate(
    name: Name,
    query_set: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Queries, judged or not, see judgements; by default none are needed."),
    ] = None,
    mode: Annotated[
        list[Any] | None,
        typer.Option(parser=_mode, metavar="MODE", help="hybrid, dense or keyword; repeatable. By default all three."),
    ] = None,
    family: Annotated[
        Literal["linear", "sqrt", "quadratic", "power"] | None,
        typer.Option(help="Give dense searches a Cosine Adapter of this family."),
    ] = None,
    relevant_hits: Annotated[
        float, typer.Option(metavar="N", help="Without judgements: how many of 20 hits are taken to be relevant.")
    ] = RELEVANT_HITS,
    no_activate: Annotated[
        bool, typer.Option("--no-activate", help="Fit and store, and leave searches alone.")
    ] = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Fit the probability that a hit is relevant, for searches of each mode.

    With it searches show relevance, and can be cut: --min-relevance, --target-precision, --target-recall. Exit status 1
    if a model was refused.
    """
    wanted: dict[str, Any] = {"modes": tuple(dict.fromkeys(mode))} if mode else {}
    with connected(dsn) as db:
        collection = db.collection(name)
        with progress_bar(lambda: None, "queries") as on_progress:
            done = collection.calibrate(
                query_set=query_set,
                family=family,
                relevant_hits=relevant_hits,
                activate=not no_activate,
                on_progress=on_progress,
                **wanted,
            )
    refused = [one for one in done if one.refused is not None]
    if as_json:
        print_json(*done)
    else:
        out.print(_ranked(done))
        out.print()
        out.print(_at_cut(done))
        say(f"\n{_fitted_on(done[0])}")
        if kept := [one.mode for one in done if not one.active and one.refused is None]:
            say(f"Not activated, as asked for: {', '.join(kept)}.")
        for one in refused:
            say(f"Not activated, {one.mode}: {one.refused}.")
    if refused:
        if not as_json:
            say(f"pgretrieve models activate {name} MODEL --force takes one all the same.", label="hint")
        raise typer.Exit(1)


def say_stale(collection: Collection, mode: str | None = None) -> None:
    """Say which calibrations no longer hold, of one mode or of all, why, and what fits them again on their queries."""
    again: dict[str | None, list[str]] = {}
    for model in collection.models():
        if model.problem and mode in (None, model.slot):
            say(f"No relevance in {model.slot} searches of {collection.name!r}: model {model.id} is {model.problem}.")
            again.setdefault(model.fitted_on.get("query_set"), []).append(model.slot)
    for query_set, modes in again.items():
        words = ["pgretrieve", "calibrate", collection.name, *(word for one in modes for word in ("--mode", one))]
        say(shlex.join([*words, "--query-set", query_set] if query_set else words), label="hint")


def _ranked(done: Sequence[Calibration]) -> Table:
    """How well the probability tells relevant hits from others, beside what needs nothing fitted."""
    table = plain_table()
    table.title, table.title_justify, table.title_style = "Average precision, over hits of all queries", "left", "dim"
    table.add_column("mode", style="bold", no_wrap=True)
    for header in ("relevance", "raw", "list z", "gap", "cal. error", "model"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for one in done:
        names = ("value", "baseline", "list_z", "gap_to_top", "calibration_error")
        state = "active" if one.active else "refused" if one.refused is not None else "proposed"
        table.add_row(one.mode, *(figure(one.figures.get(name)) for name in names), str(one.model_id), state)
    return table


def _at_cut(done: Sequence[Calibration]) -> Table:
    """What a cut does, chosen on other queries than those that it is seen on."""
    table = plain_table()
    table.title, table.title_justify, table.title_style = (
        "Cut for 95% of the recall, on held-out queries",
        "left",
        "dim",
    )
    table.add_column("mode", style="bold", no_wrap=True)
    for header in ("recall kept", "precision", "own queries left empty", "foreign"):
        table.add_column(header, justify="right", no_wrap=True)
    for one in done:
        seen = one.figures
        precision = f"{figure(seen.get('precision_uncut'))} -> {figure(seen.get('precision'))}"
        shares = (share(seen.get(name)) for name in ("own_empty", "foreign_empty"))
        table.add_row(one.mode, share(seen.get("recall_kept")), precision, *shares)
    return table


def _fitted_on(one: Calibration) -> str:
    on = one.fitted_on
    if on["relevant_hits"] is None:
        source = f"{on['queries']:,} judged queries"
    else:
        source = f"{on['queries']:,} passages of the collection"
        if on["unjudged_queries"]:
            source += f", {on['unjudged_queries']:,} queries that nobody has judged"
        source += f", with {on['relevant_hits']:g} of 20 hits taken to be relevant"
    return f"Fitted on {source}, and {on['foreign_queries']:,} foreign queries, about everything."


def figure(value: float | None) -> str:
    """A figure between 0 and 1."""
    return "·" if value is None else f"{value:.3f}"


def share(value: float | None) -> str:
    """A share of a whole."""
    return "·" if value is None else f"{value:.1%}"
