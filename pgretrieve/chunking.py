"""Text to chunks, with exact offsets. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pgretrieve.encoders.base import Spans

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
