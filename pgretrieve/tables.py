"""Where a text has tables, and what stands in their rows: Markdown, HTML, and values with separators. Pure.

A table here is what a reader would take for one without knowing the format: nothing is an error, and what is no table,
or a broken one, is text like any other.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST_CAPTION = 200
LONGEST_HEAD = 2000
"""Characters of a caption, and of the names of all columns together."""

_FEWEST_RECORDS = 3
"""Lines with separators in a row that make a table; two may be a sentence each."""

_MOST_HEADER_ROWS = 4

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_TAG = re.compile(r"<(/?)(table|caption|thead|tr|th|td)\b[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
_YEAR_OR_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}\b")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_END_OF_LINE = re.compile(r"\r?\n|\r?\Z")
_SEPARATORS = {
    # a field that begins with a space is no field but a clause
    separator: (re.compile(rf'"(?:[^"]|""){{0,2000}}"|[^"{separator}\r\n{blank}][^{separator}\r\n]*|'), fewest)
    for separator, blank, fewest in (("\t", "", 1), (",", " ", 2), (";", " ", 2))
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it begins and ends in the text, in characters from 0, and its cells one after the other."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a text.

    Attributes:
        start, end: where, in characters from 0; ``rows`` follow each other from behind the header to the end.
        caption: what the line above or the markup calls it.
        columns: the names of the columns, one after the other.
        rows: those below the header.
    """

    start: int
    end: int
    caption: str
    columns: str
    rows: tuple[Row, ...]


def find_tables(text: str) -> list[Table]:
    """The tables of a text, in order; they do not overlap."""
    found: list[Table] = []
    behind = 0
    for table in _in_markup(text):
        found += _in_lines(text, behind, table.start)
        found.append(table)
        behind = table.end
    return found + _in_lines(text, behind, len(text))


def _in_lines(text: str, start: int, end: int) -> list[Table]:
    """Tables of a part of a text that are made of lines."""
    if not any(sign in text[start:end] for sign in "|\t,;"):
        return []
    lines = [match.span() for match in _LINE.finditer(text, start, end)]
    found: list[Table] = []
    number = 0
    while number < len(lines):
        rows, headers = _barred(text, lines, number)
        if not rows:
            rows, headers = _separated(text, *lines[number], end), 1
        if not rows:
            number += 1
            continue
        first = lines[number][0]
        while number < len(lines) and lines[number][0] < rows[-1][1]:
            number += 1
        found.append(_table(first, rows, headers, _caption(text, found[-1].end if found else start, first)))
    return found


Cells = tuple[int, int, Sequence[str]]
"""Of a row: where it begins and ends, and its cells."""


def _barred(text: str, lines: Sequence[tuple[int, int]], first: int) -> tuple[list[Cells], int]:
    """Rows from a line on with bars between cells, and how many of them a rule below marks as the header."""
    rows: list[Cells] = []
    headers = 0
    ruled = first + 1 < len(lines) and bool(_RULE.fullmatch(text, *lines[first + 1]))
    for number in range(first, len(lines)):
        start, end = lines[number]
        line = text[start:end].strip()
        if "|" not in line or not (ruled or (line.startswith("|") and len(line) > 1)):
            break
        if not headers and rows and _RULE.fullmatch(line):
            headers = len(rows)
            rows[-1] = (rows[-1][0], end, rows[-1][2])
            continue
        cells = _BAR.split(line)
        cells = cells[1:] if cells[0].strip() == "" else cells
        cells = cells[:-1] if cells and cells[-1].strip() == "" else cells
        rows.append((start, end, [cell.replace("\\|", "|").strip() for cell in cells]))
    return (rows, headers) if len(rows) > 1 or headers else ([], 0)


def _separated(text: str, start: int, end_of_line: int, end: int) -> list[Cells]:
    """Rows from a place on whose cells stand between tabs, commas or semicolons, all with as many cells."""
    for separator, (field, fewest) in _SEPARATORS.items():
        if text.count(separator, start, end_of_line) < fewest:
            continue
        rows: list[Cells] = []
        behind = start
        while behind < end and (row := _record(text, behind, end, separator, field)):
            if len(row[2]) != len(rows[0][2] if rows else row[2]) or len(row[2]) <= fewest:
                break
            rows.append(row)
            behind = row[1]
        if len(rows) >= _FEWEST_RECORDS:
            return rows
    return []


def _record(text: str, start: int, end: int, separator: str, field: re.Pattern[str]) -> Cells | None:
    cells: list[str] = []
    at = start
    while match := field.match(text, at, end):
        value = match[0]
        cells.append(value[1:-1].replace('""', '"').strip() if value.startswith('"') else value.strip())
        at = match.end()
        if at < end and text[at] == separator:
            at += 1
            continue
        closed = _END_OF_LINE.match(text, at, end)
        return (start, closed.end(), cells) if closed else None
    return None


def _in_markup(text: str) -> Iterator[Table]:
    """Tables between <table> and </table>; one within another is part of a cell of it."""
    tags = list(_TAG.finditer(text)) if "<t" in text or "<T" in text else []
    opened: list[int] = []
    floor = 0
    for number, tag in enumerate(tags):
        if tag[2].lower() != "table":
            continue
        if not tag[1]:
            opened.append(number)
        elif opened:
            first = opened.pop()
            if not opened and (table := _marked_up(text, floor, tags[first : number + 1])):
                floor = table.end
                yield table


def _marked_up(text: str, floor: int, tags: Sequence[re.Match[str]]) -> Table | None:
    """A table of its tags; None without rows."""
    starts: list[int] = []
    cells: list[list[str]] = []
    names: list[bool] = []  # whether a row has cells of the header alone
    caption = ""
    opened: re.Match[str] | None = None  # the cell or caption that has begun; end tags may be left out
    depth = 0
    for tag in tags:
        name = tag[2].lower()
        inner = name == "table" and not tag[1] and depth > 0
        if depth == 1 and opened and not inner:
            content = _plain(text[opened.end() : tag.start()])
            if opened[2].lower() == "caption":
                caption = content[:LONGEST_CAPTION]
            else:
                cells[-1].append(content)
                names[-1] &= opened[2].lower() == "th"
            opened = None
        if name == "table":
            depth += -1 if tag[1] else 1
        elif depth == 1 and not tag[1]:
            if name == "tr":
                starts.append(tag.start())
                cells.append([])
                names.append(True)
            elif (name in ("th", "td") and starts) or (name == "caption" and not starts):
                opened = tag
    if not starts:
        return None
    bounds = [tags[0].start(), *starts[1:], tags[-1].end()]
    rows = [(*place, row) for place, row in zip(pairwise(bounds), cells, strict=True)]
    headers = 0
    while headers < len(rows) and names[headers] and cells[headers]:
        headers += 1
    return _table(bounds[0], rows, headers, caption or _caption(text, floor, bounds[0]))


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_ANY_TAG.sub(" ", markup)).split())


def _caption(text: str, floor: int, end: int) -> str:
    """The line that names a table which begins at ``end``: the last one before it, if it looks like a name.

    That is if it stands alone, is a heading, begins with Table, or ends with a colon.
    """
    from_ = max(floor, end - 2 * LONGEST_CAPTION)
    lines = [line.strip() for line in text[from_:end].split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if not lines or len(lines[-1]) > LONGEST_CAPTION or (len(lines) == 1 and from_ > floor):
        return ""
    name = lines[-1]
    if (
        len(lines) == 1
        or not lines[-2]
        or name.startswith("#")
        or name.endswith(":")
        or name.lower().startswith("table")
    ):
        return name.strip("#*_ ")
    return ""


def _table(start: int, rows: Sequence[Cells], headers: int, caption: str) -> Table:
    headers = min(headers or _header_rows([cells for *_, cells in rows]), len(rows))
    columns: list[list[str]] = [[] for _ in range(max(len(cells) for *_, cells in rows))]
    for *_, cells in rows[:headers]:
        for column, cell in zip(columns, cells, strict=False):
            if cell and cell not in column[-1:]:
                column.append(" ".join(cell.split()))
    names = " ".join(name for column in columns for name in column)[:LONGEST_HEAD]
    below = tuple(Row(a, b, " ".join(" ".join(cells).split())) for a, b, cells in rows[headers:])
    return Table(start, rows[-1][1], caption, names, below)


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows name the columns, where nothing says it: the first, and those that go on with it.

    A row goes on if its first cell is empty, or if the one before it has one cell only, and if it has no figures but
    years and days.
    """
    count = 1
    while (
        count < min(len(rows) - 1, _MOST_HEADER_ROWS)
        and rows[count]
        and (not rows[count][0] or sum(map(bool, rows[count - 1])) <= 1)
        and not any(re.search(r"\d", _YEAR_OR_DAY.sub("", cell)) for cell in rows[count][1:])
    ):
        count += 1
    return count
