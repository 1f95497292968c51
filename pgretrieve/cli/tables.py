"""Rows as tables that a person reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from pgretrieve.types import CollectionInfo, CollectionStats, Hit

SNIPPET_CHARACTERS = 300


def plain_table() -> Table:
    """Columns without lines, so that what is read are the values."""
    return Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))


def hits_table(hits: Iterable[Hit], *, titles: bool = True) -> Table:
    """The hits of a search, best first. A column that is empty in every row is left out, unless it tells of a leg."""
    hits = list(hits)
    table = plain_table()
    for header in ("rank", "score"):
        table.add_column(header, justify="right", no_wrap=True)
    relevance = any(hit.relevance is not None for hit in hits)
    if relevance:
        table.add_column("relevance", justify="right", no_wrap=True)
    for header in ("dense", "keyword"):
        table.add_column(header, justify="right", no_wrap=True, style="cyan")
    table.add_column("document", style="bold", overflow="ellipsis", no_wrap=True, max_width=36)
    table.add_column("text", ratio=1, overflow="ellipsis", no_wrap=True)
    for hit in hits:
        cells: list[str | Text] = [str(hit.rank), f"{hit.score:.4f}"]
        if relevance:
            cells.append("" if hit.relevance is None else f"{hit.relevance:.2f}")
        cells += [_rank(hit.dense_rank), _rank(hit.keyword_rank), hit.document_id, _words(hit, with_title=titles)]
        table.add_row(*cells)
    return table


def _rank(rank: int | None) -> str:
    return "·" if rank is None else str(rank)


def _words(hit: Hit, *, with_title: bool) -> Text:
    text = " ".join(hit.text[:SNIPPET_CHARACTERS].split())
    if with_title and hit.title and hit.title != hit.document_id:
        return Text.assemble(hit.title, "\n", (text, "dim"))
    return Text(text)


def collections_table(found: Sequence[CollectionInfo]) -> Table:
    """Collections, one a line."""
    table = plain_table()
    table.add_column("collection", style="bold", overflow="fold")
    table.add_column("encoder", overflow="fold")
    table.add_column("dimensions", justify="right")
    for header in ("language", "distance", "storage", "index"):
        table.add_column(header)
    for info in found:
        table.add_row(
            info.name, info.encoder or "your own", f"{info.dimensions:,}", info.language, info.distance, info.storage,
            info.index,
        )  # fmt: skip
    return table


def stats_table(found: Sequence[CollectionStats]) -> Table:
    """Counts and sizes of collections, one a line."""
    table = plain_table()
    table.add_column("collection", style="bold", overflow="fold")
    for header in ("documents", "chunks", "no vector", "delta", "dead", "text", "postings", "vectors"):
        table.add_column(header, justify="right")
    for s in found:
        counts = (s.documents, s.chunks, s.pending_embeddings, s.delta_postings, s.dead_chunks)
        sizes = (s.text_bytes, s.posting_bytes, s.embedding_bytes)
        table.add_row(s.name, *(f"{count:,}" for count in counts), *(size(n) for n in sizes))
    return table


def facts(row: CollectionInfo | CollectionStats) -> Table:
    """One row, a line for each of its columns."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in asdict(row).items():
        table.add_row(name.removesuffix("_bytes").replace("_", " "), _fact(name, value))
    return table


def _fact(name: str, value: Any) -> str:
    if name == "encoder" and value is None:
        return "none: bring your own vectors"
    if value is None:
        return "·"
    if name.endswith("_bytes"):
        return size(value)
    match value:
        case dict():
            return ", ".join(f"{key} {json.dumps(v)}" for key, v in value.items()) or "·"
        case datetime():
            return value.astimezone().isoformat(" ", "seconds")
        case float():
            return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
        case int():
            return f"{value:,}"
    return str(value)


def size(count: int) -> str:
    """Bytes as PostgreSQL's pg_size_pretty says them."""
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 10_240 or unit == "GB":
            break
        value /= 1024
    return f"{value:,.0f} {unit}"
