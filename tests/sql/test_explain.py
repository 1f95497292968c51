"""An explanation adds up: terms to the BM25 score, legs to the fused score; and it says what was done."""

import math
import re
from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve
from tests.reference.fusion import rectified
from tests.sql.conftest import QUERY
from tests.sql.histories import Replica, Text, one

WORDS = ["vpn", "tea", "rotate", "certificate", "mail", "pot", "cup"]


@pytest.fixture(scope="module")
def replica(shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]) -> Replica:
    """A collection with postings in blocks and in the delta, and with removed chunks in both."""
    rng = np.random.default_rng(2)
    collection = shared_db.create_collection("docs", encoder=None, dimensions=3, index="none")
    replica = Replica(shared_sql, collection)

    def text() -> Text:
        return Text(" ".join(rng.choice(WORDS, size=rng.integers(1, 30))), " ".join(rng.choice(WORDS, size=2)))

    replica.load({str(n): text() for n in range(300)}, {"half": 1})
    replica.compact()
    replica.add({str(n): text() for n in range(280, 320)})
    replica.delete([str(n) for n in range(0, 320, 7)])
    shared_sql.execute(
        f"insert into {replica.schema}.embedding"
        f" select id, array[1 + id % 7, 1 + id % 5, 1]::vector from {replica.schema}.chunk on conflict do nothing"
    )
    return replica


QUERIES = ["vpn", "tea tea pot", "vpn rotate certificate unicorn mail the"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("mode", ["keyword", "hybrid"])
def test_terms_add_up_to_the_keyword_score_with_the_oracles_tf_and_idf(replica: Replica, query: str, mode: str) -> None:
    oracle = replica.oracle()
    report = replica.collection.explain(query, embedding=[1, 2, 3], k=40, mode=mode)
    assert len(report["hits"]) == 40
    for hit in report["hits"]:
        chunk = oracle.chunks[hit["chunk_id"]]
        if hit["keyword_score"] is not None:
            assert sum(term["contribution"] for term in hit["terms"]) == hit["keyword_score"]
        for term in hit["terms"]:
            assert term["tf"] == chunk[term["term"]]
            assert math.isclose(term["idf"], oracle.idf(term["term"]), rel_tol=1e-12)
            assert term["query_frequency"] == query.split().count(term["term"]) or term["term"] not in query.split()
        assert [t["contribution"] for t in hit["terms"]] == sorted(
            (t["contribution"] for t in hit["terms"]), reverse=True
        )
        known = {term["term"] for term in report["terms"]}
        assert {term["term"] for term in hit["terms"]} == known & set(chunk)


METHODS = ["blend", "dbsf", "minmax", "rrf", "rrf_imputed", "zscore"]


def test_every_method_of_fusion_is_tested_here(shared_sql: psycopg.Connection[Any]) -> None:
    assert one(shared_sql, "select pgretrieve._fusion_methods()") == METHODS


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "options", [{}, {"rrf_k": 0}, {"weights": {"dense": 0.3, "keyword": 2}}, {"depth": 10}, {"min_match": 2}], ids=str
)
@pytest.mark.parametrize("filter_", [None, {"half": 1}, {"none": 1}], ids=str)
def test_legs_add_up_to_the_fused_score(
    replica: Replica, method: str, options: dict[str, Any], filter_: dict[str, Any] | None
) -> None:
    given: dict[str, Any] = {
        "embedding": [1, 2, 3], "k": 10, "filter": filter_, "options": {**options, "fusion": method},
    }  # fmt: skip
    report = replica.collection.explain("vpn tea", **given)
    hits = replica.collection.search("vpn tea", **given)
    assert [hit["chunk_id"] for hit in report["hits"]] == [hit.chunk_id for hit in hits]
    assert bool(hits) == (filter_ != {"none": 1})
    for explained, hit in zip(report["hits"], hits, strict=True):
        fusion = explained["fusion"]
        assert fusion["method"] == method
        assert math.isclose(fusion["sum"], hit.score, rel_tol=0, abs_tol=1e-12)
        assert math.isclose(sum(p["contribution"] for p in fusion["parts"]), hit.score, rel_tol=0, abs_tol=1e-12)
        assert {part["leg"]: (part["rank"], part["score"]) for part in fusion["parts"]} == {
            "dense": (hit.dense_rank, hit.dense_score),
            "keyword": (hit.keyword_rank, hit.keyword_score),
        }
        assert all(part["formula"] for part in fusion["parts"])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("query", ["vpn -tea", '"vpn tea"', "+tea vpn -rotate"])
def test_they_do_where_the_query_excludes_what_a_leg_found(replica: Replica, method: str, query: str) -> None:
    report = replica.collection.explain(query, embedding=[1, 2, 3], k=10, options={"fusion": method})
    assert report["hits"]
    for hit in report["hits"]:
        assert math.isclose(hit["fusion"]["sum"], hit["score"], rel_tol=0, abs_tol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_formulas_are_what_was_worked_out(replica: Replica, method: str) -> None:
    options = {"fusion": method, "weights": {"dense": 1, "keyword": 2}, "depth": 15}
    report = replica.collection.explain("vpn tea", embedding=[1, 2, 3], k=15, options=options)
    for hit in report["hits"]:
        for part in hit["fusion"]["parts"]:
            assert set(re.sub("clip|rectified", "", part["formula"])) <= set("0123456789.+-*/() ")
            known = {"clip": lambda x: min(1, max(0, x)), "rectified": rectified}
            value = eval(part["formula"], known)  # noqa: S307  numbers and signs alone
            # its numbers are rounded to four decimals
            assert value == pytest.approx(part["contribution"], rel=0.02, abs=0.02)


@pytest.mark.parametrize("mode", ["dense", "keyword"])
def test_one_leg_alone_is_its_own_score(replica: Replica, mode: str) -> None:
    report = replica.collection.explain("vpn tea", embedding=[1, 2, 3], mode=mode)
    for hit in report["hits"]:
        [part] = hit["fusion"]["parts"]
        assert (hit["fusion"]["method"], part["leg"], part["formula"]) == ("none", mode, None)
        assert part["contribution"] == hit["fusion"]["sum"] == hit["score"]
        assert bool(hit["terms"]) == (mode == "keyword")
    assert [s["stage"] for s in report["stages"] if s["ms"] is not None] == ["request", mode, "rest"]


def test_it_tells_settings_index_filter_and_stages(library: pgretrieve.Collection) -> None:
    report = library.explain("w1 w7", embedding=QUERY, options={"ef_search": 300})
    assert report["settings"]["hnsw.ef_search"] == "300"
    assert report["settings"]["hnsw.iterative_scan"] == "relaxed_order"
    assert report["settings"]["jit"] == "off"
    assert "USING hnsw" in report["vector_index"]
    assert report["filter"] is None
    assert [stage["stage"] for stage in report["stages"]] == ["request", "dense", "keyword", "rest"]
    assert all(stage["ms"] >= 0 for stage in report["stages"])
    few = library.explain("w1 w7", embedding=QUERY, filter={"n": {"$lt": 50}})["filter"]
    assert (few["strategy"], few["passing_chunks"]) == ("among", 50)
    many = library.explain("w1 w7", embedding=QUERY, filter={"n": {"$gte": 50}})["filter"]
    assert (many["strategy"], many["passing_chunks"]) == ("filtered", None)
    assert "$" in many["path"]


def test_a_collection_without_an_index_says_so(replica: Replica, shared_sql: psycopg.Connection[Any]) -> None:
    report = one(shared_sql, "select pgretrieve.explain('docs', 'vpn', '[1,2,3]')")
    assert report["vector_index"] is None
    assert not any(name.startswith(("hnsw", "none")) for name in report["settings"])


def test_nothing_found_is_explained_too(replica: Replica) -> None:
    report = replica.collection.explain("unicorn", mode="keyword")
    assert (report["hits"], report["unknown_terms"]) == ([], ["unicorn"])
