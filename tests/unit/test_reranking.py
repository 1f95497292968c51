"""The order that a reranker gives, against sorting in plain Python; what a budget and a failure leave."""

import logging
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgretrieve import Hit, InvalidInput, reranking


def hits(number):
    return [Hit(str(n), n, n, 1 / n, None, n, 0.5, None, None, "", f"text {n}", {}) for n in range(1, number + 1)]


def by_number(scores):
    """Gives text n the n-th score, whatever it comes with."""
    return lambda _, texts: [scores[int(text.split()[-1]) - 1] for text in texts]


scores = st.lists(st.sampled_from([-1.5, 0.0, 0.25, 3.0]), max_size=60)


@given(scores, st.integers(1, 70), st.none() | st.just(1e9))
def test_the_first_hits_are_sorted_by_the_reranker_and_the_others_follow(scores, depth, budget):
    found = hits(len(scores))
    moved, report = reranking.rerank(by_number(scores), "q", found, depth, budget)
    first = sorted(found[:depth], key=lambda hit: -scores[hit.rank - 1])
    assert [hit.rank for hit in moved] == list(range(1, len(found) + 1))
    assert [hit.rank_before for hit in moved] == [hit.rank for hit in first + found[depth:]]
    for hit in moved:
        before = found[hit.rank_before - 1]
        assert replace(hit, rank=before.rank, rank_before=None, rerank_score=None) == before
        assert hit.rerank_score == (scores[hit.rank_before - 1] if hit.rank_before <= depth else None)
    assert (report.asked, report.reranked, report.note) == (min(depth, len(found)), min(depth, len(found)), None)


@given(scores, st.integers(1, 70), st.integers(1, 400))
def test_a_budget_shortens_what_is_reranked_and_says_so(scores, depth, budget):
    """A clock by which each batch takes 100 ms."""
    found, ticks = hits(len(scores)), count()
    batches = []

    def reranker(query, texts):
        batches.append(len(texts))
        return by_number(scores)(query, texts)

    # it is looked at twice for each batch, and once before and after all
    moved, report = reranking.rerank(reranker, "q", found, depth, budget, clock=lambda: next(ticks) * 0.05)
    asked = min(depth, len(found))
    assert all(size <= reranking.BATCH for size in batches)
    assert report.reranked == sum(batches)
    assert report.asked == asked
    assert (report.note is None) == (report.reranked == asked)
    if report.note:
        assert f"{report.reranked} of {asked}" in report.note
        assert f"{budget} ms" in report.note
    full, _ = reranking.rerank(by_number(scores), "q", found, max(report.reranked, 1), None)
    if report.reranked:
        assert moved == full
    if asked:
        assert batches, "the first batch is always waited for"


@pytest.mark.parametrize("fails_at", [1, 2])
def test_where_the_reranker_fails_all_stays_as_it_was_and_that_is_said(fails_at, caplog):
    calls = count(1)

    def reranker(query, texts):
        if next(calls) == fails_at:
            raise ConnectionError("no route")
        return [float(n) for n in range(len(texts))]

    with caplog.at_level(logging.WARNING):
        moved, report = reranking.rerank(reranker, "q", hits(30), 30, 1e9)
    assert [(hit.rank, hit.rank_before, hit.rerank_score) for hit in moved] == [(n, n, None) for n in range(1, 31)]
    assert (report.asked, report.reranked) == (30, 0)
    assert report.note == "the reranker failed: ConnectionError: no route"
    assert [record.message for record in caplog.records] == [report.note]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1.0], "1 scores for 2 texts"),
        ([], "0 scores"),
        ([1.0, float("nan")], "no numbers"),
        ([1, float("inf")], "no numbers"),
    ],
)
def test_scores_that_cannot_be_are_an_error(given, said):
    with pytest.raises(InvalidInput, match=said):
        reranking.rerank(lambda _query, _texts: given, "q", hits(2), 5, None)


def test_the_title_stands_before_the_text():
    seen = []
    titled = [replace(hit, title=title) for hit, title in zip(hits(2), ["A title", ""], strict=True)]
    reranking.rerank(lambda query, texts: seen.append((query, list(texts))) or [1, 2], "q", titled, 2, None)
    assert seen == [("q", ["A title\ntext 1", "text 2"])]
