"""Tables found in texts, and cut between rows."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgretrieve.chunking import MOST_CHARACTERS, head_of, with_tables
from pgretrieve.tables import LONGEST_HEAD, find_tables
from tests.encoders import HashingEncoder

WORDS = st.text(st.sampled_from("ab é漢 12.-🙂&"), max_size=8)
SIGNS = [
    "|",
    "\n",
    "a",
    ",",
    ";",
    "\t",
    '"',
    "-",
    "\\",
    " ",
    "<",
    "1",
    ":",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "</td>",
]
BROKEN = st.lists(st.sampled_from([*SIGNS, "<th>", "<caption>", "| a | b |\n", "|---|---|\n"]), max_size=60).map(
    "".join
)


@st.composite
def grids(draw):
    width = draw(st.integers(3, 5))
    return draw(st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=3, max_size=12))


def markdown(rows):
    rows = [[cell.replace("|", "") for cell in row] for row in rows]
    return "".join("| " + " | ".join(row) + " |\n" for row in [rows[0], ["---"] * len(rows[0]), *rows[1:]])


def markup(rows):
    escaped = [[cell.replace("&", "&amp;") for cell in row] for row in rows]
    named = "<tr>" + "".join(f"<th>{cell}</th>" for cell in escaped[0]) + "</tr>\n"
    cells = ("<tr>" + "".join(f"<td>{cell}" for cell in row) + "\n" for row in escaped[1:])
    return f"<table class='x'>\n{named}{''.join(cells)}</table>\n"


def separated(rows):
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return file.getvalue()


FORMATS = st.sampled_from([markdown, markup, separated])


def plain(cells):
    return " ".join(" ".join(cells).split())


@given(grids(), FORMATS, st.sampled_from(["", "Some prose before. And more.\nA line of it.\n\n"]))
def test_each_row_is_found_whole_with_its_cells(rows, write, before):
    rows = [["name", "b", "c", "d", "e"][: len(rows[0])], *rows]
    body = write(rows)
    [table] = find_tables(before + body + "\nProse after, of several words, and so on.")
    assert (before + body)[table.start : table.end].strip() == body.strip()
    assert table.columns == plain(rows[0])
    assert [row.text for row in table.rows] == [plain(row) for row in rows[1:]]
    assert all(one.end == other.start for one, other in pairwise(table.rows))
    assert table.rows[-1].end == table.end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No table here.",
        "One, two, three\nFour, five, six\nSeven, eight, nine\n",
        "a,b\nc,d\ne,f\n",
        "1,234\n5,678\n9,012\n",
        "a,b,c\nd,e,f\n",
        "a,b,c\nd,e\nf,g,h\n",
        '"a,b,c\n"d,e,f\n"g,h,i\n',
        "| alone |\n",
        "|\n|\n",
        "A heading\n---\n\ntext | more",
        "<table><tr><td>never closed",
        "</table><table></table>",
        "<table>no rows</table>",
    ],
)
def test_what_is_no_table_is_text(text):
    assert find_tables(text) == []


@pytest.mark.parametrize(
    ("before", "caption"),
    [
        ("", ""),
        ("Table 1: Sales\n\n", "Table 1: Sales"),
        ("## Sales by region\n", "Sales by region"),
        ("A paragraph of text,\nwhich goes on as follows:\n", "which goes on as follows:"),
        ("A paragraph of text,\nwhich ends here.\n\n", ""),
        ("word " * 60 + "\n", ""),
    ],
)
def test_the_line_above_may_be_its_caption(before, caption):
    [table] = find_tables(before + "| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert (table.caption, table.columns) == (caption, "a b")


def test_markup_brings_its_own_caption_and_may_hold_tables():
    text = ("<TABLE><caption>The <b>sum</b></caption><thead><tr><th>a<th>b</thead><tr><td>1<td>"
            "<table><tr><td>x</table>y</table> behind")  # fmt: skip
    [table] = find_tables(text)
    assert (table.caption, table.columns, [row.text for row in table.rows]) == ("The sum", "a b", ["1 x y"])
    assert text[table.end :] == " behind"


def test_a_header_of_several_rows_is_joined_by_column():
    [table] = find_tables(
        "| | | Years Ended May 31, | |\n| | 2019 | 2018 | 2017 |\n"
        "| Fixed | $ 1.5 | $ 1.4 | $ 1.3 |\n| Other | 4 | 5 | 6 |\n"
    )
    assert table.columns == "2019 Years Ended May 31, 2018 2017"
    assert [row.text for row in table.rows] == ["Fixed $ 1.5 $ 1.4 $ 1.3", "Other 4 5 6"]


def test_empty_cells_and_rows_of_other_widths():
    [table] = find_tables("| a | b |\n|---|---|\n| | |\n| 1 |\n| 2 | 3 | 4 |\n")
    assert [row.text for row in table.rows] == ["", "1", "2 3 4"]


def cut(text, *, max_tokens=30, overlap_tokens=4, table_tokens=12):
    encoder = HashingEncoder()
    tables = find_tables(text)
    measured = [
        (t, encoder.token_spans([head_of(t)])[0], [len(s) for s in encoder.token_spans([r.text for r in t.rows])])
        for t in tables
    ]
    [spans] = encoder.token_spans([text])
    return tables, with_tables(
        text, spans, measured,
        max_tokens=max_tokens, overlap_tokens=overlap_tokens, table_tokens=table_tokens,
    )  # fmt: skip


def assert_whole(text, tables, pieces):
    """The chunks cover the text in order, and none begins or ends within a row."""
    assert pieces[0].start == 0
    assert pieces[-1].end == len(text)
    assert all(a.start < b.start <= a.end < b.end for a, b in pairwise(pieces))
    for table in tables:
        for row in table.rows:
            assert not any(row.start < edge < row.end for p in pieces for edge in (p.start, p.end))


@given(st.lists(st.one_of(st.tuples(grids(), FORMATS), WORDS), min_size=1, max_size=5), st.integers(2, 30))
def test_no_row_is_cut_and_nothing_is_lost(parts, table_tokens):
    text = "\n\n".join(part if isinstance(part, str) else part[1](part[0]) for part in parts)
    tables, pieces = cut(text, table_tokens=table_tokens) if find_tables(text) else ([], None)
    if pieces:
        assert_whole(text, tables, pieces)


@given(BROKEN)
def test_broken_tables_lose_nothing_either(text):
    tables, pieces = cut(text) if find_tables(text) else ([], None)
    if pieces:
        assert_whole(text, tables, pieces)


LONG = "Intro to it all.\n\nTable 2: Counts\n\n| name | count |\n|---|---|\n" + "".join(
    f"| row{n} | {n} |\n" for n in range(20)
)


def test_every_chunk_of_a_long_table_has_what_stands_above_its_rows():
    tables, pieces = cut(LONG)
    assert_whole(LONG, tables, pieces)
    prose, first, *others = pieces
    assert (prose.context, prose.encoded) == ("", None)
    assert LONG[first.start : first.end].startswith("| name | count |\n|---|---|\n| row0 | 0 |")
    assert first.context == "Table 2: Counts"
    assert len(others) > 3
    assert {piece.context for piece in others} == {"Table 2: Counts\nname count"}
    assert first.encoded.startswith("Table 2: Counts\nname count\nrow0 0\nrow1 1")
    assert others[-1].encoded.endswith("row19 19")


def test_a_caption_with_nothing_above_it_stays_with_its_table():
    _, pieces = cut("# Sales\n\n| a | b |\n|---|---|\n| 1 | 2 |\n   \n")
    assert [(p.start, p.context, p.encoded) for p in pieces] == [(0, "", "Sales\na b\n1 2")]


def test_a_header_wider_than_a_chunk_leaves_half_of_it_to_rows():
    names = " | ".join(f"column{n}" for n in range(100))
    values = " | ".join("1" for _ in range(100))
    text = f"| {names} |\n" + f"| {values} |\n" * 3
    tables, pieces = cut(text)
    assert_whole(text, tables, pieces)
    assert len(pieces) == 3
    assert pieces[1].context == " ".join(f"column{n}" for n in range(15))
    assert all(len(head_of(table)) <= LONGEST_HEAD for table in tables)


def test_a_row_past_what_can_be_analysed_is_the_one_that_is_cut():
    text = "| a | b |\n|---|---|\n| " + "x" * 150_000 + " | 1 |\n| y | 2 |\n"
    _, pieces = cut(text)
    assert max(p.end - p.start for p in pieces) == MOST_CHARACTERS
    assert "".join(text[p.start : p.end] for p in pieces) == text


def test_a_table_of_its_header_alone():
    tables, pieces = cut("| a | b |\n|---|---|\n")
    assert tables[0].rows == ()
    assert [(p.start, p.end, p.encoded) for p in pieces] == [(0, 20, "a b")]
