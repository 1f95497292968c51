"""collection create, list, show, drop, index."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from pgretrieve.cli.common import (
    DryRun,
    Dsn,
    Json,
    Name,
    connected,
    exit_failed,
    field_setting,
    out,
    print_json,
    say,
    setting,
    waiting,
)
from pgretrieve.cli.dry_run import PrintingClient
from pgretrieve.cli.tables import collections_table, facts
from pgretrieve.encoders import DEFAULT_ENCODER

app = typer.Typer(help="Create, list, show, drop and index collections.", no_args_is_help=True, rich_markup_mode=None)

Settings = list[Any]


@app.command()
def create(
    name: Name,
    encoder: Annotated[str, typer.Option(help="Model of sentence-transformers: a name or a folder.")] = DEFAULT_ENCODER,
    no_encoder: Annotated[
        bool, typer.Option("--no-encoder", help="Bring your own vectors; needs --dimensions.")
    ] = False,
    dimensions: Annotated[int | None, typer.Option(help="Length of the vectors.", show_default="the encoder's")] = None,
    language: Annotated[str, typer.Option(help="Text search configuration of PostgreSQL, or cjk.")] = "english",
    distance: Annotated[
        Literal["cosine", "inner_product", "l2", "hamming"] | None,
        typer.Option(help="How vectors are compared.", show_default="cosine; hamming for bit"),
    ] = None,
    storage: Annotated[
        Literal["halfvec", "vector", "bit"], typer.Option(help="2 bytes, 4 bytes or 1 bit a dimension.")
    ] = "halfvec",
    index: Annotated[Literal["hnsw", "ivfflat", "none"], typer.Option(help="Kind of vector index.")] = "hnsw",
    index_setting: Annotated[
        Settings | None,
        typer.Option(parser=setting, metavar="KEY=N", help="hnsw: m, ef_construction; ivfflat: lists. Repeatable."),
    ] = None,
    chunking: Annotated[
        Settings | None,
        typer.Option(
            parser=setting,
            metavar="KEY=N",
            help="max_tokens, overlap_tokens, max_characters, table_tokens. Repeatable.",
        ),
    ] = None,
    k1: Annotated[float, typer.Option(min=0, max=100, help="BM25: how soon repeating a term stops to count.")] = 1.2,
    b: Annotated[float, typer.Option(min=0, max=1, help="BM25: how much long texts are held back.")] = 0.75,
    ef_search: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Least candidates of an HNSW scan.", show_default="by depth")
    ] = None,
    fold_accents: Annotated[bool, typer.Option("--fold-accents", help="Words are the same without accents.")] = False,
    languages: Annotated[
        list[str] | None, typer.Option(help="A further language that documents may be in. Repeatable.")
    ] = None,
    field: Annotated[
        Settings | None,
        typer.Option(
            parser=field_setting,
            metavar="NAME=WEIGHT[,vector]",
            help="A field of the documents, as abstract=1; with ',vector' it has a vector of its own. Repeatable.",
        ),
    ] = None,
    normalise_numbers: Annotated[
        bool, typer.Option("--normalise-numbers", help="1,234.50 and 1234.5 are the same word.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Create a collection."""
    settings: dict[str, Any] = {
        "encoder": None if no_encoder else encoder, "dimensions": dimensions, "language": language,
        "distance": distance, "storage": storage, "index": index, "index_settings": dict(index_setting or []),
        "chunking": dict(chunking or []), "k1": k1, "b": b, "ef_search": ef_search,
        "fold_accents": fold_accents, "languages": languages or [],
        "fields": dict(field or []), "normalise_numbers": normalise_numbers,
    }  # fmt: skip
    if dry_run:
        PrintingClient().create_collection(name, **settings)
    with connected(dsn) as db:
        info = db.create_collection(name, **settings).info
    if as_json:
        print_json(info)
    else:
        typer.echo(
            f"Created {name!r}: {info.encoder or 'your own vectors'}, {info.dimensions} dimensions, {info.language}."
        )
        say(f"Next: pgretrieve add {name} documents.jsonl")


@app.command("list")
def list_(as_json: Json = False, dsn: Dsn = None) -> None:
    """List the collections."""
    with connected(dsn) as db:
        found = db.collections()
    if as_json:
        print_json(*found)
    elif found:
        out.print(collections_table(found))
    else:
        say("There are no collections yet. Make one: pgretrieve collection create docs")


@app.command()
def show(name: Name, as_json: Json = False, dsn: Dsn = None) -> None:
    """Show how a collection was set up."""
    with connected(dsn) as db:
        info = db.collection(name).info
    if as_json:
        print_json(info)
    else:
        out.print(facts(info))


@app.command()
def drop(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    dsn: Dsn = None,
) -> None:
    """Drop a collection with all its documents."""
    if dry_run:
        PrintingClient().drop_collection(name)
    with connected(dsn) as db:
        count = db.collection(name).count()
        if not yes:
            say(f"This deletes {name!r} with {count:,} documents.")
            if typer.prompt("Type the collection's name to go on", err=True) != name:
                say("That is another name; nothing was dropped.")
                exit_failed()
        db.drop_collection(name)
    typer.echo(f"Dropped {name!r} with {count:,} documents.")


@app.command()
def index(name: Name, dsn: Dsn = None) -> None:
    """Build the vector index if it is missing; searching and writing go on meanwhile."""
    with connected(dsn) as db, waiting("Building the index"):
        built = db.collection(name).build_index()
    typer.echo("Built the vector index." if built else "There is nothing to build.")
