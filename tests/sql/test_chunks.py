"""Chunking in SQL: nothing lost, offsets exact, the same cuts as in Python."""

from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from pgretrieve import chunking
from tests.sql.histories import rows

# White space of several kinds, wide characters, and words longer than a chunk. NUL cannot be stored.
texts = st.one_of(
    st.text(st.sampled_from("ab \t\n\r北😀é"), max_size=400),
    st.lists(st.text("abc", max_size=150), max_size=20).map(" ".join),
)


def chunks(sql: psycopg.Connection[Any], text: str, most: int) -> list[Any]:
    statement = "select start_offset, end_offset, text from pgretrieve._chunks(%s, %s) order by ordinal"
    return rows(sql, statement, text, most)


@settings(max_examples=150, deadline=None)
@given(text=texts, most=st.integers(1, 120))
def test_chunks_cover_the_text_at_exact_offsets_as_in_python(
    shared_sql: psycopg.Connection[Any], text: str, most: int
) -> None:
    found = chunks(shared_sql, text, most)
    assert "".join(piece for _, _, piece in found) == text
    assert all(piece == text[start:end] and 0 < end - start <= most for start, end, piece in found)
    assert [(start, end) for start, end, _ in found] == list(chunking.by_characters(text, most))


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", "\u0085", "\x1c", "\x0b", "\u200b"])
def test_unusual_white_space_is_cut_the_same_in_both(shared_sql: psycopg.Connection[Any], space: str) -> None:
    text = space.join(["word"] * 60)
    found = [(start, end) for start, end, _ in chunks(shared_sql, text, 100)]
    assert found == list(chunking.by_characters(text, 100))


def test_document_written_from_sql_has_the_chunks_it_has_from_python(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=3, chunking={"max_characters": 100})
    text = "One sentence after another.\n\n" * 30
    sql.execute("select pgretrieve.add_document('docs', 'sql', %s)", [text])
    docs.add([{"id": "python", "text": text}])
    schema = docs.info.schema_name
    query = (
        f"select start_offset, end_offset, c.text from {schema}.chunk as c join {schema}.document as d"
        "    on d.id = c.document_id where external_id = %s order by ordinal"
    )
    assert rows(sql, query, "sql") == rows(sql, query, "python")
    assert len(rows(sql, query, "sql")) == 9
