"""Revision 0004: collections from before go on without fields, and going back leaves them as they were."""

from pathlib import Path

import numpy as np
import psycopg
import pytest

import pgretrieve
from pgretrieve import schema
from tests.migration import dumps
from tests.servers import Server


def test_collection_from_before_goes_on_without_fields(server: Server, dsn: str) -> None:
    docs = pgretrieve.connect(dsn).create_collection("docs", encoder=None, dimensions=3)
    docs.add([{"id": "a", "title": "Tunnels", "text": "A report."}, {"id": "b", "text": "Another report."}])
    fresh, found = dumps.schema(server, dsn), docs.search("tunnel report", mode="keyword")
    with psycopg.connect(dsn) as connection:
        schema.downgrade(connection, "0003")
    with psycopg.connect(dsn, autocommit=True) as connection:
        assert connection.execute("select to_regclass('pgretrieve_1.field_statistic')").fetchone() == (None,)
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == fresh
    with pgretrieve.connect(dsn) as db:
        docs = db.collection("docs")
        assert docs.info.fields == {}
        assert docs.search("tunnel report", mode="keyword") == found
        assert docs.add([{"id": "a", "title": "Tunnels", "text": "A report."}]).unchanged == 1
        with pytest.raises(pgretrieve.InvalidDocument, match="has the field 'abstract'"):
            docs.add([{"id": "a", "text": "A report.", "fields": {"abstract": "x"}}])
        new = db.create_collection("new", encoder=None, dimensions=3, fields={"abstract": 2})
        new.add([{"id": "a", "text": "A report.", "fields": {"abstract": "Of tunnels."}}])
        assert len(new.search("tunnel", mode="keyword")) == 1


def test_upgrade_keeps_fields_in_force(dsn: str) -> None:
    docs = pgretrieve.connect(dsn).create_collection("docs", encoder=None, dimensions=3, fields={"abstract": 2})
    docs.add([{"id": "a", "text": "A report.", "fields": {"abstract": "Of tunnels."}}, {"id": "b", "text": "Tunnels."}])
    found = docs.search("tunnel report", mode="keyword")
    pgretrieve.migrate(dsn)
    assert docs.search("tunnel report", mode="keyword") == found


def test_collection_with_fields_stops_the_way_back(server: Server, dsn: str) -> None:
    pgretrieve.connect(dsn).create_collection("docs", encoder=None, dimensions=3, fields={"abstract": 1})
    before = dumps.schema(server, dsn)
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.RaiseException, match="cannot go back"):
        schema.downgrade(connection, "0003")
    assert dumps.schema(server, dsn) == before


VECTORS = {"abstract": {"weight": 2, "vector": True}, "title": {"vector": True}}
NEAR = "select * from pgretrieve_1.dense_field('{}', '[1, 2, 3]', 10)"


def test_vectors_of_fields_live_through_upgrade_and_dump(
    server: Server, dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    with pgretrieve.connect(dsn) as db:
        docs = db.create_collection("docs", encoder=None, dimensions=3, fields=VECTORS)
        documents = [{"id": str(n), "title": "T", "text": "x", "fields": {"abstract": "y"}} for n in range(5)]
        arrays = {"abstract": np.arange(1, 16).reshape(5, 3), "title": np.arange(16, 1, -1).reshape(5, 3)}
        docs.add(documents, field_embeddings=arrays)
    fresh = dumps.schema(server, dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        found = [connection.execute(NEAR.format(field)).fetchall() for field in VECTORS]
    assert [len(rows) for rows in found] == [5, 5]
    pgretrieve.migrate(dsn)
    file = tmp_path / "dump"
    dumps.dump(server, dsn, "--format=custom", f"--file={file}")
    dumps.restore(server, empty_dsn, str(file))
    for where in (dsn, empty_dsn):
        assert dumps.schema(server, where) == fresh
        with psycopg.connect(where, autocommit=True) as connection:
            assert [connection.execute(NEAR.format(field)).fetchall() for field in VECTORS] == found
        with pgretrieve.connect(where) as db:
            docs = db.collection("docs")
            assert docs.info.vector_fields == ["abstract", "title"]
            assert docs.delete(["1"]) == 1
            assert docs.stats().field_embeddings == 8
