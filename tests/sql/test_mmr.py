"""Option mmr: the candidates in the order of maximal marginal relevance, with their own scores."""

from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference import mmr
from tests.sql.histories import one, rows

WORDS = ["vpn", "tea", "rotate", "certificate", "mail"]
EMBEDDING = [1, 2, 3, 1]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """300 documents of a few words with vectors, and 20 that wait for theirs."""
    rng = np.random.default_rng(11)
    docs = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", index="none")
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 6))) for _ in range(320)]
    listed = [{"id": str(n), "text": text, "metadata": {"n": n, "team": n % 9}} for n, text in enumerate(texts)]
    docs.add(listed[:300], embeddings=rng.integers(-3, 4, size=(300, 4)) + np.array([0.5, 0, 0, 0]))
    docs.add(listed[300:])
    return docs


@pytest.fixture(scope="module")
def vectors(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> dict[int, list[float]]:
    schema = one(shared_sql, "select schema_name from pgretrieve.collection where name = 'docs'")
    return dict(rows(shared_sql, f"select chunk_id, embedding::real[]::double precision[] from {schema}.embedding"))


def assert_order(
    taken: list[int], scores: dict[int, float], vectors: dict[int, list[float]], lambda_: float, k: int
) -> None:
    """Each row is worth as much as any that is left, but for rounding; of equals the better score comes first."""
    assert len(taken) == min(k, len(scores))
    for place, chunk in enumerate(taken):
        worth = mmr.values(scores, vectors, taken[:place], lambda_=lambda_)
        assert worth[chunk] >= max(worth.values()) - 1e-6
    if scores:
        assert taken[0] == next(iter(scores))


@settings(max_examples=100, deadline=None)
@given(
    lambda_=st.sampled_from([0, 0.2, 0.5, 0.9, 1]),
    k=st.sampled_from([1, 5, 20]),
    candidates=st.sampled_from([20, 50, 200]),
    mode=st.sampled_from(["hybrid", "dense", "keyword"]),
    fusion=st.sampled_from(["blend", "dbsf", "minmax", "rrf", "rrf_imputed", "zscore"]),
    filter_=st.sampled_from([None, {"n": {"$gte": 200}}, {"n": {"$gte": 310}}, {"n": -1}]),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_order_is_the_oracles(
    docs: pgretrieve.Collection, vectors: dict[int, list[float]], lambda_: float, k: int, candidates: int, mode: str,
    fusion: str, filter_: dict[str, Any] | None, query: str,
) -> None:  # fmt: skip
    given_: dict[str, Any] = {"embedding": EMBEDDING, "mode": mode, "filter": filter_}
    options = {"fusion": fusion, "depth": 400}
    every = {hit.chunk_id: hit for hit in docs.search(query, k=candidates, **given_, options=options)}
    hits = docs.search(
        query, k=k, **given_, options={**options, "mmr": {"lambda": lambda_, "candidates": candidates}}
    )  # fmt: skip
    assert_order(
        [hit.chunk_id for hit in hits], {chunk: hit.score for chunk, hit in every.items()}, vectors, lambda_, k
    )
    for rank, hit in enumerate(hits, 1):
        assert hit.rank == rank
        assert (hit.score, hit.dense_rank, hit.keyword_rank) == (
            every[hit.chunk_id].score, every[hit.chunk_id].dense_rank, every[hit.chunk_id].keyword_rank,
        )  # fmt: skip
    if lambda_ == 1:
        assert [hit.chunk_id for hit in hits] == list(every)[:k]


def test_without_numbers_it_is_half_and_half_of_fifty(docs: pgretrieve.Collection) -> None:
    for mode in ("hybrid", "dense", "keyword"):
        given_: dict[str, Any] = {"embedding": EMBEDDING, "mode": mode}
        short = docs.search("vpn tea", **given_, options={"mmr": {}})
        full = docs.search("vpn tea", **given_, options={"mmr": {"lambda": 0.5, "candidates": 50}})
        assert list(short) == list(full)
        assert list(short) != list(docs.search("vpn tea", **given_))


def test_copies_of_one_text_give_way(db: pgretrieve.Client) -> None:
    docs = db.create_collection("copies", encoder=None, dimensions=2)
    near = [[1, 0], [1, 0], [1, 0], [0.9, 0.5], [0.5, -0.9]]
    docs.add([{"id": f"{n}", "text": "vpn"} for n in range(5)], embeddings=near)
    found = docs.search("", embedding=[1, 0.1], k=3, mode="dense", options={"mmr": {"lambda": 0.3}})
    assert [hit.document_id for hit in found] == ["0", "4", "3"]


@pytest.mark.parametrize("storage", ["vector", "halfvec", "bit"])
@pytest.mark.parametrize("index", ["hnsw", "none"])
def test_every_storage_type_has_a_similarity(db: pgretrieve.Client, storage: str, index: str) -> None:
    distances = {"bit": ["hamming"]}.get(storage, ["cosine", "l2", "inner_product"])
    for distance in distances:
        name = f"{storage} {distance}"
        docs = db.create_collection(name, encoder=None, dimensions=8, storage=storage, distance=distance, index=index)
        vectors = [[1, 1, 1, 1, 1, 1, 1, -1], [1, 1, 1, 1, 1, 1, 1, -1], [1, 1, 1, 1, -1, -1, -1, -1]]
        docs.add([{"id": f"{n}", "text": "vpn"} for n in range(3)], embeddings=vectors)
        hits = docs.search("vpn", embedding=[1] * 8, k=3, options={"mmr": {"lambda": 0.1}})
        assert [hit.document_id for hit in hits] == ["0", "2", "1"]


def test_groups_stand_in_the_order_of_their_best(docs: pgretrieve.Collection, vectors: dict[int, list[float]]) -> None:
    group = {"group_by": "metadata.team", "depth": 400}
    best = docs.search("vpn tea", embedding=EMBEDDING, k=9, options=group)
    members: dict[Any, list[int]] = {}
    for hit in docs.search("vpn tea", embedding=EMBEDDING, k=9, options=group | {"group_size": 3}):
        members.setdefault(hit.metadata["team"], []).append(hit.chunk_id)
    options = group | {"group_size": 3, "mmr": {"lambda": 0.4}}
    hits = docs.search("vpn tea", embedding=EMBEDDING, k=4, options=options)
    order = list(dict.fromkeys(hit.metadata["team"] for hit in hits))
    first = {hit.metadata["team"]: hit.chunk_id for hit in best}
    assert_order([first[team] for team in order], {hit.chunk_id: hit.score for hit in best}, vectors, 0.4, 4)
    assert [hit.chunk_id for hit in hits] == [chunk for team in order for chunk in members[team]]
    assert [hit.rank for hit in hits] == list(range(1, 13))


def test_explain_tells_of_it(docs: pgretrieve.Collection) -> None:
    options = {"mmr": {"lambda": 0.25}}
    report = docs.explain("vpn tea", embedding=EMBEDDING, options=options)
    assert (report["request"]["mmr_lambda"], report["request"]["mmr_candidates"]) == (0.25, 50)
    hits = docs.search("vpn tea", embedding=EMBEDDING, options=options)
    assert [hit["chunk_id"] for hit in report["hits"]] == [hit.chunk_id for hit in hits]
    assert docs.explain("vpn tea")["request"]["mmr_lambda"] is None


def test_it_is_not_cut_into_pages(docs: pgretrieve.Collection) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="mmr") as caught:
        next(docs.pages("vpn", options={"mmr": {}}))
    assert "larger k" in caught.value.hint


@pytest.mark.parametrize(
    "value",
    [None, True, 0.5, [], "x", {"lambda": -0.1}, {"lambda": 1.1}, {"lambda": "0.5"}, {"lambda": None},
     {"candidates": 9}, {"candidates": 201}, {"candidates": 10.5}, {"candidates": "50"}, {"lambada": 1}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused(docs: pgretrieve.Collection, value: Any) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="option 'mmr' cannot be") as caught:
        docs.search("vpn", options={"mmr": value})
    assert "from k = 10 to 200" in caught.value.hint


def test_more_rows_than_it_reorders_are_refused(docs: pgretrieve.Collection) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="option 'mmr' cannot be") as caught:
        docs.search("vpn", k=201, options={"mmr": {}})
    assert "k of 200 or less" in caught.value.hint
    assert len(docs.search("vpn tea mail rotate certificate", k=200, options={"mmr": {}})) == 200
