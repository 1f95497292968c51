"""Documents as users give them: read, checked, named in errors. No database."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from numbers import Integral
from pathlib import Path
from typing import IO, Any

from pgretrieve import errors
from pgretrieve.texts import json_problem, text_problem
from pgretrieve.types import CollectionInfo, Document

FORM = 'A document is {"id": "a", "text": "..."}, with "title" and "metadata": {...} if there are any'
MOST_ID_BYTES = 1000
_NONE: Mapping[str, bytes] = {}


class Source(str):
    """Where a document came from, such as 'news.jsonl line 7'; said in errors in place of its position."""

    __slots__ = ()


def as_document(given: object, place: str) -> tuple[Document, Any, Mapping[str, Any]]:
    """A checked document, and what came with it: its embedding or None, and embeddings of its fields by name.

    Args:
        given: a Document, or a mapping with id (or _id), text, and title, metadata, embedding, language, fields,
            field_embeddings where they are.
        place: which one it is, for the message.

    Raises:
        InvalidDocument: something is missing or of another type; the message says what, of which document.
    """
    if isinstance(given, Document):
        given = {field: getattr(given, field) for field in ("id", "text", "title", "metadata", "language", "fields")}
    if not isinstance(given, Mapping):
        raise errors.InvalidDocument(f"{place} is not an object but {type(given).__name__}", FORM)
    identifier = given.get("id", given.get("_id"))
    if identifier is None:
        raise errors.InvalidDocument(f"{place} has no id", FORM)
    if isinstance(identifier, bool) or not isinstance(identifier, str | Integral):
        raise errors.InvalidDocument(f"{place} has an id that is neither string nor number: {identifier!r}"[:200], FORM)
    try:
        identifier = str(identifier)
    except ValueError as error:  # Python writes no number of thousands of digits
        raise errors.InvalidDocument(f"{place} has an id that cannot be written: {error}", "Shorten the id") from None
    named = f"{place} (id {identifier[:80]!r})"
    if not identifier or len(identifier.encode(errors="replace")) > MOST_ID_BYTES:
        raise errors.InvalidDocument(f"{named} has an id that is not 1 to {MOST_ID_BYTES} bytes long", "Shorten the id")
    text, title, metadata = given.get("text"), given.get("title"), given.get("metadata")
    if not isinstance(text, str):
        problem = "no text" if text is None else f"text that is {text!r}"[:80]
        raise errors.InvalidDocument(f"{named} has {problem}", FORM)
    if not text.strip():
        raise errors.InvalidDocument(f"{named} has an empty text", "Leave such documents out")
    if not isinstance(title, str | None):
        raise errors.InvalidDocument(f"{named} has a title that is not a string: {title!r}"[:200], FORM)
    if not isinstance(metadata, Mapping | None):
        raise errors.InvalidDocument(f"{named} has metadata that is not an object: {metadata!r}"[:200], FORM)
    language = given.get("language")
    if not isinstance(language, str | None):
        raise errors.InvalidDocument(f"{named} has a language that is not a string: {language!r}"[:200], FORM)
    fields = given.get("fields")
    if not isinstance(fields, Mapping | None):
        raise errors.InvalidDocument(f"{named} has fields that are not an object: {fields!r}"[:200], FORM)
    for name, value in (fields or {}).items():
        if not isinstance(name, str) or not isinstance(value, str | None):
            raise errors.InvalidDocument(
                f"{named} has a field {name!r} that is not a string: {value!r}"[:200],
                "Give text, or leave the field out",
            )
    fields = {name: value for name, value in (fields or {}).items() if value}
    own = given.get("field_embeddings")
    if not isinstance(own, Mapping | None):
        raise errors.InvalidDocument(
            f"{named} has field_embeddings that are not an object: {own!r}"[:200],
            'For example {"abstract": [0.1, ...]}',
        )
    document = Document(identifier, text, title or "", dict(metadata or {}), language, fields)
    _require_storable(document, named)
    return (
        document,
        given.get("embedding"),
        {name: vector for name, vector in (own or {}).items() if vector is not None},
    )


def _require_storable(document: Document, named: str) -> None:
    for part in (
        document.id,
        document.text,
        document.title,
        document.language or "",
        *document.fields,
        *document.fields.values(),
    ):
        if problem := text_problem(part):
            raise errors.InvalidDocument(f"{named} {problem[0]}", problem[1])
    if document.metadata and (problem := json_problem(document.metadata)):
        raise errors.InvalidDocument(f"{named} has metadata that {problem[0]}", problem[1])


def checked(documents: Iterable[object]) -> Iterator[tuple[Document, Any, Mapping[str, Any]]]:
    """Checked documents with their embeddings and those of their fields, one at a time; no id twice.

    Raises:
        InvalidDocument: names the document by its position, from 1, or by file and line.
    """
    if isinstance(documents, Mapping | str | bytes) or not isinstance(documents, Iterable):
        raise errors.InvalidDocument(f"documents are one {type(documents).__name__}, not a list of documents", FORM)
    seen: dict[str, str] = {}
    for number, given in enumerate(documents, 1):
        place = f"document {number}"
        if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], Source):
            place, given = given  # noqa: PLW2901
        document, *embeddings = as_document(given, place)
        if document.id in seen:
            raise errors.InvalidDocument(
                f"{place} has the id {document.id!r}, as {seen[document.id]} has", "Keep one document per id"
            )
        seen[document.id] = place
        yield document, *embeddings


def require_known_fields(document: Document, target: CollectionInfo) -> None:
    """So that nothing is encoded for a document that the database would refuse.

    Raises:
        InvalidDocument: the document has a field that the collection does not have.
    """
    own = sorted(target.fields.keys() - {"title", "text"})
    if unknown := next((name for name in document.fields if name not in own), None):
        if unknown in ("title", "text"):
            remedy = "Title and text stand beside the fields"
        elif own:
            remedy = f"Its fields: {', '.join(own)}. More are given to create_collection"
        else:
            remedy = "It has none: they are given to create_collection"
        raise errors.InvalidDocument(
            f"document {document.id!r} has the field {unknown!r}, which collection {target.name!r} does not have",
            remedy,
        )


def field_text(document: Document, field: str) -> str | None:
    """What of a document stands in a field; None if there is nothing to encode."""
    text = document.title if field == "title" else document.fields.get(field, "")
    return text if text.strip(" \t\r\n") else None


def content_hash(
    document: Document, shaping: bytes = b"", embedding: bytes = b"", field_embeddings: Mapping[str, bytes] = _NONE
) -> str:
    """SHA-256, in hexadecimal, over what shapes chunks and vectors: equal means that there is nothing to encode again.

    Args:
        document: its title, text, fields and language count, its metadata does not.
        shaping: what of the collection has a part in it.
        embedding: the document's own vector, if it came with one.
        field_embeddings: vectors of its fields that came with it.
    """
    digest = hashlib.sha256(shaping)
    if document.language is not None:
        digest.update(b"language %s " % document.language.encode())
    for name, value in sorted(document.fields.items()):
        digest.update(b"field %s %d " % (name.encode(), len(value.encode())))
        digest.update(value.encode())
    for name, vector in sorted(field_embeddings.items()):
        digest.update(b"vector %s %d " % (name.encode(), len(vector)))
        digest.update(vector)
    for part in (document.title.encode(), document.text.encode(), embedding):
        digest.update(b"%d " % len(part))
        digest.update(part)
    return digest.hexdigest()


def read_json_lines(path: str | Path) -> Iterator[tuple[Source, Any]]:
    """Documents of a JSON Lines file, each with its place. Blank lines are skipped; .gz is unpacked; '-' means stdin.

    Raises:
        InvalidDocument: the file is not there, or a line is not JSON; the line is named.
    """
    name = "standard input" if str(path) == "-" else str(path)
    try:
        with _open(path) as lines:
            number = 0
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield Source(f"{name} line {number}"), _parsed(line, f"{name} line {number}")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise errors.InvalidDocument(f"{name} is not UTF-8 text in JSON Lines: {error}", "Convert the file") from None
    except OSError as error:
        raise errors.InvalidDocument(f"{name} cannot be read: {error.strerror or error}", "Check the path") from None


def _parsed(line: str, place: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        detail = f"{error.msg} at column {error.colno}"
    except RecursionError:
        detail = "nested too deep"
    except ValueError as error:  # a number of thousands of digits
        detail = str(error).partition(";")[0]
    raise errors.InvalidDocument(f"{place} is not valid JSON: {detail}", FORM)


def _open(path: str | Path) -> IO[str]:
    if str(path) == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", closefd=False)
    if str(path).endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8")
    return open(path, encoding="utf-8")
