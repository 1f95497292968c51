"""Pages of one search are its ranking, cut: nothing twice, nothing left out. A cursor is good for its own search."""

import base64
import json
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.sql.histories import rows

WORDS = ["vpn", "tea", "rotate", "certificate", "mail"]
EMBEDDING = [1, 2, 3, 1]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """400 documents of a few words, so that many are tied."""
    rng = np.random.default_rng(3)
    docs = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", index="none")
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 4))) for _ in range(400)]
    docs.add(
        [{"id": str(n // 2 * 2), "text": text, "metadata": {"n": n}} for n, text in enumerate(texts) if n % 2 == 0],
        embeddings=rng.integers(1, 4, size=(200, 4)),
    )
    docs.add(
        [{"id": f"odd{n}", "text": text, "metadata": {"n": n}} for n, text in enumerate(texts) if n % 2],
        embeddings=rng.integers(1, 4, size=(200, 4)),
    )
    return docs


@settings(max_examples=30, deadline=None)
@given(
    mode=st.sampled_from(["hybrid", "dense", "keyword"]),
    size=st.sampled_from([1, 7, 50, 399, 1000]),
    filter_=st.sampled_from([None, {"n": {"$lt": 100}}]),
    options=st.sampled_from([{}, {"group_by": "document"}, {"weights": {"keyword": 0}}, {"exact": True}]),
)
def test_pages_are_the_ranking_cut(
    docs: pgretrieve.Collection, mode: str, size: int, filter_: dict[str, Any] | None, options: dict[str, Any]
) -> None:
    arguments: dict[str, Any] = {"embedding": EMBEDDING, "mode": mode, "filter": filter_}
    every = docs.search("vpn tea", k=1000, **arguments, options={"depth": 1000, **options})
    pages = list(docs.pages("vpn tea", page_size=size, **arguments, options=options)) if size > 1 else []
    if size == 1:
        for page, _ in zip(docs.pages("vpn tea", page_size=1, **arguments, options=options), range(20), strict=False):
            pages.append(page)
        every = every[:20]
    assert [hit for page in pages for hit in page] == list(every)
    assert {len(page) for page in pages[:-1]} <= {size}
    if size > 1:
        assert [page.next_cursor is None for page in pages] == [False] * (len(pages) - 1) + [True]


def test_page_size_may_change_and_a_cursor_goes_on_elsewhere(docs: pgretrieve.Collection) -> None:
    first = next(docs.pages("vpn tea", page_size=5))
    second = next(docs.pages("vpn tea", page_size=11, cursor=first.next_cursor))
    assert [*first, *second] == list(docs.search("vpn tea", k=16))
    assert set(first.next_cursor) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_nothing_found_is_no_page(docs: pgretrieve.Collection) -> None:
    assert list(docs.pages("unicorn")) == []


OTHERS = [
    {"query": "vpn"},
    {"embedding": [1, 2, 3, 2]},
    {"embedding": None},
    {"mode": "dense"},
    {"filter": {"n": 1}},
    {"options": {"rrf_k": 7}},
    {"options": {"depth": 999}},
]


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_a_cursor_of_another_search_is_refused(docs: pgretrieve.Collection, other: dict[str, Any]) -> None:
    given_arguments: dict[str, Any] = {"query": "vpn tea", "embedding": EMBEDDING}
    cursor = next(docs.pages(**given_arguments)).next_cursor
    assert next(docs.pages(**given_arguments, cursor=cursor)).hits[0].rank == 11
    with pytest.raises(pgretrieve.InvalidInput, match="other arguments") as caught:
        next(docs.pages(**given_arguments | other, cursor=cursor))
    assert "first page" in caught.value.hint


def test_a_cursor_of_another_collection_is_refused(docs: pgretrieve.Collection, shared_db: pgretrieve.Client) -> None:
    other = shared_db.create_collection("other", encoder=None, dimensions=4)
    other.add([{"id": str(n), "text": "vpn"} for n in range(20)])
    cursor = next(other.pages("vpn")).next_cursor
    with pytest.raises(pgretrieve.InvalidInput, match="other arguments"):
        next(docs.pages("vpn", cursor=cursor))


def test_an_embedding_that_differs_in_its_last_bits_is_the_same(docs: pgretrieve.Collection) -> None:
    first = next(docs.pages("vpn tea", embedding=EMBEDDING, page_size=5))
    nearly = [x + 1e-5 for x in EMBEDDING]
    assert len(next(docs.pages("vpn tea", embedding=nearly, page_size=5, cursor=first.next_cursor))) == 5


def tampered(**change: Any) -> str:
    content = {"checksum": "x", "score": 1, "chunk_id": 1, "rank": 1, "embedding": None} | change
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "bm90IGpzb24",
        "W10",
        "NQ",
        "nöt",
        "____",
        tampered(),
        tampered(rank="a"),
        tampered(embedding="["),
    ],
)
def test_what_is_no_cursor_is_refused(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], cursor: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        shared_sql.execute("select * from pgretrieve.search_page('docs', 'vpn', cursor => %s)", [cursor])
    assert caught.value.sqlstate == "RT400"
    assert caught.value.diag.message_hint


def test_pages_end_at_the_depth_with_a_remedy(docs: pgretrieve.Collection) -> None:
    pages = docs.pages("vpn tea", embedding=EMBEDDING, page_size=20, options={"depth": 50})
    assert [len(next(pages)) for _ in range(3)] == [20, 20, 10]
    with pytest.raises(pgretrieve.InvalidInput, match="end at rank 50") as caught:
        next(pages)
    assert "depth" in caught.value.hint


def test_what_is_written_between_pages_neither_repeats_nor_hides_rows(db: pgretrieve.Client) -> None:
    """Within one leg: the next page goes on behind the score of the last row, wherever that now is."""
    docs = db.create_collection("docs", encoder=None, dimensions=2, index="none")
    docs.add(
        [{"id": str(n), "text": "x"} for n in range(100)],
        embeddings=[[np.cos(n / 100), np.sin(n / 100)] for n in range(100)],
    )
    pages = docs.pages("", embedding=[1, 0], mode="dense", page_size=10)
    seen = [hit.document_id for hit in next(pages)]
    docs.add([{"id": f"new{n}", "text": "y"} for n in range(30)], embeddings=[[1, 0.01]] * 30)
    docs.delete(["3", "12"])
    for page in pages:
        seen += [hit.document_id for hit in page]
    assert seen == [str(n) for n in range(100) if n != 12]


def test_one_plain_select_does_it(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    shared_sql.execute("set extra_float_digits = -10")
    try:
        statement = (
            "select chunk_id, rank, next_cursor from pgretrieve.search_page('docs', 'vpn tea', '[1,2,3,1]',"
            " page_size => 100, cursor => %s) order by rank"
        )
        first = rows(shared_sql, statement, None)
        second = rows(shared_sql, statement, first[0][2])
    finally:
        shared_sql.execute("reset extra_float_digits")
    assert {cursor for *_, cursor in first} == {first[0][2]}
    assert [rank for _, rank, _ in first + second] == list(range(1, 201))
    every = docs.search("vpn tea", embedding=EMBEDDING, k=200, options={"depth": 1000})
    assert [chunk for chunk, *_ in first + second] == [hit.chunk_id for hit in every]
