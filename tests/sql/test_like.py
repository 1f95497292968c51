"""Option like: documents as examples, in both legs; they themselves are left out."""

import math
from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve
from tests.sql.histories import one, rows

WORDS = ["vpn", "tea", "rotates", "certificates", "mailing", "pots"]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    rng = np.random.default_rng(13)
    docs = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", index="none")
    likely = np.array([0.4, 0.3, 0.1, 0.1, 0.05, 0.05])
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 6), p=likely)) for _ in range(200)]
    docs.add(
        [{"id": str(n), "text": text, "metadata": {"n": n}} for n, text in enumerate(texts)],
        embeddings=rng.normal(size=(200, 4)),
    )
    docs.add([{"id": "pending", "text": "certificates"}])
    return docs


def vectors(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> dict[str, np.ndarray]:
    schema = one(sql, "select schema_name from pgretrieve.collection where name = 'docs'")
    statement = (
        f"select d.external_id, e.embedding::real[]::double precision[] from {schema}.embedding as e"
        f" join {schema}.chunk as c on c.id = e.chunk_id join {schema}.document as d on d.id = c.document_id"
    )
    return {name: np.array(vector) / math.hypot(*vector) for name, vector in rows(sql, statement)}


@pytest.mark.parametrize("positive", [["1"], ["3", "5", "7"]], ids=str)
@pytest.mark.parametrize("negative", [None, ["9", "11"]], ids=str)
@pytest.mark.parametrize("embedding", [None, [1, 2, 0, -1]], ids=str)
def test_by_meaning_it_is_the_mean_of_the_examples(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], positive: list[str], negative: list[str] | None,
    embedding: list[float] | None,
) -> None:  # fmt: skip
    stored = vectors(docs, shared_sql)
    mean = np.mean([stored[name] for name in positive], axis=0)
    if negative:
        mean -= np.mean([stored[name] for name in negative], axis=0)
    if embedding:
        mean += np.array(embedding) / math.hypot(*embedding)
    mean /= np.linalg.norm(mean)
    named = {*positive, *(negative or [])}
    expected = sorted((name for name in stored if name not in named), key=lambda name: -float(stored[name] @ mean))
    like = {"positive": positive} | ({"negative": negative} if negative else {})
    hits = docs.search("", embedding=embedding, mode="dense", k=30, options={"like": like})
    assert [hit.document_id for hit in hits] == expected[:30]
    assert [hit.score for hit in hits] == [
        pytest.approx(float(stored[name] @ mean), abs=1e-5) for name in expected[:30]
    ]
    assert [hit.rank for hit in hits] == list(range(1, 31))


def test_by_words_it_is_the_telling_terms_of_the_positive_ones(docs: pgretrieve.Collection) -> None:
    report = docs.explain("", mode="keyword", options={"like": {"positive": ["1", "3"]}})
    assert set(report["like"]["query"].split()) <= set(WORDS)
    plain = docs.search(report["like"]["query"], mode="keyword", k=50)
    hits = docs.search("", mode="keyword", k=40, options={"like": {"positive": ["1", "3"]}})
    expected = [(hit.chunk_id, hit.score) for hit in plain if hit.document_id not in ("1", "3")][:40]
    assert [(hit.chunk_id, hit.score) for hit in hits] == expected


def test_a_query_of_its_own_stays(docs: pgretrieve.Collection) -> None:
    report = docs.explain("tea", mode="keyword", options={"like": {"positive": ["1"]}})
    assert report["like"] == {"query": "tea", "left_out_chunks": 1}
    assert docs.explain("tea")["like"] is None


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("filter_", [None, {"n": {"$lt": 50}}], ids=str)
@pytest.mark.parametrize("more", [{}, {"mmr": {}}, {"group_by": "document"}, {"fusion": "rrf"}], ids=str)
def test_examples_are_left_out_of_a_full_page(
    docs: pgretrieve.Collection, mode: str, filter_: dict[str, Any] | None, more: dict[str, Any]
) -> None:
    like = {"positive": ["0", "1", "2"], "negative": [3]}
    hits = docs.search("", mode=mode, k=10, filter=filter_, options={"like": like, **more})
    assert len(hits) == 10
    assert not {"0", "1", "2", "3"} & {hit.document_id for hit in hits}


def test_pages_of_it(docs: pgretrieve.Collection) -> None:
    options = {"like": {"positive": ["1"]}}
    every = docs.search("", k=100, options={**options, "depth": 1000})
    pages = docs.pages("", page_size=40, options=options)
    assert [hit for _, page in zip(range(2), pages, strict=False) for hit in page] == list(every)[:80]


def test_an_example_without_a_vector_is_one_of_words(docs: pgretrieve.Collection) -> None:
    options = {"like": {"positive": ["pending"]}}
    assert docs.search("", options=options).hits[0].dense_rank is None
    with pytest.raises(pgretrieve.InvalidInput, match="dense search needs an embedding"):
        docs.search("", mode="dense", options=options)


@pytest.mark.parametrize("storage", ["vector", "halfvec", "bit"])
def test_every_storage_type_can_be_an_example(db: pgretrieve.Client, storage: str) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=8, storage=storage)
    vectors = [[1, 1, 1, 1, 1, 1, 1, -1], [-1, 1, -1, 1, -1, 1, -1, 1], [1, 1, 1, 1, 1, 1, 1, 1]]
    docs.add([{"id": f"{n}", "text": "vpn"} for n in range(3)], embeddings=vectors)
    hits = docs.search("", mode="dense", options={"like": {"positive": ["0"]}})
    assert [hit.document_id for hit in hits] == ["2", "1"]


def test_unknown_documents_are_named(docs: pgretrieve.Collection) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="'nowhere'") as caught:
        docs.search("", options={"like": {"positive": ["1"], "negative": ["nowhere"]}})
    assert caught.value.hint


@pytest.mark.parametrize(
    "value",
    [None, "1", ["1"], {}, {"positive": []}, {"positive": "1"}, {"negative": ["1"]}, {"positive": [None]},
     {"positive": [["1"]]}, {"positive": ["1"], "neutral": ["2"]}, {"positive": [str(n) for n in range(101)]}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused(docs: pgretrieve.Collection, value: Any) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="option 'like' cannot be") as caught:
        docs.search("vpn", options={"like": value})
    assert "positive" in caught.value.hint
