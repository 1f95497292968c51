"""Vectors that the caller brings."""

import numpy as np
import psycopg
import pytest
from pgvector.psycopg import register_vector

import pgretrieve
from pgretrieve import DimensionMismatch, InvalidDocument
from pgretrieve.vectors import copy_data

THREE = [{"id": i, "text": f"text {i}"} for i in "abc"]
AXES = np.eye(3, dtype=np.float32)


def order(collection, vector, **options):
    return [hit.document_id for hit in collection.search("", embedding=vector, mode="dense", **options)]


@pytest.mark.parametrize("kind", [np.array, lambda v: np.asarray(v, np.float64), lambda v: np.asarray(v).tolist()])
def test_vectors_in_an_array_are_found(own, kind):
    own.add(THREE, embeddings=kind(AXES))
    assert order(own, kind([0.1, 0.9, 0.5])) == ["b", "c", "a"]


def test_vectors_in_the_documents_are_found(own):
    own.add(d | {"embedding": v.tolist()} for d, v in zip(THREE, AXES, strict=True))
    assert order(own, [0.1, 0.9, 0.5]) == ["b", "c", "a"]


def test_documents_without_a_vector_wait_and_are_found_by_word(own):
    own.add([THREE[0] | {"embedding": [1, 0, 0]}, THREE[1]])
    assert own.stats().pending_embeddings == 1
    assert order(own, [1, 0, 0]) == ["a"]
    assert {hit.document_id for hit in own.search("text", embedding=[1, 0, 0])} == {"a", "b"}
    own.add([THREE[1] | {"embedding": [0, 1, 0]}])
    assert own.stats().pending_embeddings == 0


def test_a_changed_vector_replaces_the_old_one_and_an_equal_one_does_not(own):
    own.add(THREE, embeddings=AXES)
    assert own.add(THREE, embeddings=AXES).unchanged == 3
    assert own.add(THREE, embeddings=AXES[::-1]) == pgretrieve.AddResult(written=2, unchanged=1, chunks=2)
    assert order(own, [1, 0, 0])[0] == "c"


def test_own_vectors_take_the_place_of_the_encoder(docs, encoded):
    vectors = np.eye(64, dtype=np.float32)[:3]
    docs.add([*(d | {"embedding": v} for d, v in zip(THREE, vectors, strict=True)), {"id": "d", "text": "text d"}])
    assert encoded == ["text d"]
    docs.add(THREE, embeddings=vectors)
    assert encoded == ["text d"]
    assert order(docs, vectors[1])[0] == "b"


@pytest.mark.parametrize(
    ("embeddings", "message"),
    [
        (np.ones((3, 4)), "stores embeddings of 3 dimensions, got an array of shape (3, 4)"),
        (np.ones(3), "got an array of shape (3,)"),
        ([[1, 0, 0], [1, np.nan, 0], [1, 1, 1]], "the embedding of row 2 holds NaN or infinity"),
        ([[1, 0, 0], [1, 1, 0], [1, np.inf, 1]], "the embedding of row 3 holds NaN or infinity"),
        ([[1, 0, 0], [1, 1, 0], [1, 1e6, 1]], "the embedding of row 3 holds NaN or infinity (as halfvec"),
        ([[0, 0, 0], [1, 1, 0], [1, 1, 1]], "the embedding of row 1 is all zeros"),
        (AXES[:2], "there are more documents than the 2 embeddings"),
        (np.ones((4, 3)), "there are 4 embeddings for 3 documents"),
        ([[1, 0, 0], [1, 0], [1]], "not numbers in rows of equal length"),
        ("abc", "not numbers"),
    ],
)
def test_vectors_that_do_not_fit_are_refused_and_nothing_is_written(own, embeddings, message):
    with pytest.raises(DimensionMismatch) as refused:
        own.add(iter(THREE), embeddings=embeddings)
    assert message in refused.value.message
    assert refused.value.hint.endswith("Nothing was written")
    assert own.count() == 0


@pytest.mark.parametrize(
    ("embedding", "message"),
    [
        ([1, 0], "got an array of shape (1, 2)"),
        ([1, 0, None], "document 'b'"),
        ("x", "not numbers"),
        ([0, 0, 0], "document 'b'"),
    ],
)
def test_a_vector_in_a_document_that_does_not_fit_is_refused_by_name(own, embedding, message):
    with pytest.raises(DimensionMismatch) as refused:
        own.add([THREE[0] | {"embedding": [1, 0, 0]}, THREE[1] | {"embedding": embedding}])
    assert message in refused.value.message
    assert own.count() == 0


def test_zeros_are_a_vector_under_another_distance(client):
    collection = client.create_collection("l2", encoder=None, dimensions=3, distance="l2")
    collection.add(THREE, embeddings=[[0, 0, 0], [1, 0, 0], [5, 0, 0]])
    assert order(collection, [0, 0, 0]) == ["a", "b", "c"]


@pytest.mark.parametrize("embedding", [None, [1.0, 0, 0]])
def test_a_collection_without_an_encoder_says_what_to_bring(own, embedding):
    with pytest.raises(pgretrieve.InvalidInput, match="has no encoder"):
        own.embed_pending()
    with pytest.raises(pgretrieve.InvalidInput, match="dense search needs an embedding"):
        own.search("text", mode="dense")


def test_a_long_text_with_one_vector_is_refused_by_name(own):
    with pytest.raises(InvalidDocument, match=r"document 'big' has 5,000,000 characters; .* at most 60,000") as refused:
        own.add([{"id": "big", "text": "word " * 1_000_000, "embedding": [1, 0, 0]}])
    assert refused.value.hint.startswith("Add its parts as documents")
    assert own.count() == 0


@pytest.mark.parametrize("storage", ["vector", "halfvec", "bit"])
@pytest.mark.parametrize("dimensions", [1, 7, 8, 384])
def test_copied_bytes_are_the_vectors(sql, storage, dimensions):
    rng = np.random.default_rng(dimensions)
    vectors = rng.standard_normal((50, dimensions)).astype(np.float32)
    ids = list(range(7, 57))
    register_vector(sql)
    with sql.transaction(force_rollback=True):
        sql.execute(f"create table copied (id integer, embedding {storage}({dimensions}))")
        with sql.cursor() as cursor, cursor.copy("copy copied from stdin with (format binary)") as copy:
            copy.write(copy_data(ids, vectors, storage))
        expression = "embedding::text" if storage == "bit" else "embedding::vector"
        rows = dict(sql.execute(f"select id, {expression} from copied").fetchall())
        quantized = [
            row[0] for row in sql.execute("select binary_quantize(unnest(%s::vector[]))::text", [list(vectors)])
        ]
    assert list(rows) == ids
    if storage == "bit":
        assert list(rows.values()) == quantized
    else:
        expected = vectors if storage == "vector" else vectors.astype(np.float16).astype(np.float32)
        assert np.array_equal(np.array([row.to_list() for row in rows.values()], np.float32), expected)


def test_copied_bytes_of_another_length_are_refused_by_the_server(sql):
    with sql.transaction(force_rollback=True):
        sql.execute("create table copied (id integer, embedding vector(4))")
        with pytest.raises(psycopg.DataError), sql.transaction(), sql.cursor() as cursor:  # noqa: SIM117
            with cursor.copy("copy copied from stdin with (format binary)") as copy:
                copy.write(copy_data([1], AXES[:1], "vector"))
