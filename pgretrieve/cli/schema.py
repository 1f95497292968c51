"""init and migrate: the schema of pgretrieve in a database."""

from __future__ import annotations

from typing import Annotated

import typer

import pgretrieve
from pgretrieve import schema
from pgretrieve.cli.calibrating import say_stale
from pgretrieve.cli.common import Dsn, connected, say, waiting
from pgretrieve.connecting import resolve
from pgretrieve.connections import connect_once


def init(dsn: Dsn = None) -> None:
    """Put pgretrieve into a database.

    That is the extension vector, the schema pgretrieve and its functions.
    """
    _upgrade(dsn)
    say("Next: pgretrieve collection create docs")


def migrate(
    dsn: Dsn = None,
    sql: Annotated[bool, typer.Option("--sql", help="Print the script for an empty database, and do nothing.")] = False,
    downgrade: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION", help="Go back to a revision; 'base' removes everything, collections included."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a downgrade.")] = False,
) -> None:
    """Bring a database up to this release.

    Running it again changes nothing.
    """
    if sql:
        typer.echo(schema.script())
    elif downgrade is None:
        _upgrade(dsn)
    else:
        everything = "This drops all collections. " if downgrade == "base" else ""
        if not yes:
            typer.confirm(f"{everything}Downgrade the schema to {downgrade}?", abort=True, err=True)
        with connect_once(resolve(dsn)) as connection:
            schema.downgrade(connection, downgrade)
        typer.echo(f"The schema is at revision {downgrade}.")


def _upgrade(dsn: str | None) -> None:
    with waiting("Upgrading the schema"):
        pgretrieve.migrate(dsn)
    typer.echo(f"The database has pgretrieve {pgretrieve.__version__}, schema revision {schema.SCHEMA_REVISION}.")
    with connected(dsn) as db:
        for info in db.collections():
            say_stale(db.collection(info.name))
