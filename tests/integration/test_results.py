"""Snippets, pages, facets, counts and neighbours through both clients."""

import numpy as np
import pytest

import pgretrieve
from tests import encoders
from tests.integration.conftest import WORDS


@pytest.fixture
def filled(docs):
    docs.add(WORDS)
    return docs


def test_highlight_takes_hits_chunks_and_ids(filled):
    hits = filled.search("rotating a certificate", k=3)
    shown = filled.highlight(hits, "rotating a certificate")
    assert [h.chunk_id for h in shown] == [hit.chunk_id for hit in hits]
    assert shown[0].snippet == "<b>Rotate</b> the vpn <b>certificates</b> every year."
    assert [hits[0].text[start:end] for start, end in shown[0].spans] == ["Rotate", "certificates"]
    assert shown[0].fragments == ((0, len(hits[0].text)),)
    assert filled.highlight([hits[0].chunk_id], "rotating a certificate") == shown[:1]
    assert filled.highlight([np.int64(hits[0].chunk_id)], "rotating a certificate") == shown[:1]
    assert filled.highlight(filled.neighbours(hits[0]), "rotating a certificate") == shown[:1]
    assert filled.highlight(hits[:0], "x") == []
    plain = filled.highlight(hits[:1], "vpn", options={"start": "", "stop": "", "html": False})
    assert plain[0].snippet == hits[0].text


def test_a_chunk_that_is_gone_has_an_empty_snippet(filled):
    hits = filled.search("certificates", k=1)
    filled.delete([hits[0].document_id])
    assert filled.highlight(hits, "certificates") == [pgretrieve.Highlight(hits[0].chunk_id, "", (), ())]
    assert filled.neighbours(hits[0]) == []


def test_facets_and_counts_say_over_which_set(filled):
    assert [(f.value, f.count, f.scope) for f in filled.facets(["team"])] == [
        ("office", 2, "all documents"),
        ("infra", 1, "all documents"),
    ]
    assert [(f.value, f.scope) for f in filled.facets(["team"], "soup", mode="keyword")] == [
        ("office", "documents that match")
    ]
    assert {f.scope for f in filled.facets(["team"], "soup", k=2)} == {"top 2 hits"}
    assert {f.scope for f in filled.facets(("team",), filter={"team": "office"})} == {"documents that pass the filter"}
    assert filled.count_matches() == pgretrieve.Matches(3, 3)
    assert filled.count_matches("soup holidays") == pgretrieve.Matches(2, 2)
    assert filled.count_matches("soup holidays", filter={"team": "infra"}) == pgretrieve.Matches(0, 0)


BAD = [
    (lambda docs: docs.highlight(["a"], "x"), "'a'"),
    (lambda docs: docs.highlight([True], "x"), "True"),
    (lambda docs: docs.highlight([2**63], "x"), str(2**63)),
    (lambda docs: docs.highlight([1], 5), "int"),
    (lambda docs: docs.highlight([1], "a\0b"), "NUL"),
    (lambda docs: docs.highlight([1], "x", options=[1]), "[1]"),
    (lambda docs: docs.highlight([1], "x", options={"colour": 1}), "colour"),
    (lambda docs: docs.neighbours("a"), "'a'"),
    (lambda docs: docs.neighbours(1, before=-1), "-1"),
    (lambda docs: docs.neighbours(1, after=2**31), str(2**31)),
    (lambda docs: docs.neighbours(1, after="1"), "'1'"),
    (lambda docs: docs.facets("team"), "'team'"),
    (lambda docs: docs.facets([]), "{}"),
    (lambda docs: docs.facets([1]), "1"),
    (lambda docs: docs.facets(["a\0b"]), "NUL"),
    (lambda docs: docs.facets(["$or"]), "$or"),
    (lambda docs: docs.facets(["team"], max_values=True), "True"),
    (lambda docs: docs.facets(["team"], "x", k=0), "0"),
    (lambda docs: docs.count_matches(7), "int"),
    (lambda docs: docs.count_matches("x", filter=[1]), "[1]"),
]


@pytest.mark.parametrize(("call", "part"), BAD)
def test_what_cannot_be_is_refused_with_a_hint(docs, call, part):
    with pytest.raises(pgretrieve.InvalidInput) as caught:
        call(docs)
    assert part in caught.value.message
    assert caught.value.hint


BAD_PAGES = [
    ({"page_size": 0}, "0"),
    ({"page_size": 1.5}, "1.5"),
    ({"cursor": 5}, "5"),
    ({"cursor": "nonsense"}, "nonsense"),
    ({"cursor": "a\0b"}, "NUL"),
    ({"options": {"depth": 10_001}}, "10001"),
    ({"query": " "}, "empty"),
]


@pytest.mark.parametrize(("given", "part"), BAD_PAGES)
def test_pages_refuse_what_cannot_be(db, given, part):
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    with pytest.raises(pgretrieve.InvalidInput) as caught:
        next(docs.pages(**{"query": "x"} | given))
    assert part in caught.value.message
    assert caught.value.hint


def test_pages_encode_the_query_once(db, encoded, monkeypatch):
    docs = db.create_collection("docs", encoder=encoders.NAME)
    docs.add([{"id": str(n), "text": f"word {n}"} for n in range(12)])
    encoded.clear()
    queries = []
    original = encoders.HashingEncoder.encode_queries
    monkeypatch.setattr(
        encoders.HashingEncoder, "encode_queries", lambda self, texts: queries.extend(texts) or original(self, texts)
    )
    pages = list(docs.pages("word", page_size=5))
    assert [len(page) for page in pages] == [5, 5, 2]
    assert queries == ["word"]
    assert repr(pages[0]).startswith("<Result of 5 hits>")


def test_pages_of_the_asynchronous_client(dsn, runner):
    async def pages():
        async with await pgretrieve.connect_async(dsn) as db:
            docs = await db.create_collection("docs", encoder=encoders.NAME)
            await docs.add([{"id": str(n), "text": f"word {n}"} for n in range(12)])
            found = [page async for page in docs.pages("word", page_size=5)]
            return found, list(await docs.search("word", k=12, options={"depth": 1000}))

    found, every = runner.run(pages())
    assert [hit for page in found for hit in page] == every
    assert [page.next_cursor is None for page in found] == [False, False, True]
