"""Hybrid search fuses its two legs as the formulas say, and says where every hit comes from."""

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference import fusion
from tests.reference.ranking import assert_ranking
from tests.sql.histories import rows

WORDS = ["vpn", "tea", "rotate", "certificate", "mail"]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """400 documents of a few words, many of them tied in one leg or the other; two chunks lie in each fourth."""
    rng = np.random.default_rng(1)
    docs = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", index="none")
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 4))) for _ in range(400)]
    # Whole numbers give ties.
    embeddings = rng.integers(1, 4, size=(400, 4))
    docs.add([{"id": str(n), "text": text} for n, text in enumerate(texts)], embeddings=embeddings)
    return docs


def alike(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> list[float]:
    """Cosines of any two of 64 chunks that are taken evenly."""
    stored = rows(sql, f"select chunk_id, embedding::text from {docs.info.schema_name}.embedding order by chunk_id")
    ids = np.array([row[0] for row in stored])
    places = ids[0] + (ids[-1] - ids[0]) * np.arange(64) // 63
    matrix = np.array([json.loads(row[1]) for row in stored], float)
    chosen = matrix[np.unique(np.searchsorted(ids, places))]
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    return list((chosen @ chosen.T)[np.triu_indices(len(chosen), 1)])


@pytest.fixture(scope="module")
def between(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> list[float]:
    return alike(docs, shared_sql)


vectors = st.lists(st.integers(1, 5), min_size=4, max_size=4)
queries = st.lists(st.sampled_from([*WORDS, "unknown"]), min_size=1, max_size=3).map(" ".join)
weights = st.fixed_dictionaries({}, optional={"dense": st.integers(0, 3), "keyword": st.sampled_from([0, 0.5, 1, 2])})


METHODS = ["blend", "dbsf", "minmax", "rrf", "rrf_imputed", "zscore"]


def legs_of(
    docs: pgretrieve.Collection, query: str, embedding: list[int], depth: int, between: list[float]
) -> dict[str, fusion.Leg]:
    """Both legs to their ends, cut to the depth."""
    hits = {mode: list(docs.search(query, embedding=embedding, k=400, mode=mode)) for mode in ("dense", "keyword")}
    scores = {mode: {hit.chunk_id: hit.score for hit in found} for mode, found in hits.items()}
    ids = sorted(scores["dense"])
    sample = [
        scores["dense"][next(i for i in ids if i >= ids[0] + (ids[-1] - ids[0]) * place // 31)] for place in range(32)
    ]
    ranked = {mode: [hit.chunk_id for hit in found][:depth] for mode, found in hits.items()}
    return {
        "dense": fusion.Leg(ranked["dense"], scores["dense"], sample, sum(sample) / 32, between),
        "keyword": fusion.Leg(ranked["keyword"], scores["keyword"], list(scores["keyword"].values()) or [0], 0),
    }


@settings(max_examples=80, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    query=queries,
    embedding=vectors,
    k=st.sampled_from([1, 5, 60]),
    extra=st.sampled_from([0, 1, 50, 340]),
    rrf_k=st.sampled_from([0, 1, 60, 1.5]),
    weight=weights,
)
def test_fused_ranking_is_the_oracles(
    docs: pgretrieve.Collection,
    between: list[float],
    method: str,
    query: str,
    embedding: list[int],
    k: int,
    extra: int,
    rrf_k: float,
    weight: dict[str, float],
) -> None:
    depth = k + extra
    legs = legs_of(docs, query, embedding, depth, between)
    options = {"fusion": method, "depth": depth, "rrf_k": rrf_k, "weights": weight}
    hits = docs.search(query, embedding=embedding, k=k, options=options)
    expected = fusion.fused(method, legs, weight, rrf_k=rrf_k, depth=depth)
    # shares of scores are rounded; those of ranks alone are the same for the same ranks, in whichever leg
    evidence = None if method.startswith("rrf") else {
        chunk: tuple((leg.rank(chunk) is None, leg.scores.get(chunk)) for leg in legs.values()) for chunk in expected
    }  # fmt: skip
    # the gap between legs is summed in steps of 2^-32, and blend multiplies it by hundreds
    tolerance = 1e-7 if method == "blend" else 1e-9
    assert_ranking([(hit.chunk_id, hit.score) for hit in hits], expected, k, evidence=evidence, tolerance=tolerance)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    for hit in hits:
        ranks = {"dense": hit.dense_rank, "keyword": hit.keyword_rank}
        scores = {"dense": hit.dense_score, "keyword": hit.keyword_score}
        for mode, leg in legs.items():
            assert ranks[mode] == leg.rank(hit.chunk_id)
            if method != "rrf" or ranks[mode]:
                assert scores[mode] == leg.scores.get(hit.chunk_id)


@pytest.mark.parametrize("method", METHODS)
def test_scores_do_not_change_with_k(docs: pgretrieve.Collection, method: str) -> None:
    # Depth is part of what these mean; the others score a chunk the same however deep the lists are.
    fixed = {"depth": 100} if method in {"rrf", "rrf_imputed", "dbsf"} else {}
    options = {"fusion": method, **fixed}
    pages = [docs.search("vpn tea", embedding=[1, 2, 3, 1], k=k, options=options) for k in (3, 10, 40)]
    scores = [{hit.chunk_id: hit.score for hit in page} for page in pages]
    for fewer, more in pairwise(scores):
        assert fewer == {chunk: more[chunk] for chunk in fewer}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_works_under_a_filter(docs: pgretrieve.Collection, method: str) -> None:
    plain = docs.search("vpn tea", embedding=[1, 2, 3, 1], k=30, options={"fusion": method, "depth": 400})
    same = docs.search(
        "vpn tea", embedding=[1, 2, 3, 1], k=30, options={"fusion": method, "depth": 400},
        filter={"absent": {"$exists": False}},
    )  # fmt: skip
    assert [(hit.chunk_id, pytest.approx(hit.score)) for hit in plain] == [(hit.chunk_id, hit.score) for hit in same]


def test_similarity_is_measured_when_the_collection_has_doubled(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    rng = np.random.default_rng(2)
    docs = db.create_collection("docs", encoder=None, dimensions=8)
    measured = "select mean, deviation, chunks from pgretrieve_1.similarity"
    at_once = "select mean, deviation from pgretrieve_1.known_similarity()"

    def add(first: int, last: int, spread: float) -> None:
        docs.add([{"id": str(n), "text": "tea"} for n in range(first, last)],
                 embeddings=1 + spread * rng.normal(size=(last - first, 8)))  # fmt: skip

    add(0, 63, 1)
    assert rows(sql, measured) == []
    assert 0 < rows(sql, at_once)[0][1] < 1
    add(63, 100, 1)
    [first] = rows(sql, measured)
    assert first[2] == 100
    assert rows(sql, at_once) == [first[:2]]
    add(100, 199, 0.1)
    assert rows(sql, measured) == [first]
    add(199, 200, 0.1)
    [second] = rows(sql, measured)
    assert second[2] == 200
    assert second[1] < first[1]
    sampled = rows(sql, "select mean, deviation from pgretrieve_1.sampled_similarity()")
    assert sampled == [second[:2]]
    docs.delete([str(n) for n in range(150)])
    assert rows(sql, measured) == [second]


@pytest.mark.parametrize("method", METHODS)
def test_one_document_alone_is_found_by_every_method(db: pgretrieve.Client, method: str) -> None:
    one = db.create_collection("one", encoder=None, dimensions=2)
    one.add([{"id": "a", "text": "vpn"}], embeddings=[[1, 0]])
    [hit] = one.search("vpn", embedding=[1, 1], options={"fusion": method})
    assert (hit.dense_rank, hit.keyword_rank) == (1, 1)
    assert hit.score >= 0


def test_chunks_that_wait_for_a_vector_take_part(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add([{"id": "a", "text": "vpn"}, {"id": "b", "text": "tea"}], embeddings=[[1, 0], [0, 1]])
    rows(sql, "select pgretrieve.add_document('docs', 'c', 'vpn vpn')")
    for method in METHODS:
        hits = docs.search("vpn", embedding=[0, 1], options={"fusion": method})
        assert {hit.document_id: hit.dense_rank for hit in hits} == {"a": 2, "b": 1, "c": None}
        assert {hit.document_id: hit.dense_score for hit in hits}["c"] is None


@pytest.mark.parametrize("mode", ["dense", "keyword"])
def test_one_leg_alone_scores_as_it_does_in_both(docs: pgretrieve.Collection, mode: str) -> None:
    alone = docs.search("vpn tea", embedding=[1, 2, 3, 1], k=100, mode=mode)
    both = {hit.chunk_id: hit for hit in docs.search("vpn tea", embedding=[1, 2, 3, 1], k=400)}
    for hit in alone:
        fused = both[hit.chunk_id]
        assert hit.score == getattr(hit, f"{mode}_score") == getattr(fused, f"{mode}_score")
        assert hit.rank == getattr(hit, f"{mode}_rank") == getattr(fused, f"{mode}_rank")
        other = {"dense": "keyword", "keyword": "dense"}[mode]
        assert getattr(hit, f"{other}_rank") is None
        assert getattr(hit, f"{other}_score") is None


def test_hybrid_without_an_embedding_is_keyword_search(docs: pgretrieve.Collection) -> None:
    assert docs.search("vpn tea", k=20) == docs.search("vpn tea", k=20, mode="keyword")


def test_hybrid_without_words_is_dense_search(docs: pgretrieve.Collection) -> None:
    assert docs.search(" ", embedding=[1, 2, 3, 1], k=20) == docs.search("", embedding=[1, 2, 3, 1], k=20, mode="dense")


@pytest.mark.parametrize("query", ["the", "of the and", "unknown", "?!", "\u2026", "'\"\\"])
def test_query_without_a_term_that_is_there_leaves_the_dense_leg(docs: pgretrieve.Collection, query: str) -> None:
    assert len(docs.search(query, k=5, mode="keyword")) == 0
    hits = docs.search(query, embedding=[1, 2, 3, 1], k=5)
    assert [hit.keyword_rank for hit in hits] == [None] * 5
    assert [hit.dense_rank for hit in hits] == [1, 2, 3, 4, 5]


def test_null_query_is_an_empty_one(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    found = rows(shared_sql, "select rank, dense_rank from pgretrieve.search('docs', null, '[1,2,3,1]', k => 3)")
    assert found == [(1, 1), (2, 2), (3, 3)]


def test_null_options_and_filter_are_none(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    statement = "select chunk_id from pgretrieve.search('docs', 'vpn tea', filter => %s, options => %s)"
    assert rows(shared_sql, statement, None, None) == rows(shared_sql, statement, "{}", "{}")


@pytest.mark.parametrize("index", ["none", "hnsw"])
@pytest.mark.parametrize("mode", ["keyword", "dense", "hybrid"])
def test_ties_go_to_the_lower_chunk_id(db: pgretrieve.Client, mode: str, index: str) -> None:
    docs = db.create_collection("ties", encoder=None, dimensions=3, index=index)
    for first in (0, 300, 330):  # in blocks, and twice in the delta
        ids = range(first, {0: 300, 300: 330, 330: 350}[first])
        docs.add([{"id": str(n), "text": "vpn tea mail x"} for n in ids], embeddings=[[1, 2, 3]] * len(ids))
    hits = docs.search("vpn mail tea x", embedding=[1, 2, 3], k=350, mode=mode)
    chunks = [hit.chunk_id for hit in hits]
    assert chunks == sorted(chunks)
    assert len(chunks) == 350
    assert len({hit.score for hit in hits}) == 1


def test_grouped_by_document_each_comes_once_with_its_best_chunk(db: pgretrieve.Client) -> None:
    docs = db.create_collection("long", encoder=None, dimensions=3, chunking={"max_characters": 100})
    docs.add([{"id": str(n), "text": f"vpn {'tea ' * n * 9}" * 4} for n in range(1, 9)])
    chunks = docs.search("vpn tea", k=100)
    best = {}
    for hit in chunks:
        best.setdefault(hit.document_id, hit.chunk_id)
    hits = docs.search("vpn tea", k=5, options={"group_by": "document", "depth": 100})
    assert len(chunks) > 20
    assert [hit.chunk_id for hit in hits] == list(best.values())[:5]


@pytest.mark.parametrize("number", ["1e400", "1e308", "1e-320", "1e-400"])
@pytest.mark.parametrize(
    "option", ['"weights": {{"dense": {}}}', '"rrf_k": {}, "fusion": "rrf"', '"mmr": {{"lambda": {}}}']
)
def test_numbers_of_any_size_can_be_reckoned_with(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], option: str, number: str
) -> None:
    if "mmr" in option:
        number = number.replace("e", "e-").replace("--", "-")  # from 0 to 1
    scores = shared_sql.execute(
        "select score from pgretrieve.search('docs', 'vpn tea', embedding => '[1, 2, 3, 1]', options => %s)",
        [f"{{{option.format(number)}}}"],
    ).fetchall()
    assert len(scores) == 10
    assert all(math.isfinite(score) for (score,) in scores)


def test_of_two_chunks_the_nearer_comes_first_where_no_word_tells(db: pgretrieve.Client) -> None:
    """Two chunks have one similarity to each other, and so no deviation."""
    docs = db.create_collection("two", encoder=None, dimensions=2)
    docs.add([{"id": "far", "text": "vpn"}, {"id": "near", "text": "bread"}], embeddings=[[1, 0], [0, 1]])
    report = docs.explain("dough", embedding=[0.1, 1])
    assert [hit["document_id"] for hit in report["hits"]] == ["near", "far"]
    for hit in report["hits"]:
        assert hit["fusion"]["sum"] == pytest.approx(hit["score"])
        assert "?" not in hit["fusion"]["parts"][0]["formula"]


@pytest.mark.parametrize(("towards", "counts_less"), [([1, 0], False), ([0, 1], True)], ids=["near", "far"])
def test_words_that_lead_away_from_the_meaning_count_less(
    db: pgretrieve.Client, towards: list[int], counts_less: bool
) -> None:
    """In `blend`: 30 of 90 chunks hold the word, and lie near the query or far from it; the others lie between."""
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add(
        [{"id": str(n), "text": "vpn" if n % 3 == 0 else "tea"} for n in range(90)],
        embeddings=[towards if n % 3 == 0 else [1, 1] for n in range(90)],
    )
    report = docs.explain("vpn", embedding=[1, 0], k=90)
    [keyword] = {
        round(part["contribution"] / (8 * part["score"] / (part["score"] + 2)), 9)
        for hit in report["hits"]
        for part in hit["fusion"]["parts"]
        if part["leg"] == "keyword" and part["score"]
    }
    assert keyword < 0.5 if counts_less else keyword == 1
