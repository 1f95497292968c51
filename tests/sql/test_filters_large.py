"""Filters that many documents pass: the legs walk their candidates, and give as many rows as there are to give."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pgretrieve
from tests.reference.filters import passes
from tests.sql.conftest import LIBRARY_SIZE, QUERY, library_metadata

ALL = list(range(LIBRARY_SIZE))

# Filter, form of both legs. At this size and DEPTH the line is drawn at sqrt(10 * depth * chunks) = 10,000 documents.
DEPTH = 500
FILTERS = [
    ({"n": {"$lt": 10_000}}, "among"),
    ({"n": {"$lt": 10_001}}, "filtered"),
    ({"n": {"$gte": 2_000}, "tags": {"$ne": "t1"}}, "filtered"),
    ({"$or": [{"tags": "t2"}, {"part.of": {"$in": [1, 3, 5]}}]}, "filtered"),
    ({"part": {"of": 3}, "even": True}, "among"),
    ({"n": 17}, "among"),
    ({"n": -1}, "among"),
]


def passing(condition: dict[str, Any]) -> set[str]:
    return {str(n) for n in ALL if passes(library_metadata(n), condition)}


@pytest.fixture(scope="session")
def ranked(library: pgretrieve.Collection) -> Callable[[str], list[tuple[str, float]]]:
    """Ids and scores of everything that a mode finds without a filter, best first."""
    found: dict[str, list[tuple[str, float]]] = {}

    def get(mode: str) -> list[tuple[str, float]]:
        if mode not in found:
            hits = library.search(
                "w1 w7 w100", embedding=QUERY, k=10_000, mode=mode, options={"exact": True, "depth": 20_000}
            )
            found[mode] = [(hit.document_id, hit.score) for hit in hits]
        return found[mode]

    return get


@pytest.mark.parametrize(("condition", "form"), FILTERS, ids=[str(c) for c, _ in FILTERS])
def test_number_of_passing_documents_decides_the_form(
    library: pgretrieve.Collection, condition: dict[str, Any], form: str
) -> None:
    legs = library.explain("w1 w7", embedding=QUERY, filter=condition, options={"depth": DEPTH})["legs"]
    assert {leg: told["form"] for leg, told in legs.items()} == {"dense": form, "keyword": form}


@pytest.mark.parametrize(("condition", "form"), FILTERS, ids=[str(c) for c, _ in FILTERS])
def test_filtered_keyword_search_is_exact(
    library: pgretrieve.Collection,
    ranked: Callable[[str], list[tuple[str, float]]],
    condition: dict[str, Any],
    form: str,
) -> None:
    allowed = passing(condition)
    expected = [pair for pair in ranked("keyword") if pair[0] in allowed][:50]
    hits = library.search("w1 w7 w100", k=50, mode="keyword", filter=condition)
    assert [(hit.document_id, hit.score) for hit in hits] == expected


@pytest.mark.parametrize(("condition", "form"), FILTERS, ids=[str(c) for c, _ in FILTERS])
def test_filtered_dense_search_gives_as_many_rows_as_pass_and_the_best_of_them(
    library: pgretrieve.Collection,
    ranked: Callable[[str], list[tuple[str, float]]],
    condition: dict[str, Any],
    form: str,
) -> None:
    allowed = passing(condition)
    hits = library.search("", embedding=QUERY, k=50, mode="dense", filter=condition)
    ids = [hit.document_id for hit in hits]
    assert len(ids) == min(50, len(allowed))
    assert set(ids) <= allowed
    exact = [key for key, _ in ranked("dense") if key in allowed][:50]
    if form == "filtered":
        assert np.isin(exact, ids).mean() >= 0.9
    elif len(exact) == 50:
        assert ids == exact


@pytest.mark.parametrize(("condition", "form"), FILTERS, ids=[str(c) for c, _ in FILTERS])
def test_filtered_exact_search_is_exact(
    library: pgretrieve.Collection,
    ranked: Callable[[str], list[tuple[str, float]]],
    condition: dict[str, Any],
    form: str,
) -> None:
    allowed = passing(condition)
    expected = [key for key, _ in ranked("dense") if key in allowed][:20]
    hits = library.search("", embedding=QUERY, k=20, mode="dense", filter=condition, options={"exact": True})
    assert [hit.document_id for hit in hits][: len(expected)] == expected


def test_sample_saves_counting_where_most_documents_pass(library: pgretrieve.Collection) -> None:
    # Far less deep, so that the line lies lower: at 4,472 documents. A sample tells 10,000 from it, but not 4,400.
    for most, form in ((10_000, "filtered"), (4_473, "filtered"), (4_472, "among"), (0, "among")):
        legs = library.explain("w1 w7", embedding=QUERY, filter={"n": {"$lt": most}})["legs"]
        assert {told["form"] for told in legs.values()} == {form}, most


def test_filter_that_only_what_is_far_passes_is_searched_exactly(library: pgretrieve.Collection) -> None:
    """The walk through the index ends before it has found enough; then all that pass are compared."""
    arguments: dict[str, Any] = {"embedding": QUERY, "k": 10, "mode": "dense", "filter": {"near": False}}
    assert library.explain("", **arguments)["legs"]["dense"]["form"] == "filtered"
    ids = [hit.document_id for hit in library.search("", **arguments)]
    exact = [hit.document_id for hit in library.search("", **arguments, options={"exact": True})]
    assert ids == exact


@pytest.mark.parametrize("first", [200, 700, 2_500, 8_000])
@pytest.mark.parametrize("mode", ["dense", "hybrid"])
def test_a_walk_that_meets_few_finds_the_best_of_them(library: pgretrieve.Collection, mode: str, first: int) -> None:
    """Of the nearest 9,000, none but one in two hundred passes, or somewhat more; of the others all do."""
    condition = {"$or": [{"near": False}, {"n": {"$lt": first}}]}
    given: dict[str, Any] = {"embedding": QUERY, "k": 10, "mode": mode, "filter": condition}
    query = "w1 w7" if mode == "hybrid" else ""
    result = library.search(query, **given)
    assert result.strategy in ("filtered", "compared")
    exact = [hit.document_id for hit in library.search(query, **given, options={"exact": True})]
    assert np.isin(exact, [hit.document_id for hit in result]).mean() >= 0.9


def test_filter_that_nothing_near_passes_still_fills_the_page(library: pgretrieve.Collection) -> None:
    report = library.explain("", embedding=QUERY, k=20, mode="dense", filter={"near": False})
    assert report["legs"]["dense"]["form"] == "filtered"
    hits = library.search("", embedding=QUERY, k=20, mode="dense", filter={"near": False})
    assert [hit.metadata["near"] for hit in hits] == [False] * 20


def test_groups_are_sought_deeper_under_a_filter_until_there_are_enough(library: pgretrieve.Collection) -> None:
    """160 of those that pass lie in the part of the index that is walked, all of one group; the other begins behind."""
    arguments: dict[str, Any] = {
        "embedding": QUERY,
        "k": 2,
        "mode": "dense",
        "filter": {"$or": [{"near": False}, {"n": {"$lt": 400}}]},
    }
    report = library.explain("", **arguments, options={"group_by": "metadata.near"})
    assert report["legs"]["dense"]["form"] == "filtered"
    hits = library.search("", **arguments, options={"group_by": "metadata.near"})
    assert [hit.metadata["near"] for hit in hits] == [True, False]


@pytest.mark.parametrize("fusion", ["blend", "dbsf"])
def test_a_depth_is_one_ranking_under_a_filter_however_much_of_it_is_shown(
    library: pgretrieve.Collection, fusion: str
) -> None:
    """Some 35 of those that pass lie in the part that is walked: enough for the first page, not for the last."""
    arguments: dict[str, Any] = {
        "embedding": QUERY,
        "filter": {"$or": [{"near": False}, {"n": {"$lt": 700}}]},
        "options": {"depth": 40, "fusion": fusion},
    }
    every = library.search("w1 w2", k=40, **arguments)
    assert len(every) == 40
    assert list(library.search("w1 w2", k=13, **arguments)) == list(every)[:13]
    shown: list[pgretrieve.Hit] = []
    for page in library.pages("w1 w2", page_size=20, **arguments):
        shown += page
        if len(shown) == 40:
            break
    assert shown == list(every)


@pytest.mark.parametrize("condition", [{"mixed": 7}, {"mixed": {"$gt": 5}}], ids=str)
def test_values_of_another_type_count_as_documents_that_do_not_pass(db: pgretrieve.Client, condition: Any) -> None:
    """A jsonpath comparison with them is neither true nor false, and the sample must not leave them out."""
    docs = db.create_collection("docs", encoder=None, dimensions=2, language="simple")
    mixed: list[Any] = [7 if n % 100 == 0 else "seven" for n in range(12_000)]
    docs.add({"id": str(n), "text": "word", "metadata": {"mixed": value}} for n, value in enumerate(mixed))
    report = docs.explain("word", mode="keyword", filter=condition)
    assert (report["filter"]["strategy"], report["filter"]["passing_chunks"]) == ("among", 120)
