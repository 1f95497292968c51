"""Relevance: its numbers are the oracle's, cuts leave rows out and never reorder, and what is stale is never used."""

import json
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve
from tests.reference import relevance as oracle

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]
QUERY = [0.9, -0.4, 0.2, 0.3]
HIT = [-1.0, 0.5, 0.1, 2.0, -0.3, -0.2, 0.1, -0.1, -0.2, 0.4, -0.3, 0.2, 0.3, -0.1, 0.6]
ASKED = [0.5, 0.4, -0.2, 1.0, 0.1, -2.0, -0.1, 0.5]
SIZE = 1_500  # beyond what is always compared exactly


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> Iterator[pgretrieve.Collection]:
    rng = np.random.default_rng(3)
    collection = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", language="simple")
    texts = [" ".join(rng.choice(WORDS, 6)) for _ in range(SIZE)]
    texts[:3] = [f"{text} rare" for text in texts[:3]]  # of words in three chunks the best stand out
    collection.add(
        ({"id": str(i), "text": text, "metadata": {"even": i % 2 == 0}} for i, text in enumerate(texts)),
        embeddings=rng.normal(size=(SIZE, 4)),
    )
    yield collection
    shared_db.drop_collection("docs")


@pytest.fixture
def calibrated(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> Iterator[pgretrieve.Collection]:
    for mode in ("hybrid", "dense", "keyword"):
        add(shared_sql, mode, HIT, ASKED)
    yield docs
    for model in docs.models():
        docs.retire_model(model.id)


def add(sql: psycopg.Connection[Any], mode: str, hit: list[float], query: list[float], **more: Any) -> int:
    """Stores and activates a calibration with given weights."""
    chunks, space = sql.execute("select chunks, space from pgretrieve._calibration_base('docs')").fetchone()
    parameters = {
        "hit": str(hit), "query": str(query), "family": None, "chunks": chunks, "space": space,
        "thresholds": {"recall": [[0.5, 0.4], [0.9, 0.2]], "precision": [[0.5, 0.3], [0.8, 0.6]]}, **more,
    }  # fmt: skip
    parts = parameters.pop("parts", {})
    (model,) = sql.execute(
        "select pgretrieve.add_model('docs', 'calibration', %s, %s, '{}', '{}', %s)",
        (mode, json.dumps(parameters), json.dumps(parts)),
    ).fetchone()
    sql.execute("select pgretrieve.activate_model(%s)", (model,))
    return int(model)


def evidence(sql: psycopg.Connection[Any], query: str, embedding: list[float] | None, mode: str) -> list[Any]:
    return sql.execute(
        "select chunk_id, place, hit_numbers, query_numbers from pgretrieve._evidence('docs', %s, %s::vector, %s)",
        (query, None if embedding is None else str(embedding), mode),
    ).fetchall()


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("query", ["alpha", "alpha beta nowhere", "kappa iota theta zeta", "rare alpha"])
def test_numbers_and_relevance_are_the_oracles(
    calibrated: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], query: str, mode: str
) -> None:
    docs, options = calibrated, {"depth": 100, "ef_search": 1000}
    both = docs.search(query, embedding=QUERY, k=100, mode=mode, options=options)
    # candidates are what either leg lists to depth 100
    legs = {
        leg: {hit.chunk_id: hit for hit in docs.search(query, embedding=QUERY, k=100, mode=leg, options=options)}
        for leg in ("dense", "keyword")
        if mode in ("hybrid", leg)
    }
    scores = {
        leg: {
            hit.chunk_id: hit.dense_score if leg == "dense" else hit.keyword_score
            for hit in docs.search(query, embedding=QUERY, k=SIZE, mode=leg, options={"exact": True})
        }
        for leg in legs
    }
    chunks = {chunk for found in legs.values() for chunk in found}
    candidates = [
        oracle.Candidate(
            chunk,
            legs["dense"][chunk].rank if chunk in legs.get("dense", {}) else None,
            scores.get("dense", {}).get(chunk),
            legs["keyword"][chunk].rank if chunk in legs.get("keyword", {}) else None,
            scores.get("keyword", {}).get(chunk),
        )
        for chunk in sorted(chunks)
    ]
    schema = docs.info.schema_name
    mean, deviation = shared_sql.execute(f"select mean, deviation from {schema}.known_similarity()").fetchone()
    gap = 0.0
    if mode == "hybrid":
        by_rank = {leg: sorted(found.values(), key=lambda hit: hit.rank) for leg, found in legs.items()}
        of_dense = [hit.dense_score for hit in by_rank["dense"][:20]]
        of_words = [scores["dense"][hit.chunk_id] for hit in by_rank["keyword"][:20]]
        gap = max(0.0, sum(of_dense) / len(of_dense) - sum(of_words) / len(of_words)) / deviation
    possible, unknown = 1.0, 0.0
    if mode != "dense":
        weights = shared_sql.execute(
            f"select w.weight, w.df from {schema}.term_weights(%s, %s) as w",
            (query.split(), [1] * len(query.split())),
        ).fetchall()
        possible = sum(weight for weight, _ in weights)
        unknown = sum(df == 0 for _, df in weights) / len(weights)
    of_hits, of_query = oracle.numbers(
        candidates, mean, deviation, gap, possible, unknown, words_alone=mode == "keyword"
    )
    rows = evidence(shared_sql, query, QUERY if mode != "keyword" else None, mode)
    assert [place for _, place, *_ in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == min(20, len(candidates))
    for chunk, _, hit_numbers, query_numbers in rows:
        assert query_numbers == pytest.approx(of_query, rel=1e-5, abs=1e-5)
        assert hit_numbers == pytest.approx(of_hits[chunk], rel=1e-5, abs=1e-5)
    assert both
    for hit in both:
        expected = oracle.relevance(of_hits[hit.chunk_id], of_query, HIT, ASKED)
        assert hit.relevance == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("mode", ["dense", "keyword"])
@pytest.mark.parametrize("filter_", [None, {"even": True}])
@pytest.mark.parametrize("more", [{}, {"min_relevance": 0.3}, {"options": {"cut": "gap"}}])
@pytest.mark.parametrize("k", [1, 10, 40])
def test_of_one_leg_the_first_20_are_enough(
    calibrated: pgretrieve.Collection, mode: str, filter_: dict[str, Any] | None, more: dict[str, Any], k: int
) -> None:
    """Lists end sooner than those that a calibration is fitted on, with the same relevance and the same rows."""
    asked = {"embedding": QUERY, "k": k, "mode": mode, "filter": filter_} | more
    deep = {"ef_search": 1000, "depth": max(100, 10 * k), **more.get("options", {})}
    hits = calibrated.search("alpha beta", **asked)
    assert hits
    whole = calibrated.search("alpha beta", **(asked | {"options": deep}))
    assert [hit.chunk_id for hit in hits] == [hit.chunk_id for hit in whole]
    assert [hit.relevance for hit in hits] == [hit.relevance for hit in whole]


@pytest.mark.parametrize("options", [{}, {"group_by": "document"}])
def test_a_method_of_fusion_means_nothing_to_one_leg(
    calibrated: pgretrieve.Collection, options: dict[str, Any]
) -> None:
    for mode in ("dense", "keyword"):
        found = [
            [
                (hit.chunk_id, hit.relevance)
                for hit in calibrated.search(
                    "alpha beta", embedding=QUERY, mode=mode, options={"fusion": method, "ef_search": 1000, **options}
                )
            ]
            for method in ("blend", "rrf", "zscore")
        ]
        assert found[0] == found[1] == found[2]
        assert len({relevance for _, relevance in found[0]}) > 1


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_nothing_found_has_no_relevance(
    calibrated: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], mode: str
) -> None:
    nowhere = {"filter": {"even": "neither"}, "mode": mode}
    assert not calibrated.search("alpha", embedding=QUERY, **nowhere)
    assert not calibrated.search("nowhere", mode="keyword")
    assert not calibrated.search("nowhere", mode="keyword", min_relevance=0.1, options={"cut": "gap"})
    assert not calibrated.search("alpha -alpha", mode="keyword")
    assert evidence(shared_sql, "nowhere", None, "keyword") == []


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("filter_", [None, {"even": True}])
def test_a_cut_leaves_rows_out_and_never_reorders(
    calibrated: pgretrieve.Collection, mode: str, filter_: dict[str, Any] | None
) -> None:
    def found(k: int, **more: Any) -> list[tuple[int, float, float | None]]:
        hits = calibrated.search("alpha beta", embedding=QUERY, k=k, mode=mode, filter=filter_, **more)
        return [(hit.chunk_id, hit.score, hit.relevance) for hit in hits]

    whole = found(400, options={"depth": 400})
    assert all(0 <= relevance <= 1 for *_, relevance in whole)
    for least in (0.0, *np.quantile([relevance for *_, relevance in whole], [0.3, 0.9]), 1.0):
        cut = found(400, min_relevance=float(least), options={"depth": 400})
        kept = [row for row in whole if row[2] >= least]
        assert cut[: len(kept)] == kept
        assert all(row[1] <= whole[-1][1] for row in cut[len(kept) :]), "what moves up stood behind"
        ranks = [
            hit.rank
            for hit in calibrated.search(
                "alpha beta", embedding=QUERY, k=5, mode=mode, filter=filter_, min_relevance=float(least)
            )
        ]
        assert ranks == list(range(1, len(ranks) + 1))


@pytest.mark.parametrize("cut", [{"target_recall": 0.5}, {"target_precision": 0.8}, {"cut": "gap"}])
def test_what_a_cut_leaves_out_is_not_called_cut_short(calibrated: pgretrieve.Collection, cut: dict[str, Any]) -> None:
    hits = calibrated.search("alpha", embedding=QUERY, k=100, options=cut)
    assert len(hits) < 100
    assert not hits.cut_short


def test_targets_take_the_stricter_threshold(calibrated: pgretrieve.Collection) -> None:
    def least(**options: float) -> set[int]:
        hits = calibrated.search("alpha", embedding=QUERY, k=100, options={"depth": 100, **options})
        return {hit.chunk_id for hit in hits}

    def above(relevance: float) -> set[int]:
        hits = calibrated.search("alpha", embedding=QUERY, k=100, min_relevance=relevance, options={"depth": 100})
        return {hit.chunk_id for hit in hits}

    assert least(target_recall=0.5) == above(0.4)
    assert least(target_recall=0.8) == above(0.2)
    assert least(target_recall=0.95) == above(0.0), "nothing stored reaches it, so nothing is cut"
    assert least(target_precision=0.7) == above(0.6)
    assert least(target_precision=0.5, target_recall=0.5) == above(0.4)
    with pytest.raises(pgretrieve.NotCalibrated, match=r"0\.99.*0\.8"):
        least(target_precision=0.99)


def test_a_gap_is_cut_without_a_calibration(docs: pgretrieve.Collection) -> None:
    whole = docs.search("alpha", embedding=QUERY, k=20)
    scores = [hit.score for hit in whole]
    drops = [a - b for a, b in pairwise(scores)]
    kept = docs.search("alpha", embedding=QUERY, k=20, options={"cut": "gap"})
    assert [hit.chunk_id for hit in kept] == [hit.chunk_id for hit in whole[: drops.index(max(drops)) + 1]]
    same = docs.search("alpha", k=20, mode="keyword", filter={"$ids": ["0", "1"]}, options={"cut": "gap"})
    assert len(same) <= 2


def test_equal_scores_have_no_gap(shared_db: pgretrieve.Client) -> None:
    same = shared_db.create_collection("same", encoder=None, dimensions=2, language="simple")
    same.add([{"id": str(i), "text": "one word"} for i in range(30)], embeddings=np.ones((30, 2)))
    assert len(same.search("word", embedding=[1, 1], k=30, options={"cut": "gap"})) == 30
    shared_db.drop_collection("same")


def test_without_a_calibration_that_holds_relevance_is_not_known(
    calibrated: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    docs = calibrated

    def refused(pattern: str, **more: Any) -> None:
        hits = docs.search("alpha", embedding=QUERY, **more)
        assert hits
        assert all(hit.relevance is None for hit in hits)
        told = docs.explain("alpha", embedding=QUERY, **more)["relevance"]
        assert not told["known"]
        assert re.search(pattern, told["problem"])
        with pytest.raises(pgretrieve.NotCalibrated, match=pattern):
            docs.search("alpha", embedding=QUERY, min_relevance=0.1, **more)

    refused("fusion blend, not rrf", options={"fusion": "rrf"})
    refused("single queries", options={"queries": ["beta"]})
    add(shared_sql, "hybrid", HIT, ASKED, chunks=SIZE // 4)
    refused("stale.*fitted on 375 chunks, and there are 1500 now")
    add(shared_sql, "hybrid", HIT, ASKED, space=["another"])
    refused("stale.*settings")
    docs.retire_model(next(m.id for m in docs.models() if m.slot == "hybrid" and m.state == "active"))
    refused("not calibrated for hybrid")
    assert docs.search("alpha", mode="keyword")[0].relevance is not None
    told = docs.explain("alpha", mode="keyword", min_relevance=0.1)["relevance"]
    assert (told["known"], told["problem"], told["min_relevance"]) == (True, None, 0.1)


def test_what_is_stale_keeps_nothing_out(shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]) -> None:
    """A better model of the same evidence keeps a worse one out, but not once searches have stopped using it."""
    grown = shared_db.create_collection("grown", encoder=None, dimensions=2, language="simple")
    grown.add([{"id": "1", "text": "one word"}], embeddings=np.ones((1, 2)))

    def added(value: float, evidence: str) -> int:
        (model,) = shared_sql.execute(
            "select pgretrieve.add_model('grown', 'calibration', 'keyword', jsonb_build_object('hit', %s::text,"
            " 'query', %s::text, 'thresholds', '{}'::jsonb, 'chunks', b.chunks, 'space', b.space),"
            " jsonb_build_object('evidence', %s::text), jsonb_build_object('measure', 'AP', 'value', %s::float))"
            " from pgretrieve._calibration_base('grown') as b",
            (str(HIT), str(ASKED), evidence, value),
        ).fetchone()
        return int(model)

    best, worse, of_passages = added(0.6, "judgements q"), added(0.5, "judgements q"), added(0.7, "passages")
    grown.activate_model(best)
    for model in (worse, of_passages):
        with pytest.raises(pgretrieve.ModelRefused):
            grown.activate_model(model)
    texts = [{"id": str(n), "text": "one word"} for n in range(2, 6)]
    grown.add(texts, embeddings=np.ones((4, 2)))
    for model in (worse, of_passages):
        grown.activate_model(model)
        assert [one.id for one in grown.models() if one.state == "active"] == [model]
    shared_db.drop_collection("grown")


@pytest.mark.parametrize("family", ["linear", "sqrt", "quadratic", "power"])
def test_an_adapter_maps_the_similarity_of_each_query(
    calibrated: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], family: str
) -> None:
    rows = {"slope": [0.3, -0.2, 0.5, 0.1, 0.7], "offset": [0.1, 0.4, -0.3, 0.2, -1.0]}
    if family == "power":
        rows["exponent"] = [0.2, -0.1, 0.1, 0.3, 0.2]
    always = [30.0] + [0.0] * 7
    add(shared_sql, "dense", HIT, always, family=family, parts={name: [row] for name, row in rows.items()})
    unit = np.array([*(np.array(QUERY) / np.linalg.norm(QUERY)), 1.0])
    raw = {name: float(unit @ row) for name, row in rows.items()}
    slope = math.log1p(math.exp(raw["slope"]))
    for hit in calibrated.search("", embedding=QUERY, mode="dense", k=50):
        score = hit.dense_score
        g = {
            "linear": score, "sqrt": math.sqrt(max(score, 0)), "quadratic": score * abs(score),
            "power": max(score, 0.001) ** (4 ** math.tanh(raw.get("exponent", 0.0))),
        }[family]  # fmt: skip
        assert hit.relevance == pytest.approx(1 / (1 + math.exp(-(slope * g + raw["offset"]))), rel=1e-5)


def test_a_source_is_scored_as_if_it_read_otherwise(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """As the very text and vector of the query it comes first; as another text it is scored as that text."""
    call = (
        "select chunk_id, place, keyword_score, dense_score"
        " from pgretrieve._evidence('docs', 'alpha beta', %s::vector, 'hybrid', %s, %s, %s::vector)"
    )
    source = docs.search("kappa", k=1, mode="keyword")[0].chunk_id
    given = (str(QUERY), source, "alpha beta", str(QUERY))
    rows = {chunk: row for chunk, *row in shared_sql.execute(call, given).fetchall()}
    place, _, dense_score = rows[source]
    assert place == 1
    assert dense_score == pytest.approx(1.0)
    schema = docs.info.schema_name
    (stored,) = shared_sql.execute(f"select text from {schema}.chunk where id = %s", (source,)).fetchone()
    (score,) = shared_sql.execute(
        f"select {schema}.text_score(row('kappa', null, null, null)::pgretrieve.keyword_query, %s)", (stored,)
    ).fetchone()
    assert score == pytest.approx(docs.search("kappa", k=1, mode="keyword")[0].score)


def test_models_are_versions_activated_refused_and_rolled_back(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    def fitted(value: float, evidence: str = "a", baseline: float = 0.2) -> int:
        figures = {"measure": "AP", "value": value, "baseline": baseline}
        (model,) = shared_sql.execute(
            "select pgretrieve.add_model('docs', 'settings', '', %s, %s, %s)",
            (
                json.dumps({"weights": {"dense": value}, "fusion": "blend"}),
                json.dumps({"evidence": evidence}),
                json.dumps(figures),
            ),
        ).fetchone()
        return int(model)

    def state() -> dict[int, str]:
        return {m.id: m.state for m in docs.models() if m.kind == "settings"}

    first, better, worse, other = fitted(0.5), fitted(0.6), fitted(0.4), fitted(0.4, evidence="b")
    docs.activate_model(first)
    docs.activate_model(better)
    with pytest.raises(pgretrieve.ModelRefused, match=r"0\.4000 is below the 0\.6000"):
        docs.activate_model(worse)
    assert state() == {first: "retired", better: "active", worse: "proposed", other: "proposed"}
    docs.activate_model(other)  # of other evidence
    with pytest.raises(pgretrieve.ModelRefused, match=r"baseline of 0\.2"):
        docs.activate_model(fitted(0.1))
    docs.activate_model(worse, force=True)
    assert docs.rollback_model("settings") == other
    assert docs.rollback_model("settings") == worse
    explained = docs.explain("alpha", embedding=QUERY)
    assert explained["legs"]["dense"]["weight"] == pytest.approx(0.4), "searches take their options from it"
    given = docs.explain("alpha", embedding=QUERY, options={"weights": {"dense": 2}})
    assert given["legs"]["dense"]["weight"] == 2
    assert docs.explain("alpha", embedding=QUERY, options={"fusion": "rrf"})["legs"]["dense"]["weight"] == 1
    docs.retire_model(worse)
    assert docs.explain("alpha", embedding=QUERY)["legs"]["dense"]["weight"] == 1
    assert "active" not in state().values()
    assert [m.version for m in docs.models() if m.kind == "settings"] == [5, 4, 3, 2, 1]


def test_a_matrix_of_a_model_is_multiplied(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    (model,) = shared_sql.execute(
        "select pgretrieve.add_model('docs', 'projection', '', '{}', '{}', '{}', '{\"m\": [[1, 2], [3, 4]]}')"
    ).fetchone()
    (product,) = shared_sql.execute("select pgretrieve.apply_model(%s, 'm', '[10, 1]')", (model,)).fetchone()
    assert product == [12, 34]
    for part, vector, code in (("n", "[1, 2]", "RT410"), ("m", "[1]", "RT421")):
        with pytest.raises(psycopg.Error) as caught:
            shared_sql.execute("select pgretrieve.apply_model(%s, %s, %s)", (model, part, vector))
        assert caught.value.sqlstate == code


@pytest.mark.parametrize("query", ["alpha beta", "rare alpha beta"])
def test_a_source_counts_where_a_search_would_find_it(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], query: str
) -> None:
    embedding = str([0.3, -0.2, 0.5, 0.1])
    first = docs.search(query, embedding=json.loads(embedding))[0]

    def rows(text: str | None, vector: str | None, most: int = 10_000) -> list[tuple[Any, ...]]:
        source = None if text is None else first.chunk_id
        return shared_sql.execute(
            "select chunk_id, dense_part, keyword_part, dense_score, place"
            "  from pgretrieve._evidence('docs', %s, %s, 'hybrid', %s, %s, %s, most => %s)",
            (query, embedding, source, text, vector, most),
        ).fetchall()

    plain = rows(None, None)
    assert len(rows(None, None, most=20)) == 20
    assert plain[:20] == rows(None, None, most=20)
    # in the place of itself it is where it was; far away, and of other words, it is nowhere
    (own,) = shared_sql.execute(
        f"select embedding::text from {docs.info.schema_name}.embedding where chunk_id = %s",  # type: ignore[arg-type]
        (first.chunk_id,),
    ).fetchone()
    by_chunk = {row[0]: row[1:3] for row in rows(first.text, own)}
    assert by_chunk[first.chunk_id] == pytest.approx({row[0]: row[1:3] for row in plain}[first.chunk_id])
    far = str([-x for x in json.loads(embedding)])
    assert first.chunk_id not in {row[0] for row in rows("nothing of it", far)}
    assert first.chunk_id in {row[0] for row in rows("alpha beta", far)}
    # what fusion adds up
    found = docs.search(query, embedding=json.loads(embedding), k=50, options={"depth": 100})
    hits = {hit.chunk_id: hit.score for hit in found}
    sums = {row[0]: row[1] + row[2] for row in plain}
    assert {chunk: sums[chunk] for chunk in hits} == pytest.approx(hits)
