"""add and delete: documents into a collection and out of it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from pgretrieve.cli.common import DryRun, Dsn, Json, Name, connected, print_json, progress_bar, say
from pgretrieve.cli.dry_run import printing
from pgretrieve.documents import checked, read_json_lines, require_known_fields
from pgretrieve.types import CollectionInfo


def _file(given: str) -> Path:
    path = Path(given)
    if given != "-" and (path.is_dir() or not path.exists()):
        raise typer.BadParameter(f"{given!r} is {'a folder' if path.is_dir() else 'not there'}")
    return path


Files = Annotated[
    list[Any],
    typer.Argument(
        parser=_file,
        metavar="FILES...",
        help="JSON Lines with id (or _id), text, title, fields, metadata; .gz is unpacked, - is standard input.",
    ),
]


def add(
    name: Name,
    files: Files,
    detect_language: Annotated[
        bool,
        typer.Option("--detect-language", help="Tell which of the collection's languages each document is in."),
    ] = False,
    check: Annotated[bool, typer.Option("--dry-run", help="Read and check the files, and write nothing.")] = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Add documents from JSON Lines files.

    New documents are written, changed ones replaced, known ones skipped, by id; what was interrupted goes on.
    """
    documents = chain.from_iterable(read_json_lines(file) for file in files)
    with connected(dsn) as db:
        collection = db.collection(name)
        if check:
            _check(collection.info, documents, as_json=as_json)
            return
        try:
            with progress_bar(partial(_count_lines, files)) as on_progress:
                result = collection.add(documents, detect_language=detect_language, on_progress=on_progress)
        except KeyboardInterrupt:
            say(f"Interrupted. {name!r} holds {collection.count():,} documents; the same command goes on from there.")
            raise typer.Exit(130) from None
    if as_json:
        print_json(result)
    else:
        typer.echo(f"{result.written:,} written, {result.unchanged:,} unchanged, {result.chunks:,} chunks.")


def _check(info: CollectionInfo, documents: Iterator[object], *, as_json: bool) -> None:
    count = characters = own = 0
    for document, embedding, _ in checked(documents):
        require_known_fields(document, info)
        count += 1
        characters += len(document.text)
        own += embedding is not None
    encoder = info.encoder or "no encoder"
    if as_json:
        print_json({"documents": count, "characters": characters, "own_embeddings": own, "encoder": info.encoder})
    else:
        typer.echo(
            f"{count:,} documents with {characters:,} characters are well formed; {own:,} bring their own vectors.\n"
            f"They would be upserted by id into {info.name!r} ({encoder}); those stored already are skipped."
        )


def delete(
    name: Name,
    ids: Annotated[list[str], typer.Argument(metavar="IDS...", help="Ids of documents.")],
    dry_run: DryRun = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Delete documents by id."""
    with connected(dsn) as db:
        collection = db.collection(name)
        deleted = (printing(collection.info) if dry_run else collection).delete(ids)
    if as_json:
        print_json({"deleted": deleted})
    else:
        typer.echo(f"{deleted:,} deleted, {len(set(ids)) - deleted:,} were not there.")


def _count_lines(files: list[Path]) -> int | None:
    """Lines of all files, quick next to encoding them; None where counting would use up what is to be read."""
    if not all(file.is_file() for file in files):
        return None
    count = 0
    for file in files:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            count += sum(1 for line in lines if line.strip())
    return count
