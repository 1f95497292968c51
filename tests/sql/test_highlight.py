"""Snippets: what is marked is what the collection's analyser matches, and offsets count characters."""

import html
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests.sql.histories import one, rows

Spans = list[tuple[int, int]]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    return shared_db.create_collection("docs", encoder=None, dimensions=2, chunking={"max_characters": 60000})


def stored(docs: pgretrieve.Collection, sql: psycopg.Connection[Any], text: str) -> int:
    """The id of a chunk that holds the text and nothing else."""
    sql.execute("select pgretrieve.add_document(%s, 'only', %s)", [docs.name, text])
    return one(sql, f"select id from {docs.info.schema_name}.chunk")


def highlight(
    sql: psycopg.Connection[Any], chunk: int, query: str | None, name: str = "docs", **options: Any
) -> tuple[str, Spans, Spans]:
    [(_, snippet, spans, fragments)] = rows(
        sql, "select * from pgretrieve.highlight(%s, array[%s]::bigint[], %s, %s)", name, chunk, query, Jsonb(options)
    )
    return snippet, [(r.lower, r.upper) for r in spans], [(r.lower, r.upper) for r in fragments]


def marked(sql: psycopg.Connection[Any], docs: pgretrieve.Collection, text: str, query: str) -> list[str]:
    """The parts of the text that match."""
    _, spans, _ = highlight(sql, stored(docs, sql, text), query, docs.name)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("She runs, ran; running RUN.", "running", ["runs", "running", "RUN"]),
        ("state-of-the-art art", "art", ["art", "art"]),
        ("state-of-the-art art", "state-of-the-art", ["state-of-the-art", "art"]),
        ("see http://example.com/path now", "example.com", ["example.com"]),
        ("mail me@example.com or example.com", "me@example.com", ["me@example.com"]),
        ("😀 a 👩‍👩‍👧 cat 😀 cats", "cat", ["cat", "cats"]),
        ("naïve cafe\u0301 café", "cafe\u0301", ["cafe\u0301"]),
        ("\U00010400\U00010401 word", "word", ["word"]),
        ("<b>bold</b> & words", "bold", ["bold"]),
        ("the of and", "the of", []),
        ("version 1.2.3 and 1.2", "1.2.3", ["1.2.3"]),
        ("全文検索エンジンとPostgreSQLは速い。", "検索", ["検索"]),
        ("全文検索エンジンとPostgreSQLは速い。", "postgresql", ["PostgreSQL"]),
        ("東京都と京都", "京都", ["京都", "京都"]),
        ("ああああ", "ああ", ["ああああ"]),
        ("ภาษาไทยง่าย", "ไทย", ["ไทย"]),
        ("검색을 하다", "검색", ["검색"]),
        ("\u05d4\u05d7\u05ea\u05d5\u05dc \u05d9\u05e9\u05df", "\u05d9\u05e9\u05df", ["\u05d9\u05e9\u05df"]),
    ],
)
def test_what_the_analyser_matches_is_marked(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], text: str, query: str, expected: list[str]
) -> None:
    assert marked(shared_sql, docs, text, query) == expected


def test_the_collections_own_language_decides(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]
) -> None:
    german = shared_db.create_collection("german", encoder=None, dimensions=2, language="german")
    assert marked(shared_sql, german, "Häuser und Haus, running", "hauses run") == ["Häuser", "Haus"]
    simple = shared_db.create_collection("plain", encoder=None, dimensions=2, language="simple")
    assert marked(shared_sql, simple, "the runs run", "run the") == ["the", "run"]


WORDS = ["run", "Running", "runs", "cat", "CATS", "naïve", "Straße", "x1", "12", "the", "\U00010400x", "weiß", "élan"]
GAPS = [" ", "  ", ", ", "\n", " 😀 ", " — ", "… ", " (", ") ", "\u3000"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), min_size=1), st.sampled_from(WORDS))
def test_spans_are_where_the_words_stand(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], pieces: list[tuple[str, str]], query: str
) -> None:
    def lexemes(word: str) -> list[str]:
        return one(shared_sql, "select tsvector_to_array(to_tsvector('english', %s))", word)

    text, expected = "", []
    for word, gap in pieces:
        if lexemes(word) and lexemes(word) == lexemes(query):
            expected.append((len(text), len(text) + len(word)))
        text += word + gap
    assert highlight(shared_sql, stored(docs, shared_sql, text), query)[1] == expected


ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from("ab .-/:@<>&'\"検索ああไ\u0301"),
    )
).filter(lambda text: text.strip(" \t\r\n"))


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, ANY_TEXT, st.integers(1, 4), st.sampled_from([20, 25, 200]))
def test_any_text_gives_honest_offsets(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], text: str, query: str, most: int, size: int
) -> None:
    text = text * 3
    chunk = stored(docs, shared_sql, text)
    query = query + " " + text[: len(text) // 2]
    snippet, spans, fragments = highlight(
        shared_sql, chunk, query, start="", stop="", html=False, max_fragments=most, max_characters=size
    )
    for ranges in (spans, fragments):
        ends = [0, *(offset for pair in ranges for offset in pair), len(text)]
        assert ends == sorted(ends)
    assert len(fragments) <= most
    shown = " … ".join(text[start:end] for start, end in fragments)
    if fragments:
        shown = ("…" if fragments[0][0] else "") + shown + ("…" if fragments[-1][1] < len(text) else "")
    assert snippet == shown
    # what plain words find has a mark
    shared = one(
        shared_sql,
        "select tsvector_to_array(to_tsvector('english', %s)) && tsvector_to_array(to_tsvector('english', %s))"
        "       and not pgretrieve._query_syntax(%s)",
        text,
        query,
        query,
    )
    assert spans or not shared


def test_text_is_escaped_and_marks_are_not(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    text = """<p onclick="tea">green "tea"</p> & 'tea' <b>"""
    chunk = stored(docs, shared_sql, text)
    escaped = html.escape(text, quote=True).replace("&#x27;", "&#39;")
    assert highlight(shared_sql, chunk, "tea", start="", stop="")[0] == escaped
    # PostgreSQL's parser takes what stands within a tag for no word
    expected = escaped.replace("tea", "<b>tea</b>").replace("<b>tea</b>", "tea", 1)
    assert highlight(shared_sql, chunk, "tea")[0] == expected
    assert highlight(shared_sql, chunk, "tea", start="[", stop="]", html=False)[0] == html.unescape(
        expected.replace("<b>", "[").replace("</b>", "]")
    )


def test_the_fragment_that_shows_most_terms_comes_first(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    filler = "lorem ipsum dolor sit amet " * 30
    text = f"tea tea tea tea {filler} pot of tea and a warm cup {filler} a warm pot"
    chunk = stored(docs, shared_sql, text)
    snippet, _, fragments = highlight(shared_sql, chunk, "warm tea pot", max_characters=60)
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert "<b>pot</b> of <b>tea</b> and a <b>warm</b> cup" in snippet
    [(start, end)] = fragments
    assert end - start <= 60
    several = highlight(shared_sql, chunk, "warm tea pot", max_characters=60, max_fragments=3)
    assert len(several[2]) == 3
    assert several[0].count(" … ") == 2
    assert "<b>tea</b> <b>tea</b>" in several[0]
    assert several[0].endswith("<b>warm</b> <b>pot</b>")


def test_without_a_match_the_text_is_shown_from_its_beginning(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    chunk = stored(docs, shared_sql, "  Some words. " * 40)
    for query in ("unicorn", "", None, "the"):
        snippet, spans, fragments = highlight(shared_sql, chunk, query, max_characters=50)
        assert spans == []
        assert fragments == [(2, fragments[0][1])]
        assert snippet.endswith("…")
        assert len(snippet) <= 52


def test_text_without_spaces_is_cut_to_size(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    text = "あいうえおかきくけこ" * 50 + "検索" + "さしすせそ" * 50
    chunk = stored(docs, shared_sql, text)
    snippet, [(start, end)], [fragment] = highlight(shared_sql, chunk, "検索", max_characters=100)
    assert text[start:end] == "検索"
    assert fragment[1] - fragment[0] == 100
    assert fragment[0] < start < end < fragment[1]
    assert "<b>検索</b>" in snippet


def test_a_fragment_does_not_begin_with_a_mark_of_the_character_before(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    text = "が".replace("が", "か\u3099") * 100 + "検索" + "か\u3099" * 100
    chunk = stored(docs, shared_sql, text)
    for size in (50, 51, 52, 53):
        _, _, [(start, end)] = highlight(shared_sql, chunk, "検索", max_characters=size)
        assert text[start] != "\u3099"
        assert text[end] != "\u3099"


def test_a_very_long_text_is_marked_whole(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    text = "tea and water " * 4000
    _, spans, _ = highlight(shared_sql, stored(docs, shared_sql, text), "teas waters")
    assert len(spans) == 8000
    assert {text[start:end] for start, end in spans} == {"tea", "water"}


def test_a_row_for_each_id_in_the_order_given(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]
) -> None:
    several = shared_db.create_collection("several", encoder=None, dimensions=2)
    several.add([{"id": str(n), "text": f"word {n}"} for n in range(5)])
    ids = [hit.chunk_id for hit in several.search("word", k=5)]
    asked = [ids[3], 2**62, ids[0], ids[3]]
    found = rows(shared_sql, "select chunk_id, snippet from pgretrieve.highlight('several', %s, 'word')", asked)
    assert [chunk for chunk, _ in found] == asked
    assert [bool(snippet) for _, snippet in found] == [True, False, True, True]
    assert rows(shared_sql, "select * from pgretrieve.highlight('several', '{}', 'word')") == []
