"""A filter means what its documentation says: in both legs, on any metadata, and nothing in it is ever read as SQL."""

from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests.reference.filters import passes
from tests.sql.histories import one, rows

# Keys and values that would end a string, a path or a statement somewhere, if anywhere; a dot goes a level down.
NASTY = ['"', "\\", "'; drop schema pgretrieve cascade; --", "@", "$", "$.a", "$eq", "%s", "ünï😀", "\t\n", "\x7f", ""]
KEYS = ["a", "b", "c"]

keys = st.sampled_from(KEYS + KEYS + ['"', "\\", "'", "@ == 1", "ä", " "])
scalars = st.one_of(
    st.sampled_from([None, True, False, 0, 1, 2, -1, 1.0, 1.5, 10**20, 1e-9]),
    st.sampled_from(["a", "b", "B", "1", "true", "ä", *NASTY]),
)
ZONES = ["", "Z", "+00:00", "+02:00", "-11:30", "+15:59"]
TIMES = [
    "00:00",
    "23:59",
    "00:00:00",
    "08:00:30",
    "23:59:59",
    "00:00:00.0",
    "08:00:30.5",
    "08:00:30.123456",
    "24:00:00",
]
DAYS = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02", "2023-02-29", "2024-13-01", "9999-12-31", "0002-01-01"]
dates = st.one_of(
    st.sampled_from([*DAYS, "2024-3-1", "2024", "2024-03", "20240301", " 2024-03-01", "2024-03-01\n", "2024-03-01T"]),
    st.builds("{}{}{}{}".format, st.sampled_from(DAYS), st.sampled_from("T "), st.sampled_from(TIMES),
              st.sampled_from(ZONES)),
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=2), max_leaves=5
)
metadatas = st.dictionaries(keys, values, max_size=4)
paths = st.lists(keys, min_size=1, max_size=3).map(".".join)
comparisons = st.one_of(
    st.tuples(st.just("$contains"), scalars),
    st.tuples(st.just("$startsWith"), scalars.filter(lambda value: isinstance(value, str))),
    st.tuples(st.sampled_from(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]), scalars),
    st.tuples(st.sampled_from(["$in", "$nin"]), st.lists(scalars, max_size=3)),
    st.tuples(st.just("$exists"), st.booleans()),
).map(lambda pair: dict([pair]))
filters = st.recursive(
    st.dictionaries(paths, scalars | comparisons, max_size=2),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["$and", "$or"]), st.lists(inner, min_size=1, max_size=3)).map(lambda p: dict([p])),
        inner.map(lambda f: {"$not": f}),
        st.tuples(keys, inner).map(lambda p: dict([p])),
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(metadata=metadatas, condition=filters)
@example({"a": [[1], 2]}, {"a": 1})
@example({"a": None}, {"a": {"$lt": 1}})
@example({"a": {"b": 1}}, {"a": {"$not": {"b": 2}}})
@example({"a": [{"b": 1}, {"b": [2, 3]}]}, {"a.b": 3})
@example({"a": True}, {"a": {"$gt": False}})
@example({}, {"a": {"$nin": []}})
@example({"a": "b"}, {"a": {"$gte": None}})
@example({"a": 1, "b": 1}, {"a": {"$not": {"$gt": "x"}}})
@example({"a": ["network"]}, {"a": {"$contains": "net"}})
@example({"a": "network"}, {"a": {"$contains": "net"}})
@example({"a": "n.t (x*"}, {"a": {"$contains": ".t (x*"}})
@example({"a": [{"b": [1, "x"]}, {"b": 2}]}, {"a.b": {"$contains": 1}})
@example({"a": [[{"b": "x"}]]}, {"a.b": {"$contains": "x"}})
@example({"a": [[1]]}, {"a": {"$contains": 1}})
@example({"a": 1}, {"a": {"$contains": 1}})
@example({"a": [1, "docs/x"]}, {"a": {"$startsWith": "docs/"}})
@example({"a": 1}, {"a": {"$startsWith": ""}})
def test_filter_passes_what_its_documentation_says(
    shared_sql: psycopg.Connection[Any], metadata: dict[str, Any], condition: dict[str, Any]
) -> None:
    passed = one(
        shared_sql, "select (%s::jsonb @@ pgretrieve._filter_path(%s)) is true", Jsonb(metadata), Jsonb(condition)
    )
    assert passed == passes(metadata, condition)


@settings(max_examples=200, deadline=None)
@given(
    stored=st.lists(dates, min_size=1, max_size=3) | dates,
    operator=st.sampled_from(["$gt", "$gte", "$lt", "$lte", "$eq", "$ne"]),
    operand=dates,
)
@example("2024-05-01T10:00:00+02:00", "$gte", "2024-05-01")
@example("2024-05-01T01:00:00+02:00", "$gte", "2024-05-01")
@example("2024-05-01T08:00Z", "$lt", "2024-05-01T08:00:30Z")
@example("2024-05-01 23:00:00", "$gt", "2024-05-01T01:00:00.000001-01:00")
@example("next week", "$gt", "2024-05-01")
@example("next week", "$gt", "2024-05")
def test_dates_are_compared_as_moments(
    shared_sql: psycopg.Connection[Any], stored: list[str] | str, operator: str, operand: str
) -> None:
    metadata, condition = {"day": stored}, {"day": {operator: operand}}
    # Nothing hangs on settings of the session.
    shared_sql.execute("set timezone = 'Asia/Tokyo'; set datestyle = 'SQL, DMY'")
    passed = one(
        shared_sql, "select (%s::jsonb @@ pgretrieve._filter_path(%s)) is true", Jsonb(metadata), Jsonb(condition)
    )
    assert passed == passes(metadata, condition)


@settings(max_examples=15, deadline=None)
@given(
    given_metadata=st.lists(metadatas, min_size=1, max_size=25), conditions=st.lists(filters, min_size=4, max_size=4)
)
def test_filter_holds_in_both_legs_and_through_the_index_on_metadata(
    shared_db: pgretrieve.Client,
    shared_sql: psycopg.Connection[Any],
    given_metadata: list[dict[str, Any]],
    conditions: list[dict[str, Any]],
) -> None:
    docs = shared_db.create_collection("docs", encoder=None, dimensions=2, index="none")
    docs.add(
        [{"id": str(n), "text": "word", "metadata": metadata} for n, metadata in enumerate(given_metadata)],
        embeddings=[[1, n] for n in range(len(given_metadata))],
    )
    for condition in conditions:
        expected = {str(n) for n, metadata in enumerate(given_metadata) if passes(metadata, condition)}
        for mode in ("keyword", "dense", "hybrid"):
            hits = docs.search("word", embedding=[1, 1], k=100, mode=mode, filter=condition)
            assert {hit.document_id for hit in hits} == expected
        # On so few rows the planner would not choose the index.
        with shared_sql.transaction(force_rollback=True):
            shared_sql.execute("set local enable_seqscan = off")
            indexed = rows(
                shared_sql,
                "select document_id from pgretrieve.search('docs', 'word', k => 100, filter => %s)",
                Jsonb(condition),
            )
        assert {key for (key,) in indexed} == expected
    shared_db.drop_collection("docs")


@pytest.mark.parametrize("nasty", NASTY)
def test_what_would_end_a_string_is_only_a_string(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], nasty: str
) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add(
        [
            {"id": "value", "text": "word", "metadata": {"key": nasty}},
            {"id": "list", "text": "word", "metadata": {"key": [nasty]}},
            {"id": "other", "text": "word", "metadata": {"key": nasty + "x", nasty + "x": 1}},
            {"id": "key", "text": "word", "metadata": {nasty.replace(".", " "): 1}},
        ]
    )

    def ids(condition: dict[str, Any]) -> list[str]:
        return sorted(hit.document_id for hit in docs.search("word", filter=condition))

    assert ids({"key": nasty}) == ["list", "value"]
    assert ids({"key": {"$in": [nasty]}}) == ["list", "value"]
    assert ids({"key": {"$ne": nasty}}) == ["key", "other"]
    if not nasty.startswith("$"):
        assert ids({nasty.replace(".", " "): 1}) == ["key"]
    assert db.collections()


def test_key_that_starts_with_a_dollar_is_refused_as_an_operator(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    with pytest.raises(pgretrieve.InvalidFilter, match="where a key is expected"):
        docs.search("word", filter={"$.a": 1})
    with pytest.raises(pgretrieve.InvalidFilter, match="does not exist"):
        docs.search("word", filter={"a": {"$.a": 1}})


@pytest.mark.parametrize("condition", [{"a": "\0"}, {"\0": 1}, {"a": {"$in": ["x\0"]}}])
def test_nul_in_a_filter_is_an_error_of_ours(db: pgretrieve.Client, condition: dict[str, Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    with pytest.raises(pgretrieve.InvalidInput):
        docs.search("word", filter=condition)


def test_empty_filter_is_none(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add([{"id": "a", "text": "word"}])
    assert len(docs.search("word", filter={})) == 1
    assert docs.explain("word", filter={})["legs"]["keyword"]["form"] == "all"


def test_deepest_filter_that_is_allowed_works(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add([{"id": "a", "text": "word", "metadata": {"a": 1}}])
    condition: dict[str, Any] = {"a": 1}
    for _ in range(32):
        condition = {"$and": [condition]}
    assert len(docs.search("word", filter=condition)) == 1
