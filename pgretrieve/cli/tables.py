"""Rows as tables that a person reads."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pgretrieve.types import CollectionInfo, CollectionStats, Facet, Highlight, Hit

GAP = 2
LEAST_TEXT = 20
BAR = 10  # cells
MATCH = "bold yellow"
_STYLES = {"document": "bold", "dense": "cyan", "keyword": "cyan"}


def plain_table() -> Table:
    """Columns without lines, so that what is read are the values."""
    return Table(box=None, header_style="dim", pad_edge=False, padding=(0, GAP, 0, 0))


def bar(value: float, longest: float, cells: int) -> Text:
    """A bar whose length says how large a value is next to the largest; none for what is not above 0."""
    return Text("━" * max(1, round(cells * value / longest)) if value > 0 else "", "cyan")


def on_one_line(text: Text) -> Text:
    """A text of the user's without line breaks, and without what would be a command to the terminal."""
    for match in reversed(list(re.finditer(r"[\s\x00-\x1f\x7f-\x9f]+", text.plain))):
        if match[0] != " ":
            text = Text.assemble(text[: match.start()], " ", text[match.end() :])
    return text


def marked(text: str, shown: Highlight) -> Text:
    """The snippet of a text, with its matches in colour."""
    whole = Text(text)
    for start, end in shown.spans:
        whole.stylize(MATCH, start, end)
    fragments = [whole[start:end] for start, end in shown.fragments]
    snippet = Text(" … ").join(fragments)
    before = "… " if shown.fragments and shown.fragments[0][0] else ""
    after = " …" if shown.fragments and shown.fragments[-1][1] < len(text) else ""
    return on_one_line(Text.assemble(before, snippet, after))


def hits_list(hits: Sequence[Hit], snippets: Sequence[Text], width: int) -> Group:
    """The hits of a search as a person reads them in a terminal: best first, each with title, legs and snippet."""
    digits = len(str(hits[-1].rank))
    indent = digits + GAP
    best = max(hit.score for hit in hits)
    origins = _origins(hits)
    blocks: list[RenderableType] = []
    for hit, origin, snippet in zip(hits, origins, snippets, strict=True):
        right = Text.assemble((origin, "cyan"), f"  {hit.score:.4f} ", _padded(bar(hit.score, best, BAR), BAR))
        title = _cut(
            on_one_line(Text(hit.title or hit.document_id, "bold")), max(width - indent - len(right) - GAP, 10)
        )
        line = Text.assemble((f"{hit.rank:>{digits}}", "dim"), " " * GAP, title)
        line.append(" " * max(GAP, width - line.cell_len - right.cell_len)).append_text(right)
        block = [line]
        if hit.title not in ("", hit.document_id):
            block.append(_cut(on_one_line(Text(hit.document_id, "dim")), width - indent))
        if hit.rank_before is not None:
            score = "not reranked" if hit.rerank_score is None else f"reranked {hit.rerank_score:.4f}"
            block.append(Text(f"{score}, before #{hit.rank_before}", "dim"))
        if hit.relevance is not None:
            block.append(Text(f"relevance {hit.relevance:.2f}", "dim"))
        block.append(snippet)
        blocks.append(line)
        blocks += [Padding(part, (0, 0, 0, indent)) for part in block[1:]]
        blocks.append(Text())
    return Group(*blocks[:-1])


def _origins(hits: Sequence[Hit]) -> list[str]:
    """Where each hit came from: its rank in the legs that have it, one below the other."""
    legs = {"dense": [hit.dense_rank for hit in hits], "keyword": [hit.keyword_rank for hit in hits]}
    columns = []
    for leg, ranks in legs.items():
        cells = ["" if rank is None else f"{leg} #{rank}" for rank in ranks]
        if longest := max(map(len, cells)):
            columns.append([cell.ljust(longest) for cell in cells])
    return ["  ".join(cells) for cells in zip(*columns, strict=True)]


def _padded(text: Text, width: int) -> Text:
    text.pad_right(width - text.cell_len)
    return text


def room_for_text(hits: Sequence[Hit], width: int) -> int:
    """How many columns ``hits_table`` leaves for the text."""
    return max(
        width - sum(max(map(cell_len, [name, *cells])) + GAP for name, cells in _columns(hits, width)), LEAST_TEXT
    )


def hits_table(
    hits: Sequence[Hit],
    width: int,
    *,
    last: Literal["both", "title", "text"] = "both",
    snippets: Sequence[Text] | None = None,
) -> Table:
    """The hits of a search, best first. Titles, texts or both fill what is left of ``width``, one line each.

    ``snippets`` take the place of the beginning of each text.
    """
    columns = _columns(hits, width)
    room = room_for_text(hits, width)
    table = plain_table()
    for header, _ in columns:
        justify: Literal["left", "right"] = "left" if header == "document" else "right"
        table.add_column(header, justify=justify, style=_STYLES.get(header), no_wrap=True, min_width=cell_len(header))
    table.add_column("title" if last == "title" else "text", no_wrap=True)
    for number, hit in enumerate(hits):
        text = snippets[number] if snippets else Text(hit.text[: 4 * room])
        table.add_row(*(cells[number] for _, cells in columns), _words(hit, text, room, last))
    return table


def _columns(hits: Sequence[Hit], width: int) -> list[tuple[str, list[str]]]:
    """All columns of ``hits_table`` but the last."""
    columns = {
        "rank": [str(hit.rank) for hit in hits],
        "score": [f"{hit.score:.4f}" for hit in hits],
        "before": ["" if hit.rank_before is None else str(hit.rank_before) for hit in hits],
        "rerank": ["" if hit.rerank_score is None else f"{hit.rerank_score:.4f}" for hit in hits],
        "relevance": ["" if hit.relevance is None else f"{hit.relevance:.2f}" for hit in hits],
        "dense": [_rank(hit.dense_rank) for hit in hits],
        "keyword": [_rank(hit.keyword_rank) for hit in hits],
    }
    for name in ("before", "rerank", "relevance"):
        if not any(columns[name]):
            del columns[name]
    left = width - sum(max(map(cell_len, [name, *cells])) + GAP for name, cells in columns.items()) - GAP - LEAST_TEXT
    room = max(min(width // 3, left), len("document"))
    columns["document"] = [_cut(on_one_line(Text(hit.document_id)), room).plain for hit in hits]
    return list(columns.items())


def _rank(rank: int | None) -> str:
    return "·" if rank is None else str(rank)


def _cut(text: Text, width: int) -> Text:
    text.truncate(width, overflow="ellipsis")
    return text


def _words(hit: Hit, text: Text, width: int, last: Literal["both", "title", "text"]) -> Text:
    title = _cut(on_one_line(Text(hit.title)), width)
    text = _cut(on_one_line(text), width)
    text.rstrip()
    text.style = "dim"
    if last == "title":
        return title
    if last == "text" or hit.title in ("", hit.document_id):
        return text
    return Text("\n").join([title, text])


def facets_table(facets: Sequence[Facet], width: int) -> Table:
    """Values of keys with their counts; a key stands on its first line."""
    table = plain_table()
    table.add_column("key", style="bold", no_wrap=True, max_width=max(width // 4, 10), overflow="ellipsis")
    table.add_column("value", no_wrap=True, max_width=max(width // 2, 10), overflow="ellipsis")
    table.add_column("documents", justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    before = None
    for facet in facets:
        most = max(other.count for other in facets if other.key == facet.key)
        value = facet.value if isinstance(facet.value, str) else json.dumps(facet.value, ensure_ascii=False)
        key = on_one_line(Text(facet.key)) if facet.key != before else Text()
        table.add_row(key, on_one_line(Text(value)), f"{facet.count:,}", bar(facet.count, most, BAR))
        before = facet.key
    return table


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
        waiting = s.pending_embeddings + s.pending_field_embeddings
        counts = (s.documents, s.chunks, waiting, s.delta_postings, s.dead_chunks)
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
