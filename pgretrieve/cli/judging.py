"""judgements: sets of judged queries in and out of a collection, and the runs that were saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pgretrieve import errors, evaluation
from pgretrieve.cli.common import Dsn, Json, Name, connected, out, print_json, say, waiting
from pgretrieve.cli.evaluating import Dataset, Folder, QrelsFile, QueriesFile, Split, read_judged
from pgretrieve.cli.tables import plain_table

app = typer.Typer(help="Judged queries: import, export, list; and saved runs.", no_args_is_help=True)

SetName = Annotated[str | None, typer.Option("--query-set", metavar="NAME", help="Name of the set.")]


@app.command("import")
def import_(
    name: Name,
    folder: Folder = None,
    query_set: SetName = None,
    queries: QueriesFile = None,
    qrels: QrelsFile = None,
    dataset: Dataset = None,
    split: Split = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Store queries and judgements in a collection, by default under the name of their folder.

    An upsert by ids. The collection's encoder makes the embeddings of the queries. Queries without judgements, such as
    a log, are of use to calibrate and tune.
    """
    judged = read_judged(folder, queries, qrels, dataset, split, unjudged=True)
    stored = query_set or judged.name
    with connected(dsn) as db, waiting("Storing and encoding"):
        collection = db.collection(name)
        written = evaluation.save_set(collection, judged, stored)
        made = 0
        try:
            made = evaluation.embed_set(collection, stored)
        except errors.MissingDependency as error:
            say(f"The queries are stored, but not encoded: {error}")
    if as_json:
        print_json({"query_set": stored, "queries": len(judged.queries), "judgements": written, "encoded": made})
    else:
        typer.echo(f"{stored}: {len(judged.queries):,} queries, {written:,} judgements; {made:,} queries encoded.")


@app.command()
def export(
    name: Name,
    query_set: Annotated[str, typer.Argument(metavar="QUERY_SET", help="Name of the set.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Where to write queries.jsonl and qrels/test.tsv.")
    ] = None,
    corpus: Annotated[bool, typer.Option("--corpus", help="Write the documents, too, as corpus.jsonl.")] = False,
    qrels: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the judgements as TREC has them.")] = None,
    dsn: Dsn = None,
) -> None:
    """Write a set of judged queries as a folder in the form of BEIR, or its judgements in that of TREC."""
    if folder is None and qrels is None:
        raise typer.BadParameter("give a FOLDER, or --qrels FILE")
    with connected(dsn) as db:
        collection = db.collection(name)
        judged = evaluation.load_set(collection, query_set)
        if qrels is not None:
            evaluation.write_qrels(qrels, judged)
        if folder is not None:
            evaluation.write_folder(folder, judged, evaluation.documents(collection) if corpus else None)


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(metavar="COLLECTION", help="Of one collection; else of all.")] = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """List the sets of judged queries."""
    with connected(dsn) as db:
        if name is not None:
            db.collection(name)  # says if there is none
        found = evaluation.query_sets(db, name)
    if as_json:
        print_json(*found)
        return
    if not found:
        say("Nothing is judged yet. Import some: pgretrieve judgements import COLLECTION FOLDER")
        return
    table = plain_table()
    table.add_column("collection", style="bold", overflow="fold")
    table.add_column("query set", overflow="fold")
    for heading in ("queries", "judged", "encoded", "judgements", "relevant"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in found:
        collection, query_set, *counts = one.values()
        table.add_row(collection, query_set, *(f"{count:,}" for count in counts))
    out.print(table)


@app.command("runs")
def runs(
    name: Name,
    delete: Annotated[str | None, typer.Option(metavar="RUN", help="Delete this one.")] = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """List the runs that eval --save has stored, or delete one."""
    with connected(dsn) as db:
        collection = db.collection(name)
        if delete is not None:
            if not evaluation.delete_run(collection, delete):
                raise errors.NotFound(
                    f"collection {name!r} has no run {delete!r}", f"See: pgretrieve judgements runs {name}"
                )
            typer.echo(f"Deleted {delete!r}.")
            return
        found = evaluation.runs(collection)
    if as_json:
        print_json(*found)
        return
    if not found:
        say(f"No run is saved yet. Save one: pgretrieve eval {name} FOLDER --save NAME")
        return
    table = plain_table()
    table.add_column("run", style="bold", overflow="fold")
    table.add_column("query set", overflow="fold")
    table.add_column("queries", justify="right")
    table.add_column("measures", overflow="fold")
    table.add_column("made", no_wrap=True)
    for one in found:
        means = ", ".join(f"{measure} {value:.3f}" for measure, value in one["measures"].items())
        table.add_row(
            one["name"], one["query_set"], f"{one['queries']:,}", means, f"{one['created_at']:%Y-%m-%d %H:%M}"
        )
    out.print(table)
