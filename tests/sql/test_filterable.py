"""Filterable keys: an index narrows a filter that compares, and never changes what it finds."""

import json
import random
from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests.reference.filters import passes
from tests.sql.histories import one, rows
from tests.sql.test_filters import dates, filters, keys, metadatas, paths, scalars, values

TYPES = ["number", "text"]
ordered = st.sampled_from(["$gt", "$gte", "$lt", "$lte"])
ranges = st.dictionaries(ordered, scalars | dates, min_size=1, max_size=2) | scalars.filter(
    lambda value: isinstance(value, str)
).map(lambda prefix: {"$startsWith": prefix})
comparing = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b", "a.b"]) | paths, ranges, min_size=1, max_size=2),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"$and": parts})
        | st.tuples(keys, inner).map(lambda pair: dict([pair]))
    ),
    max_leaves=3,
)
declared = st.dictionaries(st.sampled_from(["a", "b", "c", "a.b", "a.a"]), st.sampled_from(TYPES), min_size=1)


@settings(max_examples=300, deadline=None)
@given(
    metadata=metadatas | st.dictionaries(st.sampled_from(["a", "b"]), values | dates | st.lists(dates), min_size=1),
    condition=comparing | filters,
    filterable=declared,
)
@example({"a": [1, 9]}, {"a": {"$gt": 8, "$lt": 2}}, {"a": "number"})
@example({"a": [{"b": 1}, {"b": 9}]}, {"a.b": {"$gt": 8}}, {"a.b": "number"})
@example({"a": [[5]]}, {"a": {"$gt": 4}}, {"a": "number"})
@example({"a": "x" * 300 + "b"}, {"a": {"$gt": "x" * 300 + "a"}}, {"a": "text"})
@example({"a": "ä"}, {"a": {"$gt": "z"}}, {"a": "text"})
@example({"a": "2024-03-01T00:30:00+02:00"}, {"a": {"$lt": "2024-03-01"}}, {"a": "text"})
@example({"a": "["}, {"a": {"$startsWith": "["}}, {"a": "text"})
@example({"a": 10**30}, {"a": {"$gt": 10**29}}, {"a": "number"})
@example({"": {"a": 1}, "a": 9}, {"": {"a": {"$lt": 3}}}, {"a": "number"})
def test_whatever_passes_a_filter_meets_the_condition_that_the_index_serves(
    shared_sql: psycopg.Connection[Any], metadata: dict[str, Any], condition: dict[str, Any], filterable: dict[str, str]
) -> None:
    [(served, lower, upper)] = rows(
        shared_sql, "select * from pgretrieve._filter_bounds(%s, %s)", Jsonb(condition), Jsonb(filterable)
    )
    if served is not None and passes(metadata, condition):
        served = served.replace("%", "%%").replace("$3", "%(lower)s::text").replace("$4", "%(upper)s::text")
        met = shared_sql.execute(
            f"select ({served}) is true from (select %(metadata)s::jsonb as metadata) as d",
            {"metadata": Jsonb(metadata), "lower": lower, "upper": upper},
        ).fetchone()
        assert met == (True,)


def test_what_is_compared_by_order_is_narrowed(sql: psycopg.Connection[Any]) -> None:
    def bounds(condition: dict[str, Any], **filterable: str) -> Any:
        [(served, *found)] = rows(
            sql, "select * from pgretrieve._filter_bounds(%s, %s)", Jsonb(condition), Jsonb(filterable)
        )
        return found if served else None

    assert bounds({"year": {"$gte": 2020, "$lt": 2024}}, year="number") == ["2020", "2024"]
    assert bounds({"$and": [{"year": {"$gt": 5}}, {"year": {"$gt": 7}}]}, year="number") == ["7", None]
    assert bounds({"year": {"$gt": 5}, "n": {"$gt": 1, "$lt": 2}}, year="number", n="number") == ["1", "2"]
    assert bounds({"day": {"$gte": "2024-03-01T10:00Z"}}, day="text") == ["2024-02-29", None]
    assert bounds({"path": {"$startsWith": "docs/"}}, path="text") == ["docs/", None]
    assert bounds({"$or": [{"year": 1}, {"year": {"$gt": 5}}]}, year="number") is None
    assert bounds({"$not": {"year": {"$gt": 5}}}, year="number") is None
    assert bounds({"year": 5}, year="number") is None
    assert bounds({"year": {"$gt": "5"}}, year="number") is None
    assert bounds({"year": {"$gt": 5}}, other="number") is None


@pytest.fixture
def docs(db: pgretrieve.Client) -> pgretrieve.Collection:
    rng = random.Random(4)
    docs = db.create_collection("docs", encoder=None, dimensions=2, language="simple", index="none")
    docs.add(
        {"id": str(n), "text": f"word w{n % 7}", "metadata": metadata(n, rng)} for n in range(3_000)
    )  # fmt: skip
    return docs


def metadata(n: int, rng: random.Random) -> dict[str, Any]:
    return {
        "n": n if n % 100 else [n, -n],
        "at": {"day": f"20{rng.randrange(10, 25)}-0{rng.randrange(1, 10)}-1{n % 10}"},
        "path": f"docs/{n % 50}/" + "x" * (n % 3 * 2_000),
    }


CONDITIONS = [
    {"n": {"$lt": 20}},
    {"n": {"$gte": 2_990}},
    {"n": {"$gt": 1_000, "$lte": 1_004}, "at.day": {"$gt": "2015-01-01"}},
    {"at": {"day": {"$gte": "2024-09-18"}}},
    {"path": {"$startsWith": "docs/49/xx"}},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_filters_find_the_same_and_read_the_index(
    docs: pgretrieve.Collection, sql: psycopg.Connection[Any], condition: dict[str, Any]
) -> None:
    def found() -> list[str]:
        return sorted(hit.document_id for hit in docs.search("word", k=3_000, mode="keyword", filter=condition))

    expected = found()
    assert 0 < len(expected) < 200
    assert docs.set_filterable({"n": "number", "at.day": "text", "path": "text"}) == 3
    assert docs.filterable() == {"n": "number", "at.day": "text", "path": "text"}
    seen = f"select seq_scan from pg_stat_user_tables where relid = '{docs.info.schema_name}.document'::regclass"
    sql.execute("select pg_stat_force_next_flush()")
    before = one(sql, seen)
    hits = "select document_id from pgretrieve.search('docs', 'word', k => 3000, mode => 'keyword', filter => %s)"
    assert sorted(row[0] for row in rows(sql, hits, json.dumps(condition))) == expected
    sql.execute("select pg_stat_force_next_flush()")
    assert one(sql, seen) == before
    # what is written from now on is in the index, too
    first = expected[0]
    docs.add(
        [
            {"id": first, "text": "word", "metadata": {}},
            {"id": "new", "text": "word", "metadata": metadata(2_995, random.Random(1))},
        ]
    )
    assert first not in found()
    docs.delete(["new"])
    assert set(found()) == set(expected) - {first}


def test_keys_are_replaced_all_together_and_outlive_an_upgrade(
    docs: pgretrieve.Collection, sql: psycopg.Connection[Any], dsn: str
) -> None:
    indexes = (
        "select count(*) from pg_indexes where indexname like 'document\\_filter%%'"
        f" and schemaname = '{docs.info.schema_name}'"
    )
    assert docs.set_filterable({"n": "number", "path": "text"}) == 2
    assert docs.set_filterable({"n": "text", "at.day": "text"}) == 2
    assert docs.filterable() == {"n": "text", "at.day": "text"}
    assert one(sql, indexes) == 2
    pgretrieve.migrate(dsn)
    assert docs.filterable() == {"n": "text", "at.day": "text"}
    assert "at" in one(
        sql,
        f"select prosrc from pg_proc where oid = '{docs.info.schema_name}.passing'::regproc",
    )
    assert docs.set_filterable({}) == 0
    assert docs.filterable() == {}
    assert one(sql, indexes) == 0
    assert len(docs.search("word", k=100, mode="keyword", filter={"n": {"$lt": 20}})) > 20


@pytest.mark.parametrize(
    "given",
    [
        "null",
        "[]",
        '{"a": "date"}',
        '{"a": 1}',
        '{"": "text"}',
        '{"$gt": "text"}',
        '{"a..b": "text"}',
        '{".a": "text"}',
    ],
)
def test_keys_that_cannot_be_are_refused(docs: pgretrieve.Collection, sql: psycopg.Connection[Any], given: str) -> None:
    with pytest.raises(psycopg.Error) as refused:
        sql.execute("select pgretrieve.set_filterable('docs', %s)", [given])
    assert refused.value.sqlstate == "RT400"
    assert docs.filterable() == {}


def test_python_refuses_what_is_no_dictionary_of_types(docs: pgretrieve.Collection) -> None:
    for wrong in (None, ["n"], {"n": int}, {1: "number"}):
        with pytest.raises(pgretrieve.InvalidInput, match="filterable keys are a dictionary"):
            docs.set_filterable(wrong)  # type: ignore[arg-type]
    with pytest.raises(pgretrieve.InvalidInput, match="33 filterable keys are too many"):
        docs.set_filterable({f"k{n}": "text" for n in range(33)})


@pytest.mark.parametrize(
    "key",
    [
        "a$$b",
        "a$$; select 1/0; --",
        "a@b@c",
        "a@nothing@b",
        'quo"te',
        "it's",
        "back\\slash",
        "ünï😀",
        "a b.c d",
        "percent%s",
        "x" * 200,
    ],
)
def test_any_key_can_be_filterable(docs: pgretrieve.Collection, key: str) -> None:
    nested: Any = 5
    for part in reversed(key.split(".")):
        nested = {part: nested}
    docs.add([{"id": "one", "text": "word", "metadata": nested}])
    assert docs.set_filterable({key: "number"}) == 1
    [hit] = docs.search("word", mode="keyword", filter={key: {"$gt": 4, "$lt": 6}})
    assert hit.document_id == "one"
