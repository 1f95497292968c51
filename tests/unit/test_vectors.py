import numpy as np
import pytest

from pgretrieve import DimensionMismatch
from pgretrieve.vectors import as_optional_vectors, as_query, as_vectors

ROWS = [[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, -3.0]]


def numbered(row):
    return f"row {row + 1}"


def refusal(values, dimensions=3, distance="cosine", storage="vector"):
    with pytest.raises(DimensionMismatch) as refused:
        as_vectors(values, dimensions, distance=distance, storage=storage, name=numbered)
    assert refused.value.hint
    return refused.value.message


def with_row(row, values):
    return [*ROWS[:row], values, *ROWS[row + 1 :]]


@pytest.mark.parametrize("kind", [list, np.array, lambda v: np.array(v, np.float16), lambda v: np.array(v, np.int64)])
def test_numbers_of_every_kind_become_float32(kind):
    vectors = as_vectors(kind(ROWS), 3, distance="cosine", storage="vector", name=numbered)
    assert vectors.dtype == np.float32
    assert vectors.tolist() == ROWS


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("row", range(3))
def test_a_row_that_is_not_finite_is_named(row, bad):
    assert f"the embedding of row {row + 1} holds NaN or infinity" in refusal(with_row(row, [0.0, bad, 0.0]))


@pytest.mark.parametrize("row", range(3))
def test_a_row_of_zeros_is_named_under_cosine(row):
    assert f"the embedding of row {row + 1} is all zeros" in refusal(with_row(row, [0.0, -0.0, 0.0]))


def test_what_halfvec_cannot_hold_is_named():
    assert "row 2 holds NaN or infinity (as halfvec" in refusal(with_row(1, [0.0, 70_000.0, 0.0]), storage="halfvec")
    assert "row 3 is all zeros (as halfvec" in refusal(with_row(2, [1e-9, 0.0, 0.0]), storage="halfvec")
    for storage in ("vector", "bit"):
        as_vectors([[70_000.0, 0.0, 1e-9]], 3, distance="cosine", storage=storage, name=numbered)


@pytest.mark.parametrize("distance", ["l2", "inner_product", "hamming"])
def test_a_row_of_zeros_is_a_vector_like_others_under_other_distances(distance):
    assert not as_vectors([[0, 0, 0]], 3, distance=distance, storage="halfvec", name=numbered).any()


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        ([[1.0, 2.0]] * 3, "(3, 2)"),
        ([1.0, 2.0, 3.0], "(3,)"),
        ([ROWS], "(1, 3, 3)"),
        (5.0, "()"),
        (np.empty((0, 4)), "(0, 4)"),
    ],
)
def test_another_shape_is_told_with_what_the_collection_stores(values, shape):
    assert f"stores embeddings of 3 dimensions, got an array of shape {shape}" in refusal(values)


@pytest.mark.parametrize("values", [[[1.0, 2.0, 3.0], [1.0]], [["a", "b", "c"]], [[None, {}, []]], "abc", object()])
def test_what_is_no_array_of_numbers_is_told(values):
    assert "not numbers in rows of equal length" in refusal(values)


@pytest.mark.parametrize("value", [[1.0, 2.0, 3.0], [[1.0, 2.0, 3.0]], np.array([1, 2, 3])])
def test_a_query_is_one_vector_as_text(value):
    assert as_query(value, 3, distance="cosine", storage="vector") == "[1.0,2.0,3.0]"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1.0, 2.0], "stores embeddings of 3 dimensions, got an array of shape (1, 2)"),
        ([1.0, np.nan, 0.0], "the embedding of the query holds NaN or infinity"),
        ([1.0, 1e300, 0.0], "the embedding of the query holds NaN or infinity"),
        ([0.0, 0.0, 0.0], "the embedding of the query is all zeros"),
        (ROWS, "the query has one embedding, got 3"),
        (with_row(2, [np.nan] * 3), "the query has one embedding, got 3"),
        (np.empty((0, 3)), "the query has one embedding, got 0"),
        ("abc", "not numbers"),
        ([[1.0], [2.0, 3.0]], "not numbers in rows of equal length"),
        ({"a": 1}, "not numbers"),
    ],
)
def test_a_query_that_is_not_one_vector_is_refused(value, message):
    with pytest.raises(DimensionMismatch) as refused:
        as_query(value, 3, distance="cosine", storage="halfvec")
    assert message in refused.value.message
    assert refused.value.hint


def optional(values):
    return as_optional_vectors(values, 3, distance="cosine", storage="halfvec", name=numbered)


def test_rows_of_nan_alone_are_no_vectors():
    vectors, there = optional([[np.nan] * 3, *ROWS, [np.nan] * 3])
    assert there.tolist() == [False, True, True, True, False]
    assert vectors[there].tolist() == ROWS
    assert optional([[np.nan] * 3])[1].tolist() == [False]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[np.nan] * 3, *with_row(1, [0.0, np.nan, 1.0])], "row 3 holds NaN or infinity"),
        ([[np.nan] * 3, [0.0, 0.0, 0.0]], "row 2 is all zeros"),
        ([[np.nan] * 2, [1.0, 2.0]], "of shape (1, 2)"),
        ([1.0, 2.0, 3.0], "of shape (3,)"),
        (np.nan, "of shape ()"),
        ("abc", "not numbers"),
    ],
)
def test_rows_that_are_neither_are_named_by_their_own_number(values, message):
    with pytest.raises(DimensionMismatch) as refused:
        optional(values)
    assert message in refused.value.message
