"""What users of other systems complain about in results, each as a test of this one."""

import asyncio
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import one, rows

QUERY = [1.0, 0.0]
COLUMNS = [
    "document_id", "chunk_id", "rank", "score", "relevance", "dense_rank", "dense_score", "keyword_rank",
    "keyword_score", "title", "text", "metadata",
]  # fmt: skip


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = shared_db.create_collection("docs", encoder=None, dimensions=2, chunking={"max_characters": 100})
    docs.add(
        [
            {"id": str(n), "text": f"tea of sort {n}", "metadata": {"sort": n % 3, "by": {"who": ["ada", n]}}}
            for n in range(30)
        ],
        embeddings=[[1, n / 10] for n in range(30)],
    )
    docs.add(
        [{"id": "long", "text": "Nothing is said about it here. " * 6 + "Then the kettle boils. " + "And so on. " * 9}]
    )
    return docs


@pytest.mark.parametrize(
    ("query", "embedding", "mode"),
    [
        ("tea", "[1,0]", "hybrid"), ("tea", None, "hybrid"), ("", "[1,0]", "hybrid"), ("zebra", "[1,0]", "hybrid"),
        ("tea", "[1,0]", "dense"), ("tea", "[1,0]", "keyword"), ("zebra", None, "keyword"),
    ],
)  # fmt: skip
def test_columns_are_the_same_in_every_mode(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], query: str, embedding: str | None, mode: str
) -> None:
    """Columns of a leg are missing where it found nothing (lancedb#1675)."""
    cursor = shared_sql.execute(
        "select * from pgretrieve.search('docs', %s, embedding => %s::vector, mode => %s, k => 5)",
        [query, embedding, mode],
    )
    assert [column.name for column in cursor.description or ()] == COLUMNS
    for row in cursor.fetchall():
        hit = dict(zip(COLUMNS, row, strict=True))
        if mode == "keyword" or embedding is None:
            assert (hit["dense_rank"], hit["dense_score"]) == (None, None)
        if mode == "dense" or query != "tea":
            assert (hit["keyword_rank"], hit["keyword_score"]) == (None, None)


def test_a_score_is_better_the_higher_whatever_the_distance(db: pgretrieve.Client) -> None:
    """A column called distance holds a similarity, a rank or a distance (LangChain); for some, lower is better."""
    for distance in ("cosine", "l2", "inner_product"):
        docs = db.create_collection(distance, encoder=None, dimensions=2, distance=distance)
        docs.add([{"id": str(n), "text": f"tea {n}"} for n in range(5)], embeddings=[[1, n] for n in range(5)])
        for mode in ("dense", "hybrid", "keyword"):
            hits = docs.search("tea 3", embedding=[1, 0.1], mode=mode)
            assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
            assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_ties_come_in_the_same_order_every_time(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """Rows that tie change places from one call to the next."""
    for mode in ("keyword", "hybrid"):
        statement = (
            "select chunk_id, score from pgretrieve.search('docs', 'tea', embedding => '[1,0]', mode => %s, k => 30)"
            " order by rank"
        )
        first = rows(shared_sql, statement, mode)
        assert first == sorted(first, key=lambda row: (-row[1], row[0]))
        for statement_before in ("set enable_hashagg = off", "set enable_sort = off", "reset all"):
            shared_sql.execute(statement_before)
            assert rows(shared_sql, statement, mode) == first


def test_metadata_is_what_was_given_in_both_clients(docs: pgretrieve.Collection, shared_dsn: str) -> None:
    """Metadata of asynchronous searches came as text (langchain-postgres#124)."""

    async def asked() -> list[dict[str, Any]]:
        async with await pgretrieve.connect_async(shared_dsn) as db:
            collection = await db.collection("docs")
            return [hit.metadata for hit in await collection.search("tea", embedding=QUERY, k=30)]

    found = [hit.metadata for hit in docs.search("tea", embedding=QUERY, k=30)]
    assert asyncio.run(asked()) == found
    assert {"sort": 0, "by": {"who": ["ada", 3]}} in found


def test_facets_count_all_that_matches_and_say_of_what(docs: pgretrieve.Collection) -> None:
    """No facets (ParadeDB#920), or of the page that is shown."""
    counted = docs.facets(["sort", "by.who"], "tea", mode="keyword", max_values=1)
    assert [(facet.key, facet.value, facet.count) for facet in counted] == [("sort", 0, 10), ("by.who", "ada", 30)]
    assert {facet.scope for facet in counted} == {"documents that match"}
    assert {facet.scope for facet in docs.facets(["sort"], "tea", embedding=QUERY, k=7)} == {"top 7 hits"}


def test_pages_neither_repeat_nor_leave_out(docs: pgretrieve.Collection) -> None:
    """Pages by offset over a fused list repeat rows and skip others."""
    every = [hit.chunk_id for hit in docs.search("tea sort", embedding=QUERY, k=30, options={"depth": 1000})]
    for size in (1, 7, 29):
        paged = [hit.chunk_id for page in docs.pages("tea sort", embedding=QUERY, page_size=size) for hit in page]
        assert paged[:30] == every


def test_more_than_thirty_rows_can_be_had(docs: pgretrieve.Collection) -> None:
    """The recipe ends at 30 rows, whatever is asked for (Supabase)."""
    assert len(docs.search("tea", embedding=QUERY, k=1000)) == 30
    assert len(docs.search("tea kettle", mode="keyword", k=1000)) == 31


def test_a_snippet_shows_the_words_where_they_stand(docs: pgretrieve.Collection) -> None:
    """Snippets count bytes, not characters (ParadeDB), or there are none."""
    hits = docs.search("boiling kettles", mode="keyword")
    [shown] = docs.highlight(hits, "boiling kettles", options={"max_characters": 40})
    assert "<b>kettle</b> <b>boils</b>" in shown.snippet
    assert [hits[0].text[start:end] for start, end in shown.spans] == ["kettle", "boils"]


def test_a_document_of_many_chunks_comes_once_where_that_is_asked(docs: pgretrieve.Collection) -> None:
    """Chunks of one document fill the page; collapsing them is the caller's work."""
    hits = docs.search("nothing said here then boils and so on tea", mode="keyword", k=50)
    assert sum(hit.document_id == "long" for hit in hits) > 1
    once = docs.search(
        "nothing said here then boils and so on tea", mode="keyword", k=50, options={"group_by": "document"}
    )
    assert len({hit.document_id for hit in once}) == len(once) == 31
    assert once[0].chunk_id == hits[0].chunk_id


def test_why_a_hit_stands_where_it_stands_is_data(docs: pgretrieve.Collection) -> None:
    """No ranks and scores of the legs, no terms, no arithmetic (qdrant#5116), or as text to be parsed."""
    report = docs.explain("tea sort", embedding=QUERY, k=3)
    for hit in report["hits"]:
        parts = {part["leg"]: part for part in hit["fusion"]["parts"]}
        assert parts.keys() == {"dense", "keyword"}
        assert sum(part["contribution"] for part in parts.values()) == pytest.approx(hit["score"])
        assert sum(term["contribution"] for term in hit["terms"]) == pytest.approx(hit["keyword_score"])
        assert all({"tf", "idf", "query_frequency"} <= term.keys() for term in hit["terms"])


def test_an_error_says_what_is_wrong_and_the_session_goes_on(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """Vectors of other dimensions fail silently, or in the words of the engine (renfield#112)."""
    with pytest.raises(psycopg.Error) as caught:
        shared_sql.execute("select * from pgretrieve.search('docs', 'tea', embedding => '[1,2,3]')")
    assert caught.value.sqlstate == "RT421"
    assert "of 2 dimensions, got 3" in str(caught.value.diag.message_primary)
    assert one(shared_sql, "select count(*) from pgretrieve.search('docs', '& | ! (tea')") == 10
