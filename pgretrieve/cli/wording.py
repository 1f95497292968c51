"""synonyms, stop-words: what a collection does to the words of queries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pgretrieve.cli.common import DryRun, Dsn, Json, Name, connected, json_object, out, print_json, say
from pgretrieve.cli.dry_run import printing
from pgretrieve.cli.tables import plain_table


def _expansion(text: str) -> tuple[str, list[str]]:
    """TERM=SYNONYM,... as given on the command line; without a synonym the term is to lose its own."""
    term, separator, words = text.partition("=")
    if not (separator and term.strip()):
        raise typer.BadParameter(f"{text!r} is not TERM=SYNONYM,... such as car=automobile,auto")
    return term.strip(), [word.strip() for word in words.split(",") if word.strip()]


def synonyms(
    name: Name,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="TERM=SYNONYM,...", help="Give a term its synonyms, or none. Repeatable."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", exists=True, dir_okay=False, help='Replace all by a JSON object: {"car": ["auto"]}.'),
    ] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    dsn: Dsn = None,
) -> None:
    """Show or change the synonyms of a collection.

    A query with a term also finds its synonyms, from the next search on; nothing is indexed anew.
    """
    changes = [_expansion(text) for text in change or []]
    with connected(dsn) as db:
        collection = db.collection(name)
        found = collection.synonyms() if file is None else json_object(file.read_text(encoding="utf-8"))
        if changes or file:
            for term, words in changes:
                found.pop(term, None)
                found |= {term: words} if words else {}
            (printing(collection.info) if dry_run else collection).set_synonyms(found)
    if as_json:
        print_json(found)
    elif found:
        table = plain_table()
        table.add_column("term", style="bold", overflow="fold")
        table.add_column("synonyms", overflow="fold")
        for term in sorted(found):
            table.add_row(term, ", ".join(found[term]))
        out.print(table)
    else:
        say(f"There are no synonyms. Give some: pgretrieve synonyms {name} --set car=automobile,auto")


def stop_words(
    name: Name,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="WORD", help="One more. Repeatable.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="WORD", help="One less. Repeatable.")] = None,
    as_json: Json = False,
    dry_run: DryRun = False,
    dsn: Dsn = None,
) -> None:
    """Show or change the words that queries leave out.

    They come on top of those of the language, and hold from the next search on.
    """
    with connected(dsn) as db:
        collection = db.collection(name)
        found = collection.stop_words()
        if add or remove:
            found = sorted((set(found) | set(add or [])) - set(remove or []))
            (printing(collection.info) if dry_run else collection).set_stop_words(found)
    if as_json:
        print_json(found)
    elif found:
        typer.echo("\n".join(found))
    else:
        say(f"There are no stop words besides the language's. Give one: pgretrieve stop-words {name} --add company")
