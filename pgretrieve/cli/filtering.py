"""filterable: which metadata keys an index orders."""

from __future__ import annotations

from typing import Annotated

import typer

from pgretrieve.cli.common import DryRun, Dsn, Json, Name, connected, out, print_json, say
from pgretrieve.cli.dry_run import printing
from pgretrieve.cli.tables import plain_table


def _declared(text: str) -> tuple[str, str]:
    """KEY=TYPE as given on the command line."""
    key, separator, type_ = text.rpartition("=")
    if not (separator and key.strip()):
        raise typer.BadParameter(f"{text!r} is not KEY=TYPE such as year=number")
    return key.strip(), type_.strip()


def filterable(
    name: Name,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="KEY=TYPE", help="One more, of type number or text (dates too). Repeatable."),
    ] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="KEY", help="One less. Repeatable.")] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    dsn: Dsn = None,
) -> None:
    """Show or change the metadata keys whose values an index orders.

    Filters that compare by order, or with the beginning of a string, then need not read all documents.
    """
    added = dict(_declared(text) for text in add or [])
    with connected(dsn) as db:
        collection = db.collection(name)
        found = collection.filterable()
        if added or remove:
            found = {key: type_ for key, type_ in (found | added).items() if key not in (remove or [])}
            (printing(collection.info) if dry_run else collection).set_filterable(found)
    if as_json:
        print_json(found)
    elif found:
        table = plain_table()
        table.add_column("key", style="bold", overflow="fold")
        table.add_column("type")
        for key in sorted(found):
            table.add_row(key, found[key])
        out.print(table)
    else:
        say(f"There are no filterable keys. Give one: pgretrieve filterable {name} --add year=number")
