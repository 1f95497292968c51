"""search(..., rerank=...) in both clients."""

import pytest

from pgretrieve import InvalidInput, MissingDependency, rerankers
from tests import encoders
from tests.rerankers import PREFERRED, train

TEXTS = ["tea water", "tea leaves", "tea", "tea minutes water", "dough"]


@pytest.fixture
def docs(client):
    made = client.create_collection("docs", encoder=encoders.NAME)
    made.add({"id": text.replace(" ", "-"), "text": text} for text in TEXTS)
    return made


def longest(_query, texts):
    return [len(text) for text in texts]


def test_hits_come_in_the_order_of_a_callable_and_tell_where_they_were(docs):
    plain = docs.search("tea", mode="keyword")
    assert [(hit.rank_before, hit.rerank_score) for hit in plain] == [(None, None)] * 4
    assert plain.reranking is None
    hits = docs.search("tea", mode="keyword", rerank=longest)
    assert [hit.document_id for hit in hits] == ["tea-minutes-water", "tea-leaves", "tea-water", "tea"]
    assert [hit.rerank_score for hit in hits] == [17, 10, 9, 3]
    before = {hit.document_id: hit.rank for hit in plain}
    assert {hit.document_id: hit.rank_before for hit in hits} == before
    assert (hits.reranking.asked, hits.reranking.reranked, hits.reranking.note) == (4, 4, None)
    assert (hits.strategy, hits.cut_short) == (plain.strategy, plain.cut_short)


def test_hits_rise_into_the_result_from_behind_it(docs):
    [first] = docs.search("tea", mode="keyword", k=1, rerank=longest)
    assert (first.document_id, first.rank) == ("tea-minutes-water", 1)
    assert first.rank_before > 1
    [first] = docs.search("tea", mode="keyword", k=1, rerank=longest, rerank_depth=1)
    assert first.rank_before == 1
    hits = docs.search("tea", mode="keyword", k=3, rerank=longest, rerank_depth=2)
    assert [hit.rerank_score is None for hit in hits] == [False, False, True]
    assert not hits.cut_short


def test_a_budget_and_a_failure_leave_the_order(docs):
    def failing(_query, _texts):
        raise RuntimeError("out of order")

    plain = docs.search("tea", mode="keyword")
    hits = docs.search("tea", mode="keyword", rerank=failing)
    assert [hit.chunk_id for hit in hits] == [hit.chunk_id for hit in plain]
    assert "out of order" in hits.reranking.note
    hits = docs.search("tea", mode="keyword", rerank=longest, rerank_budget_ms=60_000)
    assert hits.reranking.reranked == 4


def test_nothing_found_is_nothing_reranked(docs):
    hits = docs.search("nobody", mode="keyword", rerank=longest)
    assert len(hits) == 0
    assert (hits.reranking.asked, hits.reranking.reranked) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"rerank": 5}, "5"),
        ({"rerank": longest, "rerank_depth": 0}, "0"),
        ({"rerank": longest, "rerank_depth": 1_001}, "1001"),
        ({"rerank": longest, "rerank_depth": 1.5}, "1.5"),
        ({"rerank": longest, "rerank_depth": True}, "True"),
        ({"rerank": longest, "rerank_budget_ms": 0}, "0"),
        ({"rerank": longest, "rerank_budget_ms": float("nan")}, "nan"),
        ({"rerank": longest, "rerank_budget_ms": "1"}, "'1'"),
        ({"rerank_depth": 5}, "need a reranker"),
        ({"rerank_budget_ms": 5}, "need a reranker"),
        ({"rerank": longest, "options": {"group_by": "document", "group_size": 2}}, "2"),
        ({"rerank": longest, "k": 0}, "k of 0"),
        ({"rerank": longest, "k": "ten"}, "'ten'"),
        ({"rerank": lambda _query, _texts: [1.0]}, "1 scores for 4 texts"),
    ],
)
def test_bad_arguments_are_refused(docs, arguments, part):
    with pytest.raises(InvalidInput) as raised:
        docs.search("tea", **{"mode": "keyword", **arguments})
    assert part in raised.value.message
    assert raised.value.hint


def test_a_query_without_words_cannot_be_reranked(docs):
    with pytest.raises(InvalidInput, match="empty"):
        docs.search(" ", embedding=[1.0] * 64, mode="dense", rerank=longest)


@pytest.mark.model
def test_a_cross_encoder_from_a_folder(docs, real_encoder, tmp_path):
    """Of a few thousand weights, trained for this test to prefer one word."""
    folder = str(train(tmp_path))
    hits = docs.search("tea water", rerank=folder)
    assert PREFERRED in hits[0].text
    assert hits[0].rerank_score > 2 * hits[1].rerank_score
    assert hits[0].rank_before > 1
    assert hits.reranking.reranked == len(hits)


@pytest.mark.model
def test_a_folder_without_a_cross_encoder_is_refused(docs, real_encoder, tmp_path):
    with pytest.raises(InvalidInput, match="cannot be loaded"):
        docs.search("tea", mode="keyword", rerank=str(tmp_path))


def test_without_its_package_a_cross_encoder_is_refused(docs, monkeypatch):
    monkeypatch.setattr("pgretrieve.rerankers.cross_encoder.find_spec", lambda _: None)
    rerankers.load_reranker.cache_clear()
    with pytest.raises(MissingDependency) as raised:
        docs.search("tea", mode="keyword", rerank="nowhere")
    assert "pip install" in raised.value.hint
