"""Revision 0007: collections from before are searched without bitmaps until a merge makes them."""

import psycopg

import pgretrieve
from pgretrieve import schema
from tests.migration import dumps
from tests.servers import Server
from tests.sql.histories import Replica, keyword, rows
from tests.sql.large import scored_in_full, search_as_large
from tests.sql.test_large import natural, queries_of


def assert_exact(replica: Replica) -> None:
    for query in queries_of(replica, 1, 15):
        got = [(chunk, score) for _, chunk, score in keyword(replica.sql, replica.name, query)]
        assert got == scored_in_full(replica.sql, replica.schema, query, 10), query


def test_collection_from_before_is_right_until_a_merge_and_after(server: Server, dsn: str) -> None:
    with pgretrieve.connect(dsn) as db, psycopg.connect(dsn, autocommit=True) as connection:
        docs = db.create_collection("docs", encoder=None, dimensions=3, language="simple", index="none")
        Replica(connection, docs).load(natural(1, 400))
    fresh = dumps.schema(server, dsn)
    with psycopg.connect(dsn) as connection:
        schema.downgrade(connection, "0006")
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == fresh
    with pgretrieve.connect(dsn) as db, psycopg.connect(dsn, autocommit=True) as connection:
        replica = Replica(connection, db.collection("docs"), natural(1, 400))
        search_as_large(replica)
        assert_exact(replica)
        assert not rows(connection, f"select from {replica.schema}.bitmap")
        replica.collection.compact(rewrite=True)
        assert rows(connection, f"select from {replica.schema}.bitmap")
        assert_exact(replica)
