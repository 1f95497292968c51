"""``$ids`` narrows a search to given documents, be they thousands or come from a table of the application's own."""

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

import pgretrieve
from tests.sql.conftest import LIBRARY_SIZE, QUERY
from tests.sql.histories import rows

MODES = ("keyword", "dense", "hybrid")


@pytest.fixture
def docs(db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add(
        [{"id": str(n), "text": "word", "metadata": {"n": n}} for n in range(10)],
        embeddings=[[1, n] for n in range(10)],
    )
    return docs


def found(docs: pgretrieve.Collection, condition: Any, mode: str = "hybrid") -> list[str]:
    return sorted(hit.document_id for hit in docs.search("word", embedding=[1, 1], k=100, mode=mode, filter=condition))


@pytest.mark.parametrize("mode", MODES)
def test_only_named_documents_are_found(docs: pgretrieve.Collection, mode: str) -> None:
    assert found(docs, {"$ids": ["3", "5", "5", "nobody"]}, mode) == ["3", "5"]
    assert found(docs, {"$ids": [3, "5"]}, mode) == ["3", "5"]
    assert found(docs, {"$ids": []}, mode) == []
    assert found(docs, {"$ids": ["3", "5"], "n": {"$gt": 3}}, mode) == ["5"]
    assert found(docs, {"$and": [{"$ids": ["3", "5"]}, {"$ids": ["5", "7"]}, {"n": {"$lt": 9}}]}, mode) == ["5"]
    assert found(docs, {"$ids": ["3"], "$and": [{"$and": [{"$ids": ["5"]}]}]}, mode) == []
    assert found(docs, (pgretrieve.F.n > 3) & {"$ids": ["3", "5"]}, mode) == ["5"]


@pytest.mark.parametrize("exact", [False, True])
def test_named_documents_are_searched_exactly(docs: pgretrieve.Collection, exact: bool) -> None:
    legs = docs.explain("word", embedding=[1, 1], filter={"$ids": ["3"]}, options={"exact": exact})["legs"]
    assert {leg["form"] for leg in legs.values()} == {"among"}


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"$ids": "3"}, '"3"'),
        ({"$ids": {"$in": ["3"]}}, "array of ids"),
        ({"$ids": [["3"]]}, "array of ids"),
        ({"$ids": [None]}, "array of ids"),
        ({"$or": [{"$ids": ["3"]}, {"n": 1}]}, "$or"),
        ({"$not": {"$ids": ["3"]}}, "$not"),
        ({"$and": [{"$not": {"$and": [{"$ids": ["3"]}]}}]}, "$not"),
        ({"n": {"$ids": ["3"]}}, "$ids"),
        ({"n": {"$and": [{"$ids": ["3"]}]}}, "$ids"),
    ],
)
def test_ids_where_they_cannot_stand_are_an_error(docs: pgretrieve.Collection, condition: Any, named: str) -> None:
    with pytest.raises(pgretrieve.InvalidFilter) as caught:
        docs.search("word", filter=condition)
    assert named in caught.value.message
    assert caught.value.hint


def test_ids_come_from_a_table_of_the_application(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    sql.execute("create table readable (person text, document text)")
    sql.execute("insert into readable values ('ada', '3'), ('ada', '5'), ('bob', '7')")
    search = """
        select document_id from pgretrieve.search('docs', 'word', k => 100, filter => jsonb_build_object(
            '$ids', (select jsonb_agg(r.document) from readable as r where r.person = %s))) order by 1"""
    assert rows(sql, search, "ada") == [("3",), ("5",)]
    # Who may read nothing finds nothing: jsonb_agg makes null of no rows, and that is no document, not no filter.
    assert rows(sql, search, "eve") == []


def test_thousands_of_ids_are_looked_up_in_the_index(
    library: pgretrieve.Collection, library_sql: psycopg.Connection[Any]
) -> None:
    ids = [str(n) for n in range(0, LIBRARY_SIZE, 4)]
    condition = {"$ids": ids, "even": True}
    for mode in MODES:
        hits = library.search("w1 w7 w100", embedding=QUERY, k=10, mode=mode, filter=condition)
        exact = library.search("w1 w7 w100", embedding=QUERY, k=10, mode=mode, filter={"n": {"$in": []}, "$ids": ids})
        assert len(hits) == 10
        assert all(int(hit.document_id) % 4 == 0 for hit in hits)
        assert len(exact) == 0
    allowed = {str(n) for n in range(0, LIBRARY_SIZE, 4)}
    everything = library.search(
        "", embedding=QUERY, k=10_000, mode="dense", options={"exact": True, "depth": LIBRARY_SIZE}
    )
    expected = [hit.document_id for hit in everything if hit.document_id in allowed][:10]
    assert [h.document_id for h in library.search("", embedding=QUERY, mode="dense", filter=condition)] == expected
    statement = f"select from {library.info.schema_name}.document where external_id = any (%s) and metadata @@ %s"
    plan = rows(library_sql, f"explain {statement}", ids[:1000], "(1 == 1)")
    assert any("document_external_id_key" in line for (line,) in plan)


def test_ids_are_bound_values(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    for nasty in ("'; drop schema pgretrieve cascade; --", '"', "\\", "{1,2}", "$1", "ünï😀"):
        docs.add([{"id": nasty, "text": "word"}], embeddings=[[1, 1]])
        assert found(docs, {"$ids": [nasty]}) == [nasty]
        one = rows(
            sql, "select document_id from pgretrieve.search('docs', 'word', filter => %s)", Jsonb({"$ids": [nasty]})
        )
        assert one == [(nasty,)]
