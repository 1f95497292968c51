"""Boosts add to the score of every candidate what their documentation says, within bounds, and explain shows it."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from pgretrieve import F
from tests.reference import boosts as reference
from tests.reference import fusion
from tests.reference.ranking import assert_ranking
from tests.sql.conftest import QUERY
from tests.sql.histories import one, rows
from tests.sql.test_filters import KEYS, dates, filters, paths, values
from tests.sql.test_fusion import METHODS, WORDS, alike, legs_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ORIGIN = NOW.isoformat()
EMBEDDING = [1, 2, 3, 1]
BOOSTS: list[dict[str, Any]] = [
    {"field": "at", "recency": {"half_life_days": 30, "origin": ORIGIN}, "weight": 2},
    {"field": "by.stars", "saturation": 100, "weight": 0.5},
    {"field": "rating", "range": [5, 1]},
    {"filter": {"n": {"$lt": 50}, "$ids": [str(n) for n in range(0, 200, 3)]}, "weight": -0.3},
]


def metadata(n: int) -> dict[str, Any]:
    """Of document n: some lack a key, or have a value of another type."""
    return {
        "n": n,
        "at": ["2026-10-20T12:00:00+02:00", "2026-01-01", "soon", None, ["2025-01-01", "2027-01-01"]][n % 5],
        "by": {"stars": [5, 1000, "many", 1.5e300][n % 4]},
        **({"rating": n % 7} if n % 3 else {}),
    }


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """200 documents of a few words, many of them tied."""
    rng = np.random.default_rng(7)
    docs = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", index="none")
    docs.add(
        [
            {"id": str(n), "text": " ".join(rng.choice(WORDS, size=rng.integers(1, 4))), "metadata": metadata(n)}
            for n in range(200)
        ],
        embeddings=rng.integers(1, 4, size=(200, 4)),
    )
    return docs


@pytest.fixture(scope="module")
def between(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> list[float]:
    return alike(docs, shared_sql)


weights = st.fixed_dictionaries({}, optional={"weight": st.sampled_from([-1, 0, 0.001, 1, 2.5, 100])})
origins = st.fixed_dictionaries({}, optional={"origin": st.sampled_from(["2026-11-01", "2024-03-01T08:00:30+02:00"])})
numbers = st.sampled_from([-3, 0, 0.5, 1, 2, 100])
kinds = st.one_of(
    st.builds(lambda half_life, origin: {"recency": {"half_life_days": half_life, **origin}},
              st.sampled_from([0.001, 1, 365]), origins),
    st.builds(lambda pivot: {"saturation": pivot}, st.sampled_from([0.5, 1, 10_000])),
    st.lists(numbers, min_size=2, max_size=2, unique=True).map(lambda bounds: {"range": bounds}),
)  # fmt: skip


def boosts_on(fields: st.SearchStrategy[str], conditions: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.builds(lambda field, kind, weight: {"field": field, **kind, **weight}, fields, kinds, weights),
        st.builds(lambda condition, weight: {"filter": condition, **weight}, conditions, weights),
    )


@settings(max_examples=200, deadline=None)
@given(
    stored=st.dictionaries(st.sampled_from(KEYS), values | dates | st.lists(dates, max_size=3), max_size=3),
    boosts=st.lists(boosts_on(paths, filters), min_size=1, max_size=3),
)
@example({"a": 1e300}, [{"field": "a", "range": [0, 1]}])
@example({"a": 10**400}, [{"field": "a", "saturation": 1e-6}])
@example({"a": 1e-310}, [{"field": "a", "saturation": 1e15, "weight": 1e-300}])
@example({"a": "0002-01-01"}, [{"field": "a", "recency": {"half_life_days": 1e-6}}])
@example({"a": "9999-12-31T23:00:00-15:59"}, [{"field": "a", "recency": {"half_life_days": 1e-6}}])
@example({"a": [[1], {"b": 2}, 3]}, [{"field": "a", "range": [0, 10]}])
@example({"a": [{"b": 2}, {"b": [5, 4]}]}, [{"field": "a.b", "range": [10, 0]}])
@example({"a": True}, [{"field": "a", "range": [0, 1]}])
def test_what_is_added_is_what_the_documentation_says(
    shared_sql: psycopg.Connection[Any], stored: dict[str, Any], boosts: list[dict[str, Any]]
) -> None:
    with shared_sql.transaction():
        now = one(shared_sql, "select now()")
        # Nothing hangs on settings of the session.
        shared_sql.execute("set local timezone = 'Asia/Tokyo'; set local datestyle = 'SQL, DMY'")
        got = one(
            shared_sql,
            "select pgretrieve._boost('7', %s, pgretrieve._read_boosts(%s))",
            Jsonb(stored),
            Jsonb(boosts),
        )
    assert math.isclose(got, reference.added("7", stored, boosts, now), rel_tol=1e-9, abs_tol=1e-9)
    assert abs(got) <= sum(abs(boost.get("weight", 1)) for boost in boosts)


@settings(max_examples=120, deadline=None)
@given(
    mode=st.sampled_from(["hybrid", "dense", "keyword"]),
    method=st.sampled_from(METHODS),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    k=st.sampled_from([1, 10, 60]),
    extra=st.sampled_from([0, 50, 340]),
    boosts=st.lists(
        st.one_of(
            st.sampled_from(BOOSTS),
            boosts_on(st.sampled_from(["n", "at", "by.stars", "rating", "none"]), st.just({"n": {"$gt": 150}})),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_scores_are_those_of_the_legs_plus_boosts_of_every_candidate(
    docs: pgretrieve.Collection,
    between: list[float],
    mode: str,
    method: str,
    query: str,
    k: int,
    extra: int,
    boosts: list[dict[str, Any]],
) -> None:
    boosts = [
        boost | {"recency": {"origin": ORIGIN} | boost["recency"]} if "recency" in boost else boost for boost in boosts
    ]
    depth = k + extra
    legs = legs_of(docs, query, EMBEDDING, depth, between)
    if mode == "hybrid":
        plain = fusion.fused(method, legs, {}, depth=depth)
    else:
        plain = {chunk: legs[mode].scores[chunk] for chunk in legs[mode].ranked}
    ids = {hit.chunk_id: hit.document_id for hit in docs.search("", embedding=EMBEDDING, k=200, mode="dense")}

    def added(chunk: int, some: list[dict[str, Any]]) -> float:
        return reference.added(ids[chunk], metadata(int(ids[chunk])), some, NOW)

    hits = docs.search(
        query,
        embedding=EMBEDDING,
        k=k,
        mode=mode,
        options={"fusion": method, "depth": depth, "boosts": boosts},
    )
    expected = {chunk: score + added(chunk, boosts) for chunk, score in plain.items()}
    evidence = {
        chunk: (
            [(leg.rank(chunk) if method.startswith("rrf") else leg.rank(chunk) is None, leg.scores.get(chunk))
             for leg in legs.values()],
            [added(chunk, [boost]) for boost in boosts],
        )
        for chunk in expected
    }  # fmt: skip
    assert_ranking([(hit.chunk_id, hit.score) for hit in hits], expected, k, evidence=evidence)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


@pytest.mark.parametrize("mode", ["dense", "keyword"])
@pytest.mark.parametrize("condition", [None, {"n": {"$lt": 300}}, {"n": {"$gte": 3}}], ids=["all", "among", "filtered"])
def test_every_form_of_a_leg_is_boosted(
    library: pgretrieve.Collection, mode: str, condition: dict[str, Any] | None
) -> None:
    arguments: dict[str, Any] = {"embedding": QUERY, "mode": mode, "filter": condition}
    boosts = [{"field": "part.of", "range": [0, 6], "weight": 30}, {"filter": {"even": True}, "weight": 5}]
    plain = library.search("w1 w7", **arguments, k=150, options={"depth": 150})
    expected = {hit.chunk_id: hit.score + reference.added("", hit.metadata, boosts, NOW) for hit in plain}
    hits = library.search("w1 w7", **arguments, k=15, options={"boosts": boosts})  # and a depth of 150
    assert_ranking([(hit.chunk_id, hit.score) for hit in hits], expected, 15)
    assert [hit.chunk_id for hit in hits] != [hit.chunk_id for hit in plain][:15]
    legs = {hit.chunk_id: (hit.dense_rank, hit.dense_score, hit.keyword_rank, hit.keyword_score) for hit in plain}
    for hit in hits:
        assert (hit.dense_rank, hit.dense_score, hit.keyword_rank, hit.keyword_score) == legs[hit.chunk_id]


@pytest.mark.parametrize("condition", [None, {"n": {"$lt": 100}}], ids=str)
def test_grouped_by_document_its_best_chunk_is_boosted(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], condition: dict[str, Any] | None
) -> None:
    docs = db.create_collection("long", encoder=None, dimensions=3, chunking={"max_characters": 100})
    docs.add(
        [{"id": str(n), "text": f"vpn {'tea ' * n * 9}" * 4, "metadata": {"n": n, "stars": -n}} for n in range(1, 9)]
    )
    schema = docs.info.schema_name
    sql.execute(
        f"insert into {schema}.embedding select id, array[1 + id % 7, 1 + id % 5, 1]::vector from {schema}.chunk"
    )
    boosts = [{"field": "n", "range": [8, 1], "weight": 20}]
    arguments: dict[str, Any] = {"embedding": [1, 2, 3], "filter": condition}
    best: dict[str, tuple[int, float]] = {}
    for hit in docs.search("vpn tea", **arguments, k=200, options={"boosts": boosts}):
        best.setdefault(hit.document_id, (hit.chunk_id, hit.score))
    options = {"group_by": "document", "depth": 200, "boosts": boosts}
    hits = docs.search("vpn tea", **arguments, k=5, options=options)
    assert [(hit.chunk_id, hit.score) for hit in hits] == list(best.values())[:5]
    assert hits[0].document_id == "1"


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("condition", [None, {"n": {"$lt": 100}}], ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_legs_and_boosts_add_up_in_explain(
    docs: pgretrieve.Collection, mode: str, condition: dict[str, Any] | None, method: str
) -> None:
    given: dict[str, Any] = {
        "embedding": EMBEDDING, "mode": mode, "filter": condition, "options": {"boosts": BOOSTS, "fusion": method},
    }  # fmt: skip
    report = docs.explain("vpn tea", **given)
    hits = docs.search("vpn tea", **given)
    assert [hit["chunk_id"] for hit in report["hits"]] == [hit.chunk_id for hit in hits]
    for explained, hit in zip(report["hits"], hits, strict=True):
        parts, boosts = explained["fusion"]["parts"], explained["fusion"]["boosts"]
        assert sum(p["contribution"] for p in [*parts, *boosts]) == pytest.approx(hit.score, rel=0, abs=1e-12)
        assert explained["fusion"]["sum"] == pytest.approx(hit.score, rel=0, abs=1e-12)
        assert [(b["kind"], b["field"]) for b in boosts] == [
            ("recency", "at"), ("saturation", "by.stars"), ("range", "rating"), ("filter", None),
        ]  # fmt: skip
        for boost, given_boost in zip(boosts, BOOSTS, strict=True):
            alone = reference.added(hit.document_id, hit.metadata, [given_boost], NOW)
            assert boost["contribution"] == pytest.approx(alone)
            assert (boost["value"] is None) <= (alone == 0)
            formula = boost["formula"].replace("^", "**")
            assert set(formula.replace("clip", "")) <= set("0123456789.+-*/() ")
            value = eval(formula, {"clip": lambda x: min(1, max(0, x))})  # noqa: S307  numbers and signs alone
            assert value == pytest.approx(alone, abs=1e-4)
    assert [boost["kind"] for boost in report["request"]["boosts"]] == ["recency", "saturation", "range", "filter"]


def test_a_search_without_boosts_is_what_it_was(docs: pgretrieve.Collection) -> None:
    for mode in ("hybrid", "keyword"):
        plain = docs.search("vpn tea", embedding=EMBEDDING, mode=mode)
        assert docs.search("vpn tea", embedding=EMBEDDING, mode=mode, options={"boosts": []}) == plain
        report = docs.explain("vpn tea", embedding=EMBEDDING, mode=mode)
        assert report["request"]["boosts"] is None
        assert [hit["fusion"]["boosts"] for hit in report["hits"]] == [[]] * 10


@pytest.mark.parametrize("condition", [None, '{"n": {"$lt": 100}}'])
@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_only_candidates_are_boosted_and_only_where_there_are_boosts(
    shared_sql: psycopg.Connection[Any], docs: pgretrieve.Collection, mode: str, condition: str | None
) -> None:
    # calls of transactions before may still be among them
    calls = (
        "select coalesce(sum(calls), 0)::integer from pg_stat_xact_user_functions"
        " where schemaname = 'pgretrieve' and funcname = '_boost'"
    )
    search = (
        "select chunk_id from pgretrieve.search('docs', 'vpn', '[1,2,3,1]', k => 5, mode => %s, filter => %s,"
        " options => %s)"
    )
    with shared_sql.transaction(force_rollback=True):
        shared_sql.execute("set local track_functions = 'all'")
        before = one(shared_sql, calls)
        rows(shared_sql, search, mode, condition, Jsonb({"depth": 20}))
        assert one(shared_sql, calls) == before
        rows(shared_sql, search, mode, condition, Jsonb({"depth": 20, "boosts": BOOSTS}))
        assert 20 <= one(shared_sql, calls) - before <= 40


def test_a_keyword_search_looks_deeper_when_something_is_to_rise(docs: pgretrieve.Collection) -> None:
    assert docs.explain("vpn", mode="keyword")["request"]["depth"] == 10
    boosts = [{"filter": {"n": 137}, "weight": 100}]
    assert docs.explain("vpn", mode="keyword", options={"boosts": boosts})["request"]["depth"] == 100
    last = docs.search("vpn", k=100, mode="keyword")[-1]
    boosts = [{"filter": {"$ids": [last.document_id]}, "weight": 100}]
    [first] = docs.search("vpn", k=1, mode="keyword", options={"boosts": boosts, "depth": 100})
    assert first.document_id == last.document_id
    assert first.score == pytest.approx(last.score + 100)


def test_what_no_leg_lists_does_not_rise(docs: pgretrieve.Collection) -> None:
    boosts = [{"filter": {"n": {"$gte": 0}}, "weight": 5}]
    plain = docs.search("vpn tea", embedding=EMBEDDING, k=30, options={"depth": 30})
    hits = docs.search("vpn tea", embedding=EMBEDDING, k=30, options={"depth": 30, "boosts": boosts})
    assert [hit.chunk_id for hit in hits] == [hit.chunk_id for hit in plain]
    assert [hit.score for hit in hits] == [pytest.approx(hit.score + 5) for hit in plain]


def test_recency_counts_from_now(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    now = datetime.now(UTC)
    ages = {"new": 0, "month": 30, "year": 360, "future": -50}
    docs.add(
        [
            {"id": name, "text": "vpn", "metadata": {"at": (now - timedelta(days=age)).isoformat()}}
            for name, age in ages.items()
        ]
    )
    boosts = [{"field": "at", "recency": {"half_life_days": 30}}]
    hits = docs.search("vpn", options={"boosts": boosts})
    scores = {hit.document_id: hit.score - hit.keyword_score for hit in hits}
    assert scores == pytest.approx({"future": 1, "new": 1, "month": 0.5, "year": 0.5**12}, abs=1e-4)


@pytest.mark.parametrize("size", [1, 7, 60])
@pytest.mark.parametrize("mode", ["hybrid", "keyword"])
def test_pages_count_ages_from_the_first_one(docs: pgretrieve.Collection, mode: str, size: int) -> None:
    # Within an hour everything moves if each page has a now of its own.
    moving = {"field": "at", "recency": {"half_life_days": 0.001}, "weight": 10}
    boosts = [moving, *BOOSTS[1:]]
    pages = docs.pages("vpn tea", embedding=EMBEDDING, mode=mode, page_size=size, options={"boosts": boosts})
    seen = [hit for page, _ in zip(pages, range(20), strict=False) for hit in page]
    fixed = [moving | {"recency": {"half_life_days": 0.001, "origin": "9999-12-31"}}, *BOOSTS[1:]]
    every = docs.search("vpn tea", embedding=EMBEDDING, mode=mode, k=1000, options={"boosts": fixed, "depth": 1000})
    assert len({hit.chunk_id for hit in seen}) == len(seen) == min(len(every), 20 * size)
    assert [hit.score for hit in seen] == sorted((hit.score for hit in seen), reverse=True)


def test_ages_on_later_pages_are_those_of_the_first(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    date = datetime.now(UTC).isoformat()
    docs.add([{"id": str(n), "text": "vpn", "metadata": {"at": date}} for n in range(9)])
    options = {"boosts": [{"field": "at", "recency": {"half_life_days": 1e-6}}]}  # 86 ms
    pages = [list(page) for page in docs.pages("vpn", page_size=2, options=options)]
    assert [hit.document_id for page in pages for hit in page] == [str(n) for n in range(9)]
    assert len({hit.score for page in pages for hit in page}) == 1


def test_a_cursor_is_good_for_the_same_boosts_alone(docs: pgretrieve.Collection) -> None:
    boosts = [{"field": "at", "recency": {"half_life_days": 30}}]
    first = next(docs.pages("vpn tea", options={"boosts": boosts}))
    assert next(docs.pages("vpn tea", options={"boosts": boosts}, cursor=first.next_cursor)).hits[0].rank == 11
    with pytest.raises(pgretrieve.InvalidInput, match="other arguments"):
        next(docs.pages("vpn tea", options={"boosts": [boosts[0] | {"weight": 2}]}, cursor=first.next_cursor))


def test_conditions_made_with_f_are_filters_of_boosts(docs: pgretrieve.Collection) -> None:
    made = docs.search("vpn", options={"boosts": [{"filter": (F.n < 50) & (F.rating >= 2), "weight": 3}]})
    written = {"$and": [{"n": {"$lt": 50}}, {"rating": {"$gte": 2}}]}
    assert made == docs.search("vpn", options={"boosts": [{"filter": written, "weight": 3}]})
    assert made[0].metadata["n"] < 50


def test_boosts_hold_in_facets_of_the_first_hits(docs: pgretrieve.Collection) -> None:
    boosts = [{"filter": {"rating": 3}, "weight": 1000}]
    [facet] = docs.facets(["rating"], "vpn tea", embedding=EMBEDDING, k=5, options={"boosts": boosts})
    assert (facet.value, facet.count) == (3, 5)


@pytest.mark.parametrize("condition", [None, '{"n": {"$gte": 3}}'])
def test_boosts_leave_no_setting_behind(library_sql: psycopg.Connection[Any], condition: str | None) -> None:
    library_sql.execute("set extra_float_digits = 0; set timezone = 'Asia/Tokyo'; set datestyle = 'SQL, DMY'")
    names = ["timezone", "datestyle", "search_path", "work_mem", "enable_seqscan", "extra_float_digits"]
    before = [one(library_sql, "select current_setting(%s)", name) for name in names]
    boosts = [{"field": "n", "range": [0, 20_000]}, {"field": "n", "recency": {"half_life_days": 1}}]
    found = rows(
        library_sql,
        "select chunk_id from pgretrieve.search('library', 'w1 w7', embedding => %s, filter => %s, options => %s)",
        str(QUERY), condition, Jsonb({"boosts": boosts}),
    )  # fmt: skip
    assert len(found) == 10
    assert [one(library_sql, "select current_setting(%s)", name) for name in names] == before


NASTY = ["a'; drop schema pgretrieve cascade; --", '"', "\\", "%s", "@", "ä 😀", "a.b'"]


@pytest.mark.parametrize("nasty", NASTY)
def test_what_would_end_a_string_is_only_a_key(db: pgretrieve.Client, nasty: str) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    stored: dict[str, Any] = {"a": {"b'": 1}} if nasty == "a.b'" else {nasty: 1}
    docs.add([{"id": "a", "text": "word"}, {"id": "b", "text": "word", "metadata": stored}])
    hits = docs.search("word", options={"boosts": [{"field": nasty, "range": [0, 1]}]})
    assert [hit.document_id for hit in hits] == ["b", "a"]


FIELD = {"field": "a"}
BAD: list[tuple[Any, str]] = [
    (None, "null"),
    ({}, "{}"),
    ("recency", '"recency"'),
    ([5], "boost 1 is 5, not an object"),
    (["field"], 'boost 1 is "field", not an object'),
    ([[]], "boost 1 is [], not an object"),
    ([None], "boost 1 is null, not an object"),
    ([{}], "boost 1 needs either a field or a filter: {}"),
    ([{"weight": 1}], "either a field or a filter"),
    ([{**FIELD, "filter": {}, "saturation": 1}], "either a field or a filter"),
    ([FIELD], 'boost 1 needs one of recency, saturation and range: {"field": "a"}'),
    ([{"filter": {"a": 1}}, {**FIELD, "saturation": 1, "range": [0, 1]}], "boost 2 needs one of"),
    ([{"filter": {"a": 1}, "saturation": 1}], "has a filter and something for a field"),
    ([{**FIELD, "saturation": 1, "wait": 2}], '"wait": 2'),
    ([{"field": "", "saturation": 1}], 'field that cannot be: ""'),
    ([{"field": "$.a", "saturation": 1}], 'field that cannot be: "$.a"'),
    ([{"field": 7, "saturation": 1}], "field that cannot be: 7"),
    ([{"field": None, "saturation": 1}], "field that cannot be: null"),
    ([{**FIELD, "saturation": 1, "weight": "2"}], 'weight of "2"'),
    ([{**FIELD, "saturation": 1, "weight": None}], "weight of null"),
    ([{**FIELD, "saturation": 1, "weight": 1e7}], "weight of 10000000"),
    ([{**FIELD, "saturation": 1, "weight": -1e300}], "weight of -1"),
    ([{**FIELD, "saturation": 0}], "saturation of 0"),
    ([{**FIELD, "saturation": -1}], "saturation of -1"),
    ([{**FIELD, "saturation": "NaN"}], 'saturation of "NaN"'),
    ([{**FIELD, "saturation": 1e-300}], "saturation of 0.000"),
    ([{**FIELD, "saturation": None}], "saturation of null"),
    ([{**FIELD, "recency": 30}], "recency of 30"),
    ([{**FIELD, "recency": {}}], "half_life_days of null"),
    ([{**FIELD, "recency": {"half_life_days": 0}}], "half_life_days of 0"),
    ([{**FIELD, "recency": {"half_life_days": "30"}}], 'half_life_days of "30"'),
    ([{**FIELD, "recency": {"half_life_days": 1e9}}], "half_life_days of 1000000000"),
    ([{**FIELD, "recency": {"half_life_days": 1, "days": 3}}], '"days": 3'),
    ([{**FIELD, "recency": {"half_life_days": 1, "origin": "today"}}], 'origin that is no date: "today"'),
    ([{**FIELD, "recency": {"half_life_days": 1, "origin": 2026}}], "no date: 2026"),
    ([{**FIELD, "recency": {"half_life_days": 1, "origin": None}}], "no date: null"),
    ([{**FIELD, "range": 5}], "range of 5"),
    ([{**FIELD, "range": [1]}], "range of [1]"),
    ([{**FIELD, "range": [1, 2, 3]}], "range of [1, 2, 3]"),
    ([{**FIELD, "range": [1, 1]}], "range of [1, 1]"),
    ([{**FIELD, "range": [1, [2]]}], "range of [1, [2]]"),
    ([{**FIELD, "range": [1, None]}], "range of [1, null]"),
    ([{**FIELD, "range": {"0": 1, "1": 2}}], 'range of {"0": 1, "1": 2}'),
    ([{**FIELD, "range": [0, 1e300]}], "range of [0, 1000"),
    ([{**FIELD, "saturation": 1}] * 17, "17 boosts are too many"),
]


@pytest.mark.parametrize("mode", ["hybrid", "keyword"])
@pytest.mark.parametrize(("boosts", "message"), BAD, ids=lambda value: str(value)[:60])
def test_a_boost_that_cannot_be_is_refused(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], boosts: Any, message: str, mode: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        shared_sql.execute(
            "select * from pgretrieve.search('docs', 'vpn', mode => %s, options => %s)",
            [mode, Jsonb({"boosts": boosts})],
        )
    assert caught.value.sqlstate == "RT400"
    assert message in caught.value.diag.message_primary
    assert caught.value.diag.message_hint
    assert len(caught.value.diag.message_primary) < 400
    with pytest.raises(pgretrieve.InvalidInput):
        docs.search("vpn", mode=mode, options={"boosts": boosts})
    with pytest.raises(pgretrieve.InvalidInput):
        next(docs.pages("vpn", mode=mode, options={"boosts": boosts}))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_refused(docs: pgretrieve.Collection, value: float) -> None:
    for boost in ({"field": "n", "saturation": value}, {"filter": {"n": 1}, "weight": value}):
        with pytest.raises(pgretrieve.InvalidInput, match="not JSON"):
            docs.search("vpn", options={"boosts": [boost]})


@pytest.mark.parametrize("condition", [None, [], {"n": [1]}, {"$gt": 1}, {"n": {"$near": 1}}], ids=str)
def test_a_filter_that_is_not_understood_is_refused_as_one(docs: pgretrieve.Collection, condition: Any) -> None:
    with pytest.raises(pgretrieve.InvalidFilter):
        docs.search("vpn", options={"boosts": [{"filter": condition}]})
