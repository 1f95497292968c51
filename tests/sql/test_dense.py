"""Nearest neighbours: exact where exact is asked for, close through an index, and never short of rows."""

from itertools import count
from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve
from tests.reference import knn
from tests.reference.ranking import assert_ranking
from tests.sql.histories import one, rows

METRICS = [(storage, distance) for storage in ("vector", "halfvec") for distance in ("cosine", "inner_product", "l2")]
METRICS.append(("bit", "hamming"))
DIMENSIONS = 16
names = count()


def vectors(size: int, seed: int = 0, dimensions: int = DIMENSIONS) -> knn.Matrix:
    """In 40 clusters, as real ones are; every tenth stands twice, so that there are ties."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(40, dimensions))
    found = centers[rng.integers(0, 40, size)] + 0.4 * rng.normal(size=(size, dimensions))
    found[1::10] = found[::10][: len(found[1::10])]
    return found.astype(np.float32)


def collection(db: pgretrieve.Client, matrix: knn.Matrix, **settings: Any) -> pgretrieve.Collection:
    docs = db.create_collection(f"dense {next(names)}", encoder=None, dimensions=matrix.shape[1], **settings)
    docs.add([{"id": str(n), "text": f"document {n}"} for n in range(len(matrix))], embeddings=matrix)
    return docs


def oracle(
    sql: psycopg.Connection[Any], docs: pgretrieve.Collection, matrix: knn.Matrix, query: knn.Matrix
) -> tuple[dict[int, float], dict[int, bytes]]:
    """Scores by chunk id, and the stored vectors that they hang on."""
    info = docs.info
    schema = info.schema_name
    chunk_ids = dict(
        rows(sql, f"select d.external_id, c.id from {schema}.document d join {schema}.chunk c on c.document_id = d.id")
    )
    scores = knn.scores(matrix, query, info.storage, info.distance)
    kept = knn.stored(matrix, info.storage)
    ids = {n: chunk_ids[str(n)] for n in range(len(matrix)) if str(n) in chunk_ids}
    evidence = {
        # The number of equal bits is all that a Hamming distance knows.
        chunk: scores[n].tobytes() if info.storage == "bit" else kept[n].tobytes()
        for n, chunk in ids.items()
    }
    return {chunk: float(scores[n]) for n, chunk in ids.items()}, evidence


def found(docs: pgretrieve.Collection, query: knn.Matrix, k: int, **arguments: Any) -> list[tuple[int, float]]:
    return [(hit.chunk_id, hit.score) for hit in docs.search("", embedding=query, mode="dense", k=k, **arguments)]


@pytest.mark.parametrize("index", ["none", "hnsw"])
@pytest.mark.parametrize(("storage", "distance"), METRICS)
def test_exact_search_is_exact_for_every_storage_and_distance(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], storage: str, distance: str, index: str
) -> None:
    matrix = vectors(300)
    docs = collection(shared_db, matrix, storage=storage, distance=distance, index=index)
    for query, k in [(vectors(1, seed=7)[0], 25), (matrix[10], 1000)]:
        scores, evidence = oracle(shared_sql, docs, matrix, query)
        got = found(docs, query, k, options={"exact": True})
        # halfvec distances are summed up in 32 bits
        assert_ranking(got, scores, k, evidence=evidence, tolerance=1e-5)
        if index == "none":
            assert found(docs, query, k) == got


def test_exact_search_does_not_read_the_index(db: pgretrieve.Client) -> None:
    matrix = vectors(300)
    docs = collection(db, matrix)
    report = docs.explain("", embedding=matrix[0], mode="dense", options={"exact": True})
    assert report["legs"]["dense"]["form"] == "exact"
    assert report["legs"]["dense"]["indexes"] == []


@pytest.mark.parametrize(("index", "index_settings"), [("hnsw", None), ("ivfflat", {"lists": 20})])
def test_approximate_search_finds_nearly_all_of_the_true_ten_through_its_index(
    db: pgretrieve.Client, index: str, index_settings: dict[str, int] | None
) -> None:
    matrix = vectors(4000)
    docs = collection(db, matrix, index=index, index_settings=index_settings)
    assert "embedding_ann" in docs.explain("", embedding=matrix[0], mode="dense")["legs"]["dense"]["indexes"]
    recalls = []
    for query in vectors(30, seed=7):
        exact = found(docs, query, 10, options={"exact": True})
        approximate = found(docs, query, 10)
        assert len(approximate) == 10
        assert [score for _, score in approximate] == sorted((score for _, score in approximate), reverse=True)
        recalls.append(len({chunk for chunk, _ in exact} & {chunk for chunk, _ in approximate}) / 10)
    assert np.mean(recalls) >= (0.95 if index == "hnsw" else 0.6)


def test_deleted_documents_never_shorten_a_result(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    matrix = vectors(2500)
    docs = collection(db, matrix)
    query = vectors(1, seed=7)[0]
    # The nearest go: an index that still holds them has nothing but dead rows where the search begins.
    order = np.argsort(-knn.scores(matrix, query, "halfvec", "cosine"))
    docs.delete([str(n) for n in order[:1500]])
    assert one(sql, f"select count(*) from {docs.info.schema_name}.embedding") == 1000
    for k in (1, 10, 100):
        dense = docs.search("", embedding=query, k=k, mode="dense")
        hybrid = docs.search("document", embedding=query, k=k)
        assert (len(dense), len(hybrid)) == (k, k)
        assert dense[0].document_id == str(order[1500])


def test_more_rows_than_there_are_gives_all(db: pgretrieve.Client) -> None:
    matrix = vectors(50)
    docs = collection(db, matrix)
    assert len(docs.search("", embedding=matrix[0], k=10_000, mode="dense")) == 50
    assert len(docs.search("document", embedding=matrix[0], k=10_000)) == 50


def test_empty_collection_has_no_hits(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    for mode in ("hybrid", "dense", "keyword"):
        assert len(docs.search("word", embedding=[1, 2, 3], mode=mode)) == 0


def test_embedding_given_from_sql_is_the_one_given_from_python(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    for storage, distance in METRICS:
        docs = db.create_collection(storage + distance, encoder=None, dimensions=3, storage=storage, distance=distance)
        docs.add([{"id": "python", "text": "x"}], embeddings=[[0.1, -0.2, 0.3]])
        sql.execute(
            "select pgretrieve.add_document(%s, 'sql', 'x', embedding => '[0.1,-0.2,0.3]')", [storage + distance]
        )
        [first, second] = rows(sql, f"select embedding::text from {docs.info.schema_name}.embedding")
        assert first == second
