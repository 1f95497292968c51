"""Rows as tables that a person reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from pgretrieve.types import CollectionInfo, CollectionStats, Hit

GAP = 2
LEAST_TEXT = 20
_STYLES = {"document": "bold", "dense": "cyan", "keyword": "cyan"}


def plain_table() -> Table:
    """Columns without lines, so that what is read are the values."""
    return Table(box=None, header_style="dim", pad_edge=False, padding=(0, GAP, 0, 0))


def hits_table(hits: Sequence[Hit], width: int, *, last: Literal["both", "title", "text"] = "both") -> Table:
    """The hits of a search, best first. Titles, texts or both fill what is left of ``width``, one line each."""
    columns = {
        "rank": [str(hit.rank) for hit in hits],
        "score": [f"{hit.score:.4f}" for hit in hits],
        "relevance": ["" if hit.relevance is None else f"{hit.relevance:.2f}" for hit in hits],
        "dense": [_rank(hit.dense_rank) for hit in hits],
        "keyword": [_rank(hit.keyword_rank) for hit in hits],
        "document": [_cut(Text(hit.document_id), width // 3).plain for hit in hits],
    }
    if not any(columns["relevance"]):
        del columns["relevance"]
    table = plain_table()
    for header, cells in columns.items():
        justify: Literal["left", "right"] = "left" if header == "document" else "right"
        table.add_column(header, justify=justify, style=_STYLES.get(header), no_wrap=True)
        width -= max(map(cell_len, [header, *cells])) + GAP
    table.add_column("title" if last == "title" else "text", no_wrap=True)
    for hit, *row in zip(hits, *columns.values(), strict=True):
        table.add_row(*row, _words(hit, max(width, LEAST_TEXT), last))
    return table


def _rank(rank: int | None) -> str:
    return "·" if rank is None else str(rank)


def _cut(text: Text, width: int) -> Text:
    text.truncate(width, overflow="ellipsis")
    return text


def _words(hit: Hit, width: int, last: Literal["both", "title", "text"]) -> Text:
    title = _cut(Text(hit.title), width)
    text = _cut(Text(" ".join(hit.text[: 4 * width].split()), "dim"), width)
    if last == "title":
        return title
    if last == "text" or hit.title in ("", hit.document_id):
        return text
    return Text("\n").join([title, text])


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
        table.add_row(name.replace("_bytes", "_size").replace("_", " "), _fact(name, value))
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
