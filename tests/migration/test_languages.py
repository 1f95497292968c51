"""Revision 0002: collections from before it can do what new ones can, and going back leaves them as they were."""

import psycopg
import pytest

import pgretrieve
from pgretrieve import schema
from tests.migration import dumps
from tests.servers import Server


def fill(dsn: str) -> pgretrieve.Collection:
    docs = pgretrieve.connect(dsn).create_collection("docs", encoder=None, dimensions=3)
    docs.add([{"id": "a", "text": "An automobile."}, {"id": "b", "text": "A train."}])
    return docs


def found(docs: pgretrieve.Collection, query: str) -> list[str]:
    return [hit.document_id for hit in docs.search(query, mode="keyword")]


def test_collection_from_before_gets_synonyms_and_stop_words(server: Server, dsn: str) -> None:
    docs = fill(dsn)
    fresh = dumps.schema(server, dsn)
    with psycopg.connect(dsn) as connection:
        schema.downgrade(connection, "0001")
    with psycopg.connect(dsn, autocommit=True) as connection:
        assert connection.execute("select to_regclass('pgretrieve_1.synonym')").fetchone() == (None,)
    with pytest.raises(pgretrieve.SchemaOutdated):
        pgretrieve.connect(dsn)
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == fresh
    docs.set_synonyms({"car": ["automobile"]})
    docs.set_stop_words(["trains"])
    assert found(docs, "car train") == ["a"]


def test_upgrade_keeps_synonyms_and_stop_words_in_force(dsn: str) -> None:
    docs = fill(dsn)
    docs.set_synonyms({"car": ["automobile"]})
    docs.set_stop_words(["train"])
    pgretrieve.migrate(dsn)
    assert found(docs, "car train") == ["a"]
    assert docs.synonyms() == {"car": ["automobile"]}


def test_collection_that_the_older_release_could_not_read_stops_the_way_back(server: Server, dsn: str) -> None:
    pgretrieve.connect(dsn).create_collection("docs", encoder=None, dimensions=3, language="thai")
    before = dumps.schema(server, dsn)
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.RaiseException, match="cannot go back"):
        schema.downgrade(connection, "0001")
    assert dumps.schema(server, dsn) == before
