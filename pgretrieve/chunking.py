"""Text to chunks, with exact offsets; tables by rows, with what stands above them. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pgretrieve.encoders.base import Spans
from pgretrieve.tables import Table

MOST_CHARACTERS = 60_000
"""Of one chunk, whatever its tokens: longer ones could not be analysed by to_tsvector."""

_SENTENCE_END = re.compile(r"[.!?。！？]['\")\]]*\s|\n\s*\n")  # noqa: RUF001  full-width marks end sentences too


def by_tokens(text: str, spans: Spans, max_tokens: int, overlap_tokens: int) -> Iterator[tuple[int, int]]:
    """Cuts a text into chunks of at most so many tokens.

    A chunk ends after a sentence if one ends in its last third, else between tokens. The next one starts overlap_tokens
    before that end. Together the chunks cover the text.

    Args:
        text: any text.
        spans: start and end of its tokens, in characters.
        max_tokens: most tokens in a chunk, at least 1.
        overlap_tokens: tokens that a chunk shares with the one before, less than max_tokens.

    Yields:
        start and end of each chunk, in characters from 0.
    """
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    first = end = 0
    while True:
        last = first + max_tokens
        # White space between two tokens belongs to no token, but to the text.
        start = min(starts[first], end) if first else 0
        if last >= len(spans):
            yield from _capped(start, len(text))
            return
        # where the last third begins, and past a whole token: a piece of one would be a chunk for nothing
        floor = max(starts[last - max(1, max_tokens // 3)], ends[first], end)
        end = starts[last]
        sentence_ends = [match.end() for match in _SENTENCE_END.finditer(text, floor, end)]
        if sentence_ends:
            end = sentence_ends[-1]
        if start < end:  # else more than max_tokens tokens stand on one character
            yield from _capped(start, end)
        following = bisect_right(ends, end)
        first = max(following - overlap_tokens, first + 1)


def by_characters(text: str, max_characters: int) -> Iterator[tuple[int, int]]:
    """Cuts a text into chunks of at most so many characters, at white space where the last half has some.

    The same cuts as the SQL function ``pgretrieve._chunks``.

    Yields:
        start and end of each chunk, in characters from 0.
    """
    start = 0
    while start < len(text):
        end = start + max_characters
        if end < len(text):
            space = max((start + m.end() for m in re.finditer(r"\s", text[start:end])), default=0)
            if space > start + max_characters / 2:
                end = space
        yield start, min(end, len(text))
        start = end


def _capped(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself, in parts where it is longer than a chunk may be: text that one token covers, say."""
    for part in range(start, max(end, start + 1), MOST_CHARACTERS):
        yield part, min(part + MOST_CHARACTERS, end)


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk that is to be written.

    Attributes:
        start, end: where it stands in the document's text, in characters from 0.
        context: of rows of a table what stands above them, indexed with the chunk.
        encoded: what the encoder reads in place of the text, the title left out; None: the text itself.
    """

    start: int
    end: int
    context: str = ""
    encoded: str | None = None


def head_of(table: Table) -> str:
    """What stands above the rows of a table: its caption and the names of its columns."""
    return "\n".join(part for part in (table.caption, table.columns) if part)


def with_tables(
    text: str,
    spans: Spans,
    tables: Sequence[tuple[Table, Spans, Sequence[int]]],
    *,
    max_tokens: int,
    overlap_tokens: int,
    table_tokens: int,
) -> list[Piece]:
    """Cuts a text that has tables: what stands between them as ``by_tokens`` does, tables between rows.

    Args:
        text: any text.
        spans: start and end of its tokens, in characters.
        tables: each with the tokens of its head, and how many each row has.
        max_tokens: most tokens in a chunk, at least 1.
        overlap_tokens: of text that is no table.
        table_tokens: of a table most tokens in a chunk, head and rows; rows may fill half of it, whatever the head
            takes. A longer row is a chunk by itself.
    """
    pieces: list[Piece] = []
    starts = [start for start, _ in spans]

    def prose(start: int, end: int) -> Iterator[Piece]:
        own = spans[bisect_left(starts, start) : bisect_left(starts, end)]
        moved = [(max(a, start) - start, min(b, end) - start) for a, b in own]
        for a, b in by_tokens(text[start:end], moved, max_tokens, overlap_tokens):
            yield Piece(start + a, start + b)

    behind = 0
    for table, head, sizes in tables:
        between = text[behind : table.start].strip()
        if between and between.strip("#*_ ") != table.caption:
            pieces += prose(behind, table.start)
            behind = table.start
        pieces += _rows(text, behind, table, head, sizes, max_tokens, table_tokens)
        behind = table.end
    if text[behind:].strip():
        pieces += prose(behind, len(text))
    else:
        pieces[-1] = replace(pieces[-1], end=len(text))
    return [replace(p, start=a, end=b) for p in pieces for a, b in _capped(p.start, p.end)]


def _rows(
    text: str, start: int, table: Table, head_spans: Spans, sizes: Sequence[int], max_tokens: int, table_tokens: int
) -> Iterator[Piece]:
    """The chunks of a table, whole rows each; the first one begins at ``start`` and has the header in its text."""
    head, taken = head_of(table), len(head_spans)
    if taken > max_tokens // 2:
        taken = max_tokens // 2
        head = head[: head_spans[taken - 1][1]] if taken else ""
    most = min(max(table_tokens - taken, table_tokens // 2), max_tokens - taken)
    groups: list[list[int]] = [[]]
    tokens = 0
    for number, (row, size) in enumerate(zip(table.rows, sizes, strict=True)):
        group = groups[-1]
        if group and (tokens + size > most or row.end - table.rows[group[0]].start > MOST_CHARACTERS):
            groups.append(group := [])
            tokens = 0
        group.append(number)
        tokens += size
    for place, group in enumerate(groups):
        begin = start if place == 0 else table.rows[group[0]].start
        end = table.rows[group[-1]].end if group else table.end
        context = head
        if place == 0:
            shown = text[begin : table.rows[0].start if group else end]
            context = "" if table.caption in shown else table.caption
        encoded = "\n".join(part for part in (head, *(table.rows[n].text for n in group)) if part)
        yield Piece(begin, end, context, encoded or None)
