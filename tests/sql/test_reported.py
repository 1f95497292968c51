"""A search tells which strategy ran, how many rows it looked at, and whether a limit cut its answer short."""

from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve
from pgretrieve.types import HIT_COLUMNS
from tests.sql.conftest import LIBRARY_SIZE, QUERY
from tests.sql.histories import rows

Connection = psycopg.Connection[Any]
Told = tuple[str, int | None, bool]
ARGUMENTS = "%s, %s, embedding => %s, k => %s, mode => %s, filter => %s, options => %s"


def reported(
    connection: Connection, collection: str, query: str, embedding: list[float] | None = None, **named: Any
) -> tuple[list[tuple[Any, ...]], set[Told]]:
    """The rows of a search, and what they tell of it."""
    vector = None if embedding is None else str(embedding)
    given = (collection, query, vector, named.get("k", 10), named.get("mode", "hybrid"), named.get("filter"))
    found = rows(
        connection, f"select * from pgretrieve.search_reported({ARGUMENTS})", *given, named.get("options", "{}")
    )
    return [row[:-3] for row in found], {row[-3:] for row in found}


@pytest.mark.parametrize(
    ("mode", "condition", "options", "told"),
    [
        ("hybrid", None, "{}", ("all", 100, False)),
        ("dense", None, "{}", ("all", 10, False)),
        ("hybrid", None, '{"exact": true}', ("exact", LIBRARY_SIZE, False)),
        ("keyword", None, "{}", ("all", None, False)),
        ("hybrid", '{"n": {"$lt": 300}}', "{}", ("among", 300, False)),
        ("dense", '{"n": {"$lt": 300}}', "{}", ("among", 300, False)),
        ("keyword", '{"n": {"$lt": 300}}', "{}", ("among", 300, False)),
        ("keyword", '{"even": true}', "{}", ("filtered", None, False)),
        ("hybrid", '{"even": true}', '{"group_by": "document"}', ("filtered", ..., False)),
        ("hybrid", None, '{"queries": ["w3"]}', ("all", 100, False)),
        ("hybrid", '{"even": true}', '{"queries": ["w3"]}', ("filtered", ..., False)),
        ("dense", '{"even": true}', '{"exact": true}', ("among", LIBRARY_SIZE // 2, False)),
    ],
)
def test_each_strategy_is_told_and_the_rows_are_those_of_search(
    library_sql: Connection, mode: str, condition: str | None, options: str, told: tuple[Any, ...]
) -> None:
    given: dict[str, Any] = {"mode": mode, "filter": condition, "options": options}
    found, [said] = reported(library_sql, "library", "w1 w7 w100", QUERY, **given)
    expected = rows(library_sql, f"select * from pgretrieve.search({ARGUMENTS})",
                    "library", "w1 w7 w100", str(QUERY), 10, mode, condition, options)  # fmt: skip
    assert found == expected
    assert len(found) == 10
    assert (said[0], said[1] if told[1] is not ... else ..., said[2]) == told


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_a_walk_tells_how_many_it_tested(library_sql: Connection, mode: str) -> None:
    _, [(strategy, walked, cut)] = reported(library_sql, "library", "w1 w7", QUERY, mode=mode, filter='{"even": true}')
    assert (strategy, cut) == ("filtered", False)
    # every other document passes: ten rows of a dense search, a hundred of a hybrid one's dense leg
    low, high = {"dense": (10, 60), "hybrid": (150, 260)}[mode]
    assert walked is not None
    assert low <= walked <= high


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_a_walk_that_finds_too_few_is_told_and_all_that_pass_compared(library_sql: Connection, mode: str) -> None:
    _, [said] = reported(library_sql, "library", "w1 w7", QUERY, mode=mode, filter='{"near": false}')
    # as many as the index hands out in order, and then the collection
    assert said == ("compared", 400 + LIBRARY_SIZE, False)


def test_the_report_is_of_this_search_and_not_of_one_before(library_sql: Connection) -> None:
    library_sql.autocommit = False
    reported(library_sql, "library", "w1 w7", QUERY, filter='{"near": false}')
    _, [said] = reported(library_sql, "library", "w1 w7", QUERY)
    assert said == ("all", 100, False)
    _, [(strategy, walked, _)] = reported(library_sql, "library", "w1 w7", QUERY, filter='{"near": true}', mode="dense")
    assert strategy == "filtered"
    assert walked is not None
    assert walked < 400


def test_explain_tells_the_same(library: pgretrieve.Collection, library_sql: Connection) -> None:
    for condition in (None, {"even": True}, {"near": False}, {"n": 3}):
        given: dict[str, Any] = {"embedding": QUERY, "filter": condition}
        report, result = library.explain("w1 w7", **given), library.search("w1 w7", **given)
        assert (report["strategy"], report["rows_scanned"], report["cut_short"]) == (
            result.strategy, result.rows_scanned, result.cut_short)  # fmt: skip


def test_a_search_that_finds_nothing_still_tells(library: pgretrieve.Collection, library_sql: Connection) -> None:
    found, [said] = reported(library_sql, "library", "w1", QUERY, filter='{"n": -1}')
    assert found == [(None,) * len(HIT_COLUMNS)]
    assert said == ("among", 0, False)
    result = library.search("w1", embedding=QUERY, filter={"n": -1})
    assert (list(result), result.strategy, result.rows_scanned, result.cut_short) == ([], "among", 0, False)


@pytest.fixture(scope="module")
def sides(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """1,200 documents: the nearer they are to [1, 0], the lower their number. The first 300 hold the word 'common'."""
    docs = shared_db.create_collection("sides", encoder=None, dimensions=2, language="simple")
    angles = np.linspace(0, 1, 1_200)
    docs.add(
        ({"id": str(n), "text": f"w{n % 7} {'common' if n < 300 else 'rare'}", "metadata": {"many": n < 500}}
         for n in range(1_200)),
        embeddings=np.column_stack([np.cos(angles), np.sin(angles)]),
    )  # fmt: skip
    return docs


@pytest.mark.parametrize(
    ("query", "given", "count", "cut"),
    [
        # the hundred nearest are dropped, and nothing else is looked at
        ("none -common", {}, 0, True),
        ("none -common", {"filter": '{"many": true}'}, 0, True),
        ("none -common", {"mode": "dense", "options": '{"exact": true}'}, 0, True),
        ("none -common", {"options": '{"depth": 400}'}, 10, False),
        # whatever holds what is required, the keyword leg finds
        ('"nowhere here"', {}, 0, False),
        ('"w1 common"', {"k": 100}, 43, False),
        ('"nowhere here"', {"mode": "dense"}, 0, True),
        ('"nowhere here"', {"mode": "dense", "options": '{"depth": 1200, "exact": true}'}, 0, False),
        ("nowhere", {"mode": "keyword"}, 0, False),
        ("w1", {"mode": "keyword", "k": 1000}, 172, False),
        ("w1", {"k": 2000, "options": '{"exact": true}'}, 1200, False),
        # two groups, and only one among the hundred nearest of either leg
        ("none", {"k": 2, "options": '{"group_by": "metadata.many", "depth": 100}'}, 1, True),
        ("none", {"k": 2, "options": '{"group_by": "metadata.many"}'}, 2, False),
        ("none", {"k": 3, "options": '{"group_by": "metadata.many"}'}, 2, False),
    ],
)
def test_an_answer_that_a_limit_cut_short_says_so(
    sides: pgretrieve.Collection, shared_sql: Connection, query: str, given: dict[str, Any], count: int, cut: bool
) -> None:
    found, [said] = reported(shared_sql, "sides", query, [1.0, 0.0], **given)
    assert len([row for row in found if row[0] is not None]) == count
    assert said[2] is cut


def test_vectors_that_the_index_does_not_find_are_missed(db: pgretrieve.Client, sql: Connection) -> None:
    """A graph of so few edges, over vectors in so few places, falls into parts, and a search sees one of them."""
    docs = db.create_collection(
        "parts", encoder=None, dimensions=2, index_settings={"m": 2, "ef_construction": 4}, ef_search=1
    )
    angles = np.repeat(np.linspace(0, 1, 30), 60)
    docs.add(
        ({"id": str(n), "text": "w"} for n in range(1_800)),
        embeddings=np.column_stack([np.cos(angles), np.sin(angles)]),
    )
    missing, [said] = reported(sql, "parts", "", [1.0, 0.0], mode="dense", k=1_800)
    assert len(missing) < 1_800
    assert said == ("all", 1_800, True)
    found, [said] = reported(sql, "parts", "", [1.0, 0.0], mode="dense", k=1_800, options='{"exact": true}')
    assert len(found) == 1_800
    assert said == ("exact", 1_800, False)
    found, [said] = reported(sql, "parts", "", [1.0, 0.0], mode="dense", k=2_000, options='{"exact": true}')
    assert said == ("exact", 1_800, False)


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ("'nowhere', 'x'", "RT404"),
        ("'sides', ''", "RT400"),
        ("'sides', 'x', k => 0", "RT400"),
        ("'sides', 'x', mode => 'no'", "RT400"),
        ("'sides', 'x', embedding => '[1]'", "RT421"),
        ("'sides', 'x', filter => '{\"$no\": 1}'", "RT420"),
        ("'sides', 'x', min_relevance => 0.5", "RT412"),
        ("'sides', 'x', options => '{\"no\": 1}'", "RT400"),
    ],
)
def test_errors_are_those_of_search(
    sides: pgretrieve.Collection, shared_sql: Connection, arguments: str, state: str
) -> None:
    messages = set()
    for name in ("search", "search_reported"):
        with pytest.raises(psycopg.Error) as raised:
            rows(shared_sql, f"select * from pgretrieve.{name}({arguments})")
        assert raised.value.sqlstate == state
        messages.add(str(raised.value).partition("CONTEXT")[0])
    assert len(messages) == 1


def test_it_leaves_a_slice_its_report_and_a_page_has_none(sides: pgretrieve.Collection) -> None:
    result = sides.search("none -common", embedding=[1, 0])
    assert result.cut_short is True
    assert repr(result) == "<Result of 0 hits, cut short>"
    result = sides.search("w1", embedding=[1, 0])
    part = result[2:4]
    assert (part.strategy, part.rows_scanned, part.cut_short) == ("all", 100, False)
    page = next(iter(sides.pages("w1", embedding=[1, 0])))
    assert (page.strategy, page.rows_scanned, page.cut_short) == (None, None, None)
