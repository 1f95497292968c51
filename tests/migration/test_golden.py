"""The schema as a reviewer reads it: golden/schema.sql is what an installation with one collection looks like.

Bodies of functions are left out; they stand in sql/. After a change that is meant, write it anew and look at the
difference:

    PGRETRIEVE_UPDATE_GOLDEN=1 python -m pytest tests/migration/test_golden.py
"""

import os
from pathlib import Path

import pgretrieve
from tests.migration import dumps
from tests.servers import Server

GOLDEN = Path(__file__).parents[1] / "golden" / "schema.sql"


def test_schema_is_the_golden_one_on_every_server(server: Server, dsn: str) -> None:
    with pgretrieve.connect(dsn) as db:
        db.create_collection("docs")
    schema = dumps.without_bodies(dumps.schema(server, dsn, "pgretrieve", "pgretrieve_1"))
    if os.environ.get("PGRETRIEVE_UPDATE_GOLDEN"):
        GOLDEN.write_text(schema)
    assert schema == GOLDEN.read_text(), "the schema has changed; if that is meant, see the head of this file"
