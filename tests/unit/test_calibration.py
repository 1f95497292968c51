"""The fit of relevance by itself: figures are the field's, models say what they were shown, passages are whole."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

import pgretrieve
from pgretrieve.calibration import adapter, figures, fitting, logistic, passages
from pgretrieve.calibration.evidence import HIT_NUMBERS, QUERY_NUMBERS, Query


def queries(n: int, *, shift: float = 0.0, seed: int = 0, noise: float = 1.0) -> list[Query]:
    """Queries whose hits are the likelier relevant, the higher their second number."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(n):
        hits = rng.normal(size=(20, len(HIT_NUMBERS)))
        hits[:, 0] = 1
        numbers = rng.normal(size=len(QUERY_NUMBERS)) + shift
        numbers[0] = 1
        relevant = hits[:, 1] + noise * rng.normal(size=20) > 1
        made.append(Query(hits, numbers, relevant, hits[:, 1] * 0.1, rng.normal(size=6).astype(np.float32)))
    return made


def test_average_precision_is_the_one_of_the_library() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        relevant = rng.random(40) < 0.3
        scores = rng.integers(0, 8, 40) / 8  # with ties
        if relevant.any():
            expected = average_precision_score(relevant, scores)
            assert figures.average_precision(relevant, scores) == pytest.approx(expected)
    assert figures.average_precision(np.zeros(3), np.ones(3)) == 0


def test_calibration_error_is_nought_where_shares_are_as_said() -> None:
    said = np.repeat([0.25, 0.75], 100)
    true = np.concatenate([np.arange(100) < 25, np.arange(100) < 75]).astype(float)
    assert figures.calibration_error(true, said) == pytest.approx(0)
    assert figures.calibration_error(1 - true, said) == pytest.approx(0.5)
    assert sum(n for *_, n in figures.reliability(true, said)) == 200


def test_thresholds_keep_what_they_promise() -> None:
    rng = np.random.default_rng(2)
    probabilities = rng.random(5_000)
    relevant = (rng.random(5_000) < probabilities).astype(float)
    cuts = figures.thresholds(relevant, probabilities)
    for target, least in cuts["recall"]:
        assert relevant[probabilities >= least].sum() / relevant.sum() >= target
    for target, least in cuts["precision"]:
        assert relevant[probabilities >= least].mean() >= target
    assert [target for target, _ in cuts["precision"]] == sorted(target for target, _ in cuts["precision"])


def test_a_model_finds_what_it_was_shown_and_nothing_in_shuffled_labels() -> None:
    shown, foreign = queries(60, shift=2), queries(60, shift=-2, seed=1)
    fitted = fitting.fit(fitting.How("hybrid", "judgements"), shown, foreign)
    assert fitted.figures["value"] > 0.5
    assert fitted.figures["calibration_error"] < 0.05
    assert fitted.figures["foreign_empty"] > 0.8
    assert fitted.figures["recall_kept"] == pytest.approx(0.955, abs=0.03)
    rng = np.random.default_rng(5)
    shuffled = [Query(q.hits, q.numbers, rng.permutation(q.relevant), q.raw) for q in shown]
    by_chance = fitting.fit(fitting.How("hybrid", "judgements"), shuffled, foreign).figures
    assert by_chance["value"] < by_chance["relevant"] / by_chance["hits"] + 0.06


def test_penalties_are_chosen_on_groups_that_were_held_out() -> None:
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(300), 20)
    numbers = np.hstack([np.ones((6_000, 1)), rng.normal(size=(6_000, 13))])
    clear = (numbers[:, 1] + rng.normal(size=6_000) > 1).astype(float)
    assert logistic.chosen_penalty(numbers, clear, groups) >= 0.3
    few = slice(0, 240)
    by_chance = rng.permutation(clear[few])
    assert logistic.chosen_penalty(numbers[few], by_chance, groups[few]) <= 0.1
    # a number that tells the group from others, and labels that hang on the group: alluring within, worthless outside
    alluring = np.hstack([np.ones((240, 1)), np.eye(12)[groups[few]]])
    of_group = (np.random.default_rng(4).random(12) < 0.5).astype(float)[groups[few]]
    assert logistic.chosen_penalty(alluring, of_group, groups[few]) == logistic.PENALTIES[-1]
    assert logistic.chosen_penalty(alluring, of_group, np.arange(240)) == logistic.PENALTIES[0]


def test_unjudged_queries_say_what_queries_look_like() -> None:
    passages_, asked, foreign = (
        queries(60, shift=6, seed=2),
        queries(60, shift=1, seed=3),
        queries(60, shift=-2, seed=1),
    )
    unlabelled = [Query(q.hits, q.numbers, np.zeros(20, dtype=bool), q.raw) for q in asked]
    by_passages = fitting.fit(fitting.How("hybrid", "passages", relevant_hits=3), passages_, foreign)
    fitted = fitting.fit(fitting.How("hybrid", "queries", relevant_hits=3), passages_, foreign, unlabelled)
    # told from foreign ones by passages, which are further from them than people's queries are, those are half given up
    given = logistic.probability(np.stack([q.numbers for q in asked]), by_passages.query).mean()
    taken = logistic.probability(np.stack([q.numbers for q in asked]), fitted.query).mean()
    assert given < taken - 0.05
    assert taken > 0.8
    assert fitted.figures["own_empty"] < 0.1
    assert fitted.figures["foreign_empty"] > 0.8
    assert fitted.figures["value"] > 0.5  # of passages, whose relevant hits are known
    assert [fitted.figures[name] for name in ("recall_kept", "precision", "precision_uncut")] == [None] * 3
    # all queries' hits: of so many to each list of 20, and cuts by what they say of themselves
    assert len(fitted.probabilities) == 1200
    assert fitted.probabilities.sum() / 60 == pytest.approx(3, abs=0.3)
    recall = dict(map(tuple, fitted.thresholds["recall"]))
    kept = fitted.probabilities >= recall[0.9]
    assert fitted.probabilities[kept].sum() / fitted.probabilities.sum() == pytest.approx(0.91, abs=0.01)
    with pytest.raises(pgretrieve.InvalidInput, match="there are 9 queries") as raised:
        fitting.fit(fitting.How("hybrid", "queries", relevant_hits=3), passages_, foreign, unlabelled[:9])
    assert "add_queries" in raised.value.hint


def test_relevant_hits_move_all_probabilities_and_no_order() -> None:
    shown = queries(40)
    few, many = (
        fitting.fit(fitting.How("dense", "passages", relevant_hits=n), shown, []).probabilities for n in (1, 8)
    )
    assert few.mean() == pytest.approx(1 / 20, abs=0.01)
    assert many.mean() == pytest.approx(8 / 20, abs=0.02)
    for fold in range(0, 800, 20):  # within a query, whose fold is one
        assert list(np.argsort(few[fold : fold + 20])) == list(np.argsort(many[fold : fold + 20]))


@pytest.mark.parametrize(("relevant", "named"), [(True, "all 400 hits .* are relevant"), (False, "are not relevant")])
def test_one_class_is_not_fitted(relevant: bool, named: str) -> None:
    one = [Query(q.hits, q.numbers, np.full(20, relevant), q.raw) for q in queries(20)]
    with pytest.raises(pgretrieve.InvalidInput, match=named):
        fitting.fit(fitting.How("hybrid", "judgements"), one, [])


def test_few_queries_are_not_fitted() -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="there are 9 queries"):
        fitting.fit(fitting.How("hybrid", "judgements"), queries(9), [])


def test_equal_numbers_give_the_rate() -> None:
    labels = np.array([1.0, 0, 0, 0] * 10)
    weights = logistic.fit(np.ones((40, 4)), labels, inverse_penalty=1)
    assert logistic.probability(np.ones((1, 4)), weights)[0] == pytest.approx(0.25)


@pytest.mark.parametrize("family", adapter.FAMILIES)
def test_an_adapter_is_fitted_and_never_reorders(family: str) -> None:
    shown = queries(40, noise=0.2)
    rows = adapter.fit(family, shown)
    assert rows.shape == (len(adapter.heads(family)), 7)
    for query, log_odds in zip(shown, adapter.log_odds(family, rows, shown), strict=True):
        order = np.argsort(query.raw)
        assert (np.diff(log_odds[order]) >= -1e-12).all()
    fitted = fitting.fit(fitting.How("dense", "judgements", family=family), shown, [])
    assert fitted.figures["value"] > 0.7


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "A title of words",
            "One sentence of five words. Another sentence of five words. A third that is longer still.",
        ),
        ("", "word " * 40),
        ("", "東京都は日本の首都である。人口は千四百万人に近い。面積は二千平方キロメートルほどである。"),
    ],
)
def test_a_passage_is_taken_out_of_its_chunk(title: str, text: str) -> None:
    kinds = set()
    for seed in range(60):
        passage = passages.cut(title, text, seed)
        assert passage is not None
        assert passage == passages.cut(title, text, seed)
        assert passage.query.strip()
        assert passage.query in f"{title}\n{text}"
        if passage.query == title:
            assert (passage.rest_title, passage.rest) == ("", text)
            kinds.add("title")
        else:
            assert passage.rest_title == title
            assert len(passage.rest) < len(text)
    assert ("title" in kinds) == bool(title)
    assert passages.cut("", "too short", 1) is None


def test_foreign_queries_are_many_and_no_two_the_same() -> None:
    found = passages.foreign_queries()
    assert len(found) == len(set(found)) > 150
    assert all(query.strip() == query != "" for query in found)
