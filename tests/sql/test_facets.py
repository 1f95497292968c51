"""Facets, counts and neighbours: what is counted, and over which set, by a count in plain Python."""

import json
from collections import Counter
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests.reference.filters import passes
from tests.sql.conftest import LIBRARY_SIZE, QUERY, library_metadata
from tests.sql.histories import one, rows

scalars = st.sampled_from([None, True, 1, 1.5, "a", "b", "ä", '"', "\\", "'", "$"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=5,
)
metadatas = st.dictionaries(st.sampled_from(["a", "b", '"', "'", "ä"]), values, max_size=3)


def found_at(value: Any, parts: list[str]) -> list[Any]:
    """What a key leads to: through nested objects, and through arrays of objects one level deep on each step."""
    if not parts:
        return value if isinstance(value, list) else [value]
    found = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and parts[0] in item:
            found += found_at(item[parts[0]], parts[1:])
    return found


def counted(metadata: list[dict[str, Any]], key: str) -> Counter[str]:
    """Documents by value, each value as JSON."""
    return Counter(
        value
        for document in metadata
        for value in {json.dumps(v, sort_keys=True) for v in found_at(document, key.split("."))}
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(metadatas, min_size=1, max_size=12), st.sampled_from(["a", "b", "a.b", "a.a", '"', "'", "ä", "none"]))
def test_each_document_counts_once_for_each_of_its_values(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], given_metadata: list[dict[str, Any]], key: str
) -> None:
    docs = shared_db.create_collection("docs", encoder=None, dimensions=2, index="none")
    docs.add([{"id": str(n), "text": "word", "metadata": m} for n, m in enumerate(given_metadata)])
    try:
        got = docs.facets([key], max_values=10_000)
        # 1 and 1.0 are one number in JSON, and PostgreSQL keeps what was written
        assert {json.dumps(f.value, sort_keys=True): f.count for f in got} == counted(given_metadata, key)
        assert [f.count for f in got] == sorted((f.count for f in got), reverse=True)
        assert {f.scope for f in got} <= {"all documents"}
        for f in got:
            if not isinstance(f.value, list | dict | None):
                assert docs.count_matches(filter={key: f.value}).documents >= f.count
    finally:
        shared_db.drop_collection("docs")


def expected(condition: dict[str, Any], key: str, numbers: range | list[int] = range(LIBRARY_SIZE)) -> Counter[str]:
    return counted([m for m in map(library_metadata, numbers) if passes(m, condition)], key)


@pytest.mark.parametrize("condition", [{}, {"even": True}, {"n": {"$lt": 50}}, {"n": {"$lt": 15_000}}, {"n": -1}])
@pytest.mark.parametrize("key", ["tags", "part.of", "even"])
def test_filtered_facets_of_many_documents(library: pgretrieve.Collection, condition: dict[str, Any], key: str) -> None:
    got = library.facets([key], filter=condition, max_values=100)
    assert {json.dumps(f.value): f.count for f in got} == expected(condition, key)
    assert {f.scope for f in got} <= {"documents that pass the filter" if condition else "all documents"}


@pytest.mark.parametrize("condition", [{}, {"n": {"$lt": 50}}, {"n": {"$lt": 15_000}}])
@pytest.mark.parametrize("query", ["w1", "w300 w301", "unknown"])
def test_words_count_over_all_that_match(
    library: pgretrieve.Collection, library_sql: psycopg.Connection[Any], query: str, condition: dict[str, Any]
) -> None:
    numbers = [
        int(n)
        for (n,) in rows(
            library_sql,
            f"select distinct d.external_id from {library.info.schema_name}.chunk as c"
            f"  join {library.info.schema_name}.document as d on d.id = c.document_id"
            " where to_tsvector('simple', c.text) @@ any (select plainto_tsquery('simple', unnest(%s::text[])))",
            query.split(),
        )
        if passes(library_metadata(int(n)), condition)
    ]
    got = library.facets(["tags", "part.of"], query, filter=condition, max_values=100)
    for key in ("tags", "part.of"):
        assert {json.dumps(f.value): f.count for f in got if f.key == key} == expected({}, key, numbers)
    assert {f.scope for f in got} <= {"documents that match"}
    assert library.count_matches(query, filter=condition) == pgretrieve.Matches(len(numbers), len(numbers))


def test_with_a_vector_the_first_hits_are_counted(library: pgretrieve.Collection) -> None:
    hits = library.search("w7", embedding=QUERY, k=200, filter={"even": True})
    got = library.facets(["tags"], "w7", embedding=QUERY, k=200, filter={"even": True})
    assert {json.dumps(f.value): f.count for f in got} == counted([dict(hit.metadata) for hit in hits], "tags")
    assert {f.scope for f in got} == {"top 200 hits"}
    assert {f.scope for f in library.facets(["tags"], embedding=QUERY)} == {"top 1000 hits"}


def test_most_frequent_values_come_first_and_ties_by_value(library: pgretrieve.Collection) -> None:
    got = library.facets(["part.of", "even", "n"], max_values=2)
    assert [(f.key, f.value) for f in got] == [
        ("part.of", 0), ("part.of", 1), ("even", False), ("even", True), ("n", 0), ("n", 1),
    ]  # fmt: skip


def test_counting_follows_deletions_and_counts_documents_once(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2, chunking={"max_characters": 100})
    docs.add([{"id": str(n), "text": "tea " * 100, "metadata": {"n": n}} for n in range(3)])
    assert docs.count_matches("tea") == pgretrieve.Matches(3, docs.stats().chunks)
    assert docs.count_matches() == docs.count_matches("tea")
    docs.delete(["1"])
    for _ in range(2):
        assert docs.count_matches("tea").documents == docs.count_matches().documents == 2
        assert docs.count_matches("tea", filter={"n": 1}).documents == 0
        assert [f.value for f in docs.facets(["n"], "tea")] == [0, 2]
        docs.compact(rewrite=True)
    assert docs.count_matches("", filter={"n": 2}).documents == 1


def test_neighbours_are_the_chunks_around_in_order(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2, chunking={"max_characters": 100})
    text = " ".join(f"word{n}" for n in range(120))
    docs.add([{"id": "other", "text": text}, {"id": "long", "text": text}])
    chunks = [hit for hit in docs.search("word50 word0 word119", k=100) if hit.document_id == "long"]
    assert len(chunks) >= 3
    every = docs.neighbours(chunks[0], before=1000, after=2**31 - 1)
    assert [c.ordinal for c in every] == list(range(len(every)))
    assert {c.document_id for c in every} == {"long"}
    assert "".join(text[c.start_offset : c.end_offset] for c in every) == text
    assert all(text[c.start_offset : c.end_offset] == c.text for c in every)
    for place, chunk in enumerate(every):
        assert docs.neighbours(chunk) == every[max(0, place - 1) : place + 2]
        assert docs.neighbours(chunk.chunk_id, before=0, after=2) == every[place : place + 3]
    assert docs.neighbours(2**62) == []
    lateral = (
        "select n.ordinal from pgretrieve.search('docs', 'word50', k => 1) as h,"
        " lateral pgretrieve.neighbours('docs', h.chunk_id, 1, 0) as n"
    )
    assert len(rows(sql, lateral)) == 2


def test_a_quoted_key_is_only_a_key(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    odd = "'; drop schema pgretrieve cascade; --"
    docs.add([{"id": "a", "text": "x", "metadata": {odd: 1, "": 2, "@schema@": 3}}])
    assert [(f.key, f.value) for f in docs.facets([odd, "", "@schema@"])] == [(odd, 1), ("", 2), ("@schema@", 3)]
    assert (
        one(sql, "select count(*) from pgretrieve.facets('docs', array[%s], filter => %s)", odd, Jsonb({odd: 1})) == 1
    )
