"""models list, show, activate, retire, rollback: everything fitted for a collection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from pgretrieve import Collection, errors
from pgretrieve.cli.calibrating import figure
from pgretrieve.cli.common import Dsn, Json, Name, connected, out, print_json, say
from pgretrieve.cli.tables import on_one_line, plain_table
from pgretrieve.types import Model

app = typer.Typer(help="Models: list, show, activate, retire, roll back.", no_args_is_help=True, rich_markup_mode=None)

ModelId = Annotated[int, typer.Argument(metavar="MODEL", min=1, max=2**31 - 1, help="Its id, see models list.")]


def _model(collection: Collection, model_id: int) -> Model:
    """A model of this collection: ids are those of all collections, and a slip would change another one's searches."""
    found = collection.models()
    for model in found:
        if model.id == model_id:
            return model
    ids = ", ".join(str(model.id) for model in found)
    raise errors.NotFound(
        f"collection {collection.name!r} has no model {model_id}",
        f"Its models: {ids}" if ids else "Nothing has been fitted for it: pgretrieve calibrate",
    )


@app.command("list")
def list_(name: Name, as_json: Json = False, dsn: Dsn = None) -> None:
    """List the models of a collection, the newest version of each first."""
    with connected(dsn) as db:
        found = db.collection(name).models()
    if as_json:
        print_json(*found)
    elif found:
        out.print(_table(found))
    else:
        say("Nothing has been fitted for this collection yet.")


@app.command()
def show(name: Name, model_id: ModelId, as_json: Json = False, dsn: Dsn = None) -> None:
    """Show a model: what it was fitted on, and its figures on what was held out."""
    with connected(dsn) as db:
        model = _model(db.collection(name), model_id)
    if as_json:
        print_json(model)
    else:
        out.print(_facts(model))


@app.command()
def activate(
    name: Name,
    model_id: ModelId,
    force: Annotated[bool, typer.Option("--force", help="Even if its figures are worse.")] = False,
    dsn: Dsn = None,
) -> None:
    """Make searches use a model, in place of the one that they use."""
    with connected(dsn) as db:
        collection = db.collection(name)
        model = _model(collection, model_id)
        collection.activate_model(model_id, force=force)
    say(f"Searches use model {model_id}, {_place(model.kind, model.slot)}.")


@app.command()
def retire(name: Name, model_id: ModelId, dsn: Dsn = None) -> None:
    """Make searches use neither this model nor another in its place."""
    with connected(dsn) as db:
        collection = db.collection(name)
        model = _model(collection, model_id)
        collection.retire_model(model_id)
    if model.state == "active":
        say(f"Searches no longer use model {model_id}, {_place(model.kind, model.slot)}.")
    else:
        say(f"Searches did not use model {model_id}: it is {model.state}.")


@app.command()
def rollback(
    name: Name,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="calibration, settings, ...")],
    slot: Annotated[
        str, typer.Argument(metavar="SLOT", help="Of a calibration the mode; of settings bm25, fields or fusion.")
    ] = "",
    dsn: Dsn = None,
) -> None:
    """Go back to the model of a kind and slot that was active before."""
    with connected(dsn) as db:
        model_id = db.collection(name).rollback_model(kind, slot)
    say(f"Searches use model {model_id}, {_place(kind, slot)}, again.")


def _place(kind: str, slot: str) -> str:
    return f"{kind} {slot}".rstrip()


def _table(found: Sequence[Model]) -> Table:
    table = plain_table()
    table.add_column("model", justify="right", no_wrap=True)
    table.add_column("kind", style="bold", overflow="fold", min_width=11)
    table.add_column("slot", overflow="fold", min_width=7)
    table.add_column("version", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for header in ("value", "baseline"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("fitted", no_wrap=True)
    for model in found:
        table.add_row(
            str(model.id), model.kind, on_one_line(Text(model.slot)), str(model.version),
            _state(model),
            figure(model.value), figure(model.baseline), _time(model.created_at)[:10],
        )  # fmt: skip
    return table


def _state(model: Model) -> Text:
    if model.problem:
        return Text(f"{model.state}, {model.problem.partition(':')[0]}", "yellow")
    return Text(model.state, "green" if model.state == "active" else "")


def _facts(model: Model) -> Table:
    """Each column on a line; of objects each member."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in asdict(model).items():
        if not isinstance(value, dict):
            table.add_row(name.replace("_", " "), _fact(value))
            continue
        for member, inner in value.items():
            table.add_row(on_one_line(Text(f"{name.replace('_', ' ')} · {member}")), _fact(inner))
    return table


def _fact(value: Any) -> Text:
    if value is None or value == "":
        return Text("·")
    if isinstance(value, datetime):
        return Text(_time(value))
    if isinstance(value, float):
        return Text(f"{value:.4g}")
    return on_one_line(Text(value if isinstance(value, str) else json.dumps(_short(value), ensure_ascii=False)))


def _short(value: Any) -> Any:
    """With numbers to four digits."""
    if isinstance(value, list):
        return [_short(one) for one in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _time(value: datetime) -> str:
    return value.astimezone().isoformat(" ", "seconds")
