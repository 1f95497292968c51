"""Weights of the legs from passages: the ratio of what the legs say, and never beyond what is sane."""

import numpy as np
import pytest

from pgretrieve.calibration import weighing
from pgretrieve.calibration.weighing import Candidates


def passages(dense: float, keyword: float, count: int = 120, seed: int = 0) -> list[Candidates]:
    """The source is drawn with log-odds of dense * z + keyword * words."""
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(count):
        parts = rng.normal(size=(40, 2))
        odds = np.exp(parts @ (dense, keyword))
        source = np.zeros(40, dtype=bool)
        source[rng.choice(40, p=odds / odds.sum())] = True
        drawn.append(Candidates(parts, source))
    return drawn


@pytest.mark.parametrize(("dense", "keyword"), [(1.0, 1.0), (2.0, 1.0), (1.0, 3.0)])
def test_the_ratio_is_found(dense: float, keyword: float) -> None:
    assert weighing.fit(passages(dense, keyword)) == pytest.approx(keyword / dense, rel=0.25)


def test_scaling_the_words_scales_their_weight_back() -> None:
    given = passages(1.0, 1.0)
    scaled = [Candidates(one.parts * (1, 2), one.source) for one in given]
    assert weighing.fit(scaled) == pytest.approx(weighing.fit(given) / 2, rel=0.02)


def test_bounds_and_nothing_to_tell() -> None:
    assert weighing.fit(passages(2.0, -2.0)) == weighing.LEAST
    assert weighing.fit(passages(-2.0, 2.0)) == weighing.MOST
    assert weighing.fit(passages(-2.0, -2.0)) == 1.0
    assert weighing.fit([Candidates(one.parts, np.zeros(40, dtype=bool)) for one in passages(1, 1)]) == 1.0
    constant = [Candidates(np.ones((3, 2)), np.array([True, False, False]))] * 20
    assert weighing.fit(constant) == 1.0


def test_figures_of_held_out_passages_favour_the_truth() -> None:
    seen = weighing.figures(passages(3.0, 0.3))
    assert seen["value"] > seen["baseline"]
    assert (seen["passages"], seen["found"]) == (120, 120)
    even = weighing.figures(passages(1.0, 1.0))
    assert even["value"] == pytest.approx(even["baseline"], abs=0.05)
