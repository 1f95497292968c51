"""Revision 0006: the indexes of chunks, in collections from before too."""

import psycopg

import pgretrieve
from pgretrieve import schema
from tests.migration import dumps
from tests.servers import Server


def test_collection_from_before_gets_the_indexes_of_a_new_one(server: Server, dsn: str) -> None:
    docs = pgretrieve.connect(dsn).create_collection("it's full", encoder=None, dimensions=3)
    docs.add([{"id": "a", "text": "A report."}, {"id": "b", "text": "Another report."}])
    fresh, found = dumps.schema(server, dsn), docs.search("report", mode="keyword")
    with psycopg.connect(dsn) as connection:
        schema.downgrade(connection, "0005")
    with psycopg.connect(dsn, autocommit=True) as connection:
        listed = "select indexdef from pg_indexes where schemaname = 'pgretrieve_1' and tablename = 'chunk'"
        assert not any("INCLUDE" in definition for (definition,) in connection.execute(listed))
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == fresh
    with pgretrieve.connect(dsn) as db:
        docs = db.collection("it's full")
        assert docs.search("report", mode="keyword") == found
        assert docs.search("report", mode="keyword", filter={"x": {"$exists": False}}) == found
        docs.add([{"id": "a", "text": "A further report."}])
        assert docs.delete(["b"]) == 1
        assert docs.count() == 1
