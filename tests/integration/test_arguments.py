"""Arguments that cannot be, from Python and from SQL: which error, the value in the message, a hint, nothing done."""

import json

import psycopg
import pytest
from psycopg.types.json import Jsonb

import pgretrieve
from pgretrieve import AlreadyExists, CollectionNotFound, DimensionMismatch, InvalidFilter, InvalidInput, NotCalibrated
from tests.integration.conftest import WORDS

VECTOR = [1.0, 0.0, 0.0]


# What is refused changes nothing, so all tests share a database, which is much of their time.


@pytest.fixture(scope="module")
def dsn(server):
    with server.database() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def db(dsn):
    with pgretrieve.connect(dsn) as client:
        yield client


@pytest.fixture(scope="module")
def sql(dsn):
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def _own(db):
    collection = db.create_collection("own", encoder=None, dimensions=3)
    collection.add(WORDS, embeddings=[[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    return collection


@pytest.fixture
def filled(_own, db):
    """A collection with vectors, to search in with arguments that cannot be; as it was, afterwards."""
    yield _own
    assert _own.count() == 3
    assert [info.name for info in db.collections()] == ["own"]


@pytest.fixture
def nothing_made(filled, sql):
    """No schema is left of a collection that could not be created."""
    count = "select count(*) from pg_namespace where nspname like 'pgretrieve\\_%'"
    yield
    assert sql.execute(count).fetchone() == (1,)


def refused(kind, call, *parts):
    with pytest.raises(pgretrieve.PgretrieveError) as error:
        call()
    assert type(error.value) is kind
    assert [part for part in parts if part not in error.value.message] == []
    assert error.value.hint


def refused_in_sql(sql, state, statement, parameters, *parts):
    with pytest.raises(psycopg.Error) as error:
        sql.execute(statement, parameters)
    assert error.value.sqlstate == state
    assert [part for part in parts if part not in error.value.diag.message_primary] == []
    assert error.value.diag.message_hint


# Arguments that both sides refuse: what Python gives, and what stands in the message.
SEARCHES = [
    ({"k": 0}, InvalidInput, "RT400", "k of 0"),
    ({"k": -1}, InvalidInput, "RT400", "k of -1"),
    ({"k": 1_000_000}, InvalidInput, "RT400", "k of 1000000"),
    ({"k": 10_001}, InvalidInput, "RT400", "k of 10001"),
    ({"mode": "fuzzy"}, InvalidInput, "RT400", "mode 'fuzzy'"),
    ({"mode": "HYBRID"}, InvalidInput, "RT400", "mode 'HYBRID'"),
    ({"mode": ""}, InvalidInput, "RT400", "mode ''"),
    ({"options": {"fuse": 1}}, InvalidInput, "RT400", "option 'fuse'"),
    ({"options": {"fusion": "sum"}}, InvalidInput, "RT400", '"sum"'),
    ({"options": {"rrf_k": -1}}, InvalidInput, "RT400", "-1"),
    ({"options": {"rrf_k": "60"}}, InvalidInput, "RT400", '"60"'),
    ({"options": {"weights": {"dense": -1}}}, InvalidInput, "RT400", "-1"),
    ({"options": {"weights": {"sparse": 1}}}, InvalidInput, "RT400", "sparse"),
    ({"options": {"depth": 5}}, InvalidInput, "RT400", "'depth' cannot be 5"),
    ({"options": {"depth": 1.5}}, InvalidInput, "RT400", "1.5"),
    ({"options": {"ef_search": 1001}}, InvalidInput, "RT400", "1001"),
    ({"options": {"probes": 0}}, InvalidInput, "RT400", "'probes' cannot be 0"),
    ({"options": {"exact": "yes"}}, InvalidInput, "RT400", '"yes"'),
    ({"options": {"group_by": "title"}}, InvalidInput, "RT400", '"title"'),
    ({"options": {"group_by": "metadata."}}, InvalidInput, "RT400", '"metadata."'),
    ({"options": {"group_by": "document", "group_size": 0}}, InvalidInput, "RT400", "'group_size' cannot be 0"),
    ({"options": {"group_size": 2}}, InvalidInput, "RT400", "nothing is grouped"),
    ({"options": {"mmr": {"lambda": 2}}}, InvalidInput, "RT400", '{"lambda": 2}'),
    ({"options": {"like": {"negative": ["a"]}}}, InvalidInput, "RT400", "'like' cannot be"),
    ({"options": {"like": {"positive": ["nobody"]}}}, InvalidInput, "RT400", "'nobody'"),
    ({"filter": {"team": {"$like": "i%"}}}, InvalidFilter, "RT420", "$like"),
    ({"filter": {"$gte": 1}}, InvalidFilter, "RT420", "$gte"),
    ({"filter": {"$or": []}}, InvalidFilter, "RT420", "[]"),
    ({"filter": {"$and": {"a": 1}}}, InvalidFilter, "RT420", "$and"),
    ({"filter": {"team": {"$in": "infra"}}}, InvalidFilter, "RT420", "infra"),
    ({"filter": {"team": {"$exists": 1}}}, InvalidFilter, "RT420", "$exists"),
    ({"filter": {"team": {"$gt": [1]}}}, InvalidFilter, "RT420", "[1]"),
    ({"min_relevance": 0.5}, NotCalibrated, "RT412", "0.5"),
    ({"query": ""}, InvalidInput, "RT400", "query is empty"),
    ({"query": " \t\n"}, InvalidInput, "RT400", "query is empty"),
    ({"mode": "dense"}, InvalidInput, "RT400", "dense search needs an embedding"),
    ({"embedding": [1.0, 0.0]}, DimensionMismatch, "RT421", "3 dimensions"),
    ({"embedding": [0.0, 0.0, 0.0]}, DimensionMismatch, "RT421", "all zeros"),
]


@pytest.mark.parametrize(("arguments", "kind", "state", "part"), SEARCHES)
def test_a_search_that_cannot_be_is_refused_by_both_sides(filled, sql, arguments, kind, state, part):
    given = {"query": "vpn", **arguments}
    refused(kind, lambda: filled.search(**given), part)
    refused(kind, lambda: filled.explain(**given), part)
    names = ", ".join(f"{name} => %({name})s" for name in given)
    values = {name: Jsonb(value) if name in ("filter", "options") else value for name, value in given.items()}
    if "embedding" in values:
        values["embedding"] = str(values["embedding"])
    refused_in_sql(sql, state, f"select * from pgretrieve.search('own', {names})", values, part)
    refused_in_sql(sql, state, f"select pgretrieve.explain('own', {names})", values, part)


@pytest.mark.parametrize(
    ("arguments", "kind", "part"),
    [
        ({"k": True}, InvalidInput, "True"),
        ({"k": "3"}, InvalidInput, "'3'"),
        ({"k": 2.0}, InvalidInput, "2.0"),
        ({"k": None}, InvalidInput, "None"),
        ({"k": 2**40}, InvalidInput, str(2**40)),
        ({"query": b"vpn"}, InvalidInput, "bytes"),
        ({"query": 5}, InvalidInput, "int"),
        ({"query": ["vpn"]}, InvalidInput, "list"),
        ({"query": "a\0b"}, InvalidInput, "NUL"),
        ({"query": "a\ud800b"}, InvalidInput, "surrogate"),
        ({"mode": 5}, InvalidInput, "5"),
        ({"mode": None}, InvalidInput, "None"),
        ({"filter": "team"}, InvalidFilter, "'team'"),
        ({"filter": [("team", "infra")]}, InvalidFilter, "infra"),
        ({"filter": {"team": {1, 2}}}, InvalidFilter, "set"),
        ({"filter": {"team": float("nan")}}, InvalidFilter, "is not JSON"),
        ({"filter": {"team": "a\0"}}, InvalidFilter, "NUL"),
        ({"filter": {"team": "\ud800"}}, InvalidFilter, "surrogate"),
        ({"options": "exact"}, InvalidInput, "'exact'"),
        ({"options": {"exact": object()}}, InvalidInput, "object"),
        ({"min_relevance": "high"}, InvalidInput, "'high'"),
        ({"min_relevance": True}, InvalidInput, "True"),
        ({"embedding": "abc"}, DimensionMismatch, "not numbers"),
        ({"embedding": [1.0, float("nan"), 0.0]}, DimensionMismatch, "the query"),
        ({"embedding": [1.0, float("inf"), 0.0]}, DimensionMismatch, "the query"),
        ({"embedding": [[1.0, 0.0, 0.0]] * 2}, DimensionMismatch, "got 2"),
    ],
)
def test_a_python_value_that_cannot_be_is_refused(filled, arguments, kind, part):
    given = {"query": "vpn", **arguments}
    refused(kind, lambda: filled.search(**given), part)
    refused(kind, lambda: filled.explain(**given), part)
    refused(kind, lambda: filled.sql(**given), part)


# Settings that both sides refuse.
SETTINGS = [
    ({"language": "klingon"}, "klingon"),
    ({"distance": "manhattan"}, "manhattan"),
    ({"storage": "float8"}, "float8"),
    ({"storage": "bit", "distance": "cosine"}, "cosine"),
    ({"index": "flat"}, "flat"),
    ({"index_settings": {"lists": 5}}, "lists"),
    ({"index_settings": {"m": "x"}}, "m"),
    ({"index": "ivfflat", "index_settings": {"probes": 0}}, "0"),
    ({"dimensions": 0}, "0 dimensions"),
    ({"dimensions": -3}, "-3 dimensions"),
    ({"dimensions": 4001}, "4001 dimensions"),
    ({"chunking": {"max_tokens": 10, "overlap_tokens": 6, "max_characters": 1000}}, "6"),
    ({"chunking": {"max_tokens": 256, "overlap_tokens": 0, "max_characters": 5}}, "5"),
    ({"chunking": {"max_tokens": -1, "overlap_tokens": 0, "max_characters": 1000}}, "-1"),
    ({"k1": -1}, "-1"),
    ({"b": 1.5}, "1.5"),
    ({"ef_search": 0}, "0"),
]


@pytest.mark.parametrize(("settings", "part"), SETTINGS)
def test_a_collection_that_cannot_be_is_refused_by_both_sides(nothing_made, db, sql, settings, part):
    given = {"dimensions": 3, **settings}
    refused(InvalidInput, lambda: db.create_collection("new", encoder=None, **given), part)
    names = ", ".join(f"{name} => %({name})s" for name in given)
    values = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in given.items()}
    refused_in_sql(sql, "RT400", f"select pgretrieve.create_collection('new', encoder => null, {names})", values, part)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_that_cannot_be_is_refused_by_both_sides(nothing_made, db, sql, name):
    refused(InvalidInput, lambda: db.create_collection(name, encoder=None, dimensions=3), "name")
    refused_in_sql(sql, "RT400", "select pgretrieve.create_collection(%s)", [name], "name")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"name": 5}, "5"),
        ({"name": None}, "None"),
        ({"name": "a\0"}, "NUL"),
        ({"dimensions": None}, "needs dimensions"),
        ({"dimensions": 3.5}, "3.5"),
        ({"dimensions": "three"}, "'three'"),
        ({"dimensions": True}, "True"),
        ({"language": 5}, "5"),
        ({"k1": "high"}, "'high'"),
        ({"b": True}, "True"),
        ({"ef_search": "many"}, "'many'"),
        ({"index_settings": [1]}, "[1]"),
        ({"chunking": {"max_words": 5}}, "'max_words'"),
        ({"chunking": [1]}, "[1]"),
    ],
)
def test_a_python_setting_that_cannot_be_is_refused(nothing_made, db, arguments, part):
    given = {"name": "new", "encoder": None, "dimensions": 3, **arguments}
    refused(InvalidInput, lambda: db.create_collection(**given), part)


def test_a_collection_that_is_not_there_is_named_with_those_that_are(filled, db, sql):
    db.create_collection("gone", encoder=None, dimensions=3)
    gone = db.collection("gone")
    db.drop_collection("gone")
    for call in (
        lambda: db.collection("gone"),
        lambda: db.drop_collection("gone"),
        lambda: gone.search("vpn", mode="keyword"),
        lambda: gone.explain("vpn", mode="keyword"),
        lambda: gone.delete(["a"]),
        lambda: gone.add(WORDS),
        gone.count,
        gone.stats,
        gone.compact,
        gone.build_index,
    ):
        refused(CollectionNotFound, call, "gone")
    with pytest.raises(CollectionNotFound, match="Collections here: 'own'"):
        db.collection("gone")
    for statement in (
        "select * from pgretrieve.search('gone', 'vpn')",
        "select pgretrieve.explain('gone', 'vpn')",
        "select pgretrieve.add_documents('gone', '[]')",
        "select pgretrieve.add_document('gone', 'a', 'b')",
        "select pgretrieve.delete_documents('gone', '{a}')",
        "select pgretrieve.delete_document('gone', 'a')",
        "select pgretrieve.drop_collection('gone')",
        "select pgretrieve.compact('gone')",
    ):
        refused_in_sql(sql, "RT404", statement, None, "'gone'")


def test_a_name_that_is_taken_is_refused_by_both_sides(filled, db, sql):
    refused(AlreadyExists, lambda: db.create_collection("own", encoder=None, dimensions=3), "'own'")
    refused_in_sql(sql, "RT409", "select pgretrieve.create_collection('own')", None, "'own'")


@pytest.mark.parametrize(
    ("documents", "part"),
    [
        ('{"id": "x", "text": "y"}', "documents are object"),
        ("null", "documents are null"),
        ('["x"]', "document 1"),
        ('[{"id": "x", "text": "y"}, {"text": "y"}]', "document 2 (id null) has no id"),
        ('[{"id": true, "text": "y"}]', "neither string nor number"),
        ('[{"id": "", "text": "y"}]', "empty id"),
        (json.dumps([{"id": "é" * 501, "text": "y"}]), "1000 bytes"),
        ('[{"id": "x"}]', 'document 1 (id "x") has no text'),
        ('[{"id": "x", "text": 5}]', "has no text"),
        ('[{"id": "x", "text": " \\n"}]', "empty text"),
        ('[{"id": "x", "text": "y", "title": 5}]', "title"),
        ('[{"id": "x", "text": "y", "metadata": []}]', "metadata"),
        ('[{"id": "x", "text": "y"}, {"id": "x", "text": "z"}]', "'x' stands more than once"),
    ],
)
def test_documents_that_cannot_be_are_refused_in_sql_and_nothing_is_written(filled, sql, documents, part):
    refused_in_sql(sql, "RT422", "select pgretrieve.add_documents('own', %s::jsonb)", [documents], part)


@pytest.mark.parametrize("embedding", [[1, 0], [0, 0, 0]])
def test_an_embedding_that_cannot_be_is_refused_in_sql_and_nothing_is_written(filled, sql, embedding):
    documents = json.dumps([{"id": "x", "text": "y"}, {"id": "z", "text": "y", "embedding": embedding}])
    refused_in_sql(sql, "RT421", "select pgretrieve.add_documents('own', %s::jsonb)", [documents], "'z'")


def test_ids_that_are_null_are_refused_in_sql(filled, sql):
    refused_in_sql(sql, "RT422", "select pgretrieve.delete_documents('own', null)", None, "null")
