"""A collection's name is text, never an identifier: any is possible, none can do harm."""

from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import keyword, one

NAMES = [
    "docs", "UPPER lower", "it's", 'say "docs"', "pgretrieve", "select", "pg_catalog", "pgretrieve_1", "名前", "😀",
    "a.b", "a; drop schema pgretrieve cascade", "%s %(name)s", "@schema@", "back\\slash", "new\nline", "x" * 64,
    "名" * 200,
]  # fmt: skip


def test_any_name_works_from_creation_to_drop(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    for name in NAMES:
        docs = db.create_collection(name, encoder=None, dimensions=3)
        docs.add([{"id": name, "text": f"certificates of {name}", "metadata": {"name": name}}], embeddings=[[1, 2, 3]])
    assert sorted(info.name for info in db.collections()) == sorted(NAMES)
    for name in NAMES:
        docs = db.collection(name)
        [hit] = docs.search("certificates", embedding=[1, 2, 3], filter={"name": name})
        assert (hit.document_id, hit.dense_rank, hit.keyword_rank) == (name, 1, 1)
        assert [row[0] for row in keyword(sql, name, "certificates")] == [name]
        assert docs.stats().documents == 1
        assert docs.compact()
        assert docs.explain("certificates", embedding=[1, 2, 3])["collection"] == name
        assert docs.delete([name]) == 1
        db.drop_collection(name)
    assert db.collections() == []


@pytest.mark.parametrize("name", [None, "", " ", "\t\n", "x" * 201], ids=["null", "empty", "blank", "tab", "201"])
def test_name_that_cannot_be_is_refused(sql: psycopg.Connection[Any], name: str | None) -> None:
    with pytest.raises(psycopg.Error) as caught:
        sql.execute("select pgretrieve.create_collection(%s)", [name])
    assert caught.value.sqlstate == "RT400"
    assert one(sql, "select count(*) from pgretrieve.collections") == 0


def test_schema_of_a_collection_carries_its_name_as_a_comment(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    schema = db.create_collection("it's", encoder=None, dimensions=3).info.schema_name
    comment = one(sql, "select obj_description(%s::regnamespace, 'pg_namespace')", schema)
    assert "it''s" in comment


def test_dropped_collection_leaves_nothing_behind(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    count = "select (select count(*) from pg_class) + (select count(*) from pg_proc) + count(*) from pg_namespace"
    before = one(sql, count)
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    docs.add([{"id": "a", "text": "x"}])
    db.drop_collection("docs")
    assert one(sql, count) == before
