"""What held-out queries choose: means over what was tried, never far from where the evidence is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgretrieve.evaluation import choosing
from pgretrieve.evaluation.choosing import Axis

WEIGHT = Axis("keyword", 1.0, (0.0, 0.5, 1.0, 2.0, 4.0))
K1, B = Axis("k1", 1.2, (0.6, 1.2, 2.4)), Axis("b", 0.75, (0.0, 0.5, 1.0), by_ratio=False)


def of_means(means: list[float], queries: int = 100, spread: float = 0.1) -> list[np.ndarray]:
    """Values of queries with these means, all with the same chance."""
    chance = np.random.default_rng(0).normal(size=queries) * spread
    return [mean + chance - chance.mean() for mean in means]


def test_each_axis_is_tried_with_the_others_as_they_are() -> None:
    assert choosing.points([K1, B]) == [
        {"k1": 1.2, "b": 0.75},
        {"k1": 0.6, "b": 0.75}, {"k1": 2.4, "b": 0.75},
        {"k1": 1.2, "b": 0.0}, {"k1": 1.2, "b": 0.5}, {"k1": 1.2, "b": 1.0},
    ]  # fmt: skip
    assert choosing.points([Axis("title", 3.0, ())]) == [{"title": 3.0}]


def test_a_clear_best_is_chosen_and_likes_are_averaged() -> None:
    # points: 1, 0, .5, 2, 4
    assert choosing.choose([WEIGHT], of_means([0.1, 0.1, 0.1, 0.9, 0.1])) == {"keyword": 2.0}
    assert choosing.choose([WEIGHT], of_means([0.1, 0.9, 0.1, 0.1, 0.1])) == {"keyword": 0.0}
    # .5 and 2 alike: by ratio between them lies 1; of b, 0 and 1, .5
    assert choosing.choose([WEIGHT], of_means([0.1, 0.1, 0.9, 0.9, 0.1])) == {"keyword": 1.0}
    assert choosing.choose([K1, B], of_means([0.1, 0.1, 0.9, 0.9, 0.1, 0.9])) == {"k1": 2.4, "b": 0.5}


def test_nothing_speaks_for_another() -> None:
    assert choosing.choose([K1, B], of_means([0.5] * 6)) == {"k1": 1.2, "b": 0.75}
    assert choosing.choose([Axis("title", 3.0, ())], of_means([0.5])) == {"title": 3.0}


def test_shares_are_exponentials_of_standard_errors() -> None:
    values = of_means([0.5, 0.5, 0.5, 0.53, 0.5], spread=0.2)
    error = values[0].std() / 10
    shares = np.exp(-np.array([0.03, 0.03, 0.03, 0, 0.03]) / (choosing.SOFTNESS * error))
    expected = np.exp(shares / shares.sum() @ np.log([0.01, 0.5, 1, 2, 4]))
    assert choosing.choose([WEIGHT], values)["keyword"] == pytest.approx(expected, rel=0.005)  # three digits


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.floats(0.001, 1), st.integers(0, 99))
def test_chosen_lies_within_what_was_tried_and_hangs_on_no_order_of_queries(
    means: list[float], spread: float, seed: int
) -> None:
    values = of_means(means, 30, spread)
    chosen = choosing.choose([WEIGHT], values)["keyword"]
    assert 0 <= chosen <= 4
    order = np.random.default_rng(seed).permutation(30)
    assert choosing.choose([WEIGHT], [of[order] for of in values])["keyword"] == pytest.approx(chosen, rel=0.01)


def test_folds_are_alike_and_the_same_each_time() -> None:
    folds = choosing.folds(23)
    assert sorted(np.bincount(folds)) == [4, 4, 5, 5, 5]
    assert (folds == choosing.folds(23)).all()


def test_figures_are_of_differences() -> None:
    before, after = np.array([0.5, 0.5, 0.0, 1.0]), np.array([1.0, 0.5, 0.5, 0.75])
    seen = choosing.figures("nDCG@10", before, after)
    assert (seen["value"], seen["baseline"], seen["gain"]) == (0.6875, 0.5, 0.1875)
    assert (seen["better"], seen["worse"], seen["queries"]) == (2, 1, 4)
    assert seen["low"] <= seen["gain"] <= seen["high"]
    assert 0 < seen["p"] <= 1
