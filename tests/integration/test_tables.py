"""Tables in documents: rows keep what stands above them in both legs, whoever writes them."""

import json

import psycopg
import pytest

import pgretrieve
from tests import encoders
from tests.integration.test_long_documents import assert_covers, chunks

TABLE = "| fruit | harvest |\n|---|---|\n" + "".join(f"| sort{n} | {n},000 |\n" for n in range(30))
TEXT = f"An opening paragraph about orchards.\n\nTable 1: Yields\n\n{TABLE}\nA closing paragraph."


@pytest.fixture
def docs(db):
    return db.create_collection("docs", encoder=encoders.NAME, chunking={"table_tokens": 12})


def contexts(sql, collection):
    return [row[0] for row in sql.execute(f"select context from {collection.info.schema_name}.chunk order by id")]


def test_rows_are_found_by_what_stands_above_them(docs, sql, encoded):
    docs.add([{"id": "a", "title": "Farm", "text": TEXT}])
    found = chunks(sql, docs, "a")
    assert_covers(found, TEXT)
    rows = [piece for *_, piece in found if "sort" in piece]
    assert len(rows) > 5
    assert all(piece.startswith("| ") and piece.endswith("|\n") for piece in rows[1:])
    assert all("Farm\nTable 1: Yields\nfruit harvest\nsort" in text for text in encoded if "sort" in text)
    found = docs.search("harvest", mode="keyword", k=50)
    assert len(found) == len(rows)
    assert {hit.chunk_id for hit in docs.search('"fruit harvest"', mode="keyword", k=50)} == {h.chunk_id for h in found}
    assert docs.search("sort17", mode="keyword")[0].text in rows


def test_what_is_removed_was_indexed(docs, sql):
    """Else document frequencies would be wrong for good."""
    docs.add([{"id": "a", "text": TEXT}, {"id": "b", "text": "harvest"}])
    docs.add([{"id": "a", "text": "No table any more."}])
    schema = docs.info.schema_name
    left = sql.execute(
        f"select lexeme, sum(sign(code)) + (select coalesce(sum(cardinality(chunk_ids)), 0) from {schema}.posting as p"
        f" where p.lexeme = d.lexeme) from {schema}.delta as d where lexeme in ('harvest', 'fruit', 'yield') group by 1"
    ).fetchall()
    assert {lexeme: int(df) for lexeme, df in left if df} == {"harvest": 1}
    assert contexts(sql, docs) == ["", ""]


def test_a_document_from_sql_has_its_tables_once_a_worker_has_encoded_it(docs, sql):
    sql.execute("select pgretrieve.add_document('docs', 'a', %s)", [TEXT])
    assert set(contexts(sql, docs)) == {""}
    assert docs.embed_pending() == 1
    from_sql = chunks(sql, docs, "a"), contexts(sql, docs)
    docs.delete(["a"])
    docs.add([{"id": "a", "text": TEXT}])
    assert from_sql == (chunks(sql, docs, "a"), contexts(sql, docs))
    assert docs.add([{"id": "a", "text": TEXT}]).unchanged == 1


def test_prose_is_cut_as_without_the_setting(db, sql, docs):
    plain = db.create_collection("plain", encoder=encoders.NAME)
    prose = "Some sentences, of several words, and so on.\n" * 40
    for collection in (docs, plain):
        collection.add([{"id": "a", "text": prose}])
    assert chunks(sql, docs, "a") == chunks(sql, plain, "a")
    plain.add([{"id": "t", "text": TEXT}])
    assert set(contexts(sql, plain)) == {""}


def test_fields_and_numbers_go_with_tables(db, sql):
    docs = db.create_collection(
        "fielded", encoder=encoders.NAME, chunking={"table_tokens": 12}, fields={"note": 1}, normalise_numbers=True
    )
    docs.add([{"id": "a", "text": TEXT, "fields": {"note": "remark"}}])
    assert "17,000" in docs.search("17000.0 harvest", mode="keyword")[0].text
    assert docs.search("text:yields", mode="keyword", k=50)
    assert docs.search('"fruit harvest"', mode="keyword", k=50)


@pytest.mark.parametrize("given", [-1, 7, 33, 1.5, "many", None, True, [64]])
def test_table_tokens_that_cannot_be_are_refused(db, sql, given):
    with pytest.raises(pgretrieve.InvalidInput, match="table_tokens"):
        db.create_collection("bad", encoder=encoders.NAME, chunking={"table_tokens": given})
    chunking = json.dumps({"max_tokens": 32, "overlap_tokens": 4, "max_characters": 128, "table_tokens": given})
    with pytest.raises(psycopg.Error, match="table_tokens") as caught:
        sql.execute("select pgretrieve.create_collection('bad', chunking => %s)", [chunking])
    assert caught.value.sqlstate == "RT400"


@pytest.mark.parametrize("given", [0, 8, 32])
def test_table_tokens_that_can_be(db, given):
    docs = db.create_collection("good", encoder=encoders.NAME, chunking={"table_tokens": given})
    assert docs.info.chunking["table_tokens"] == given
    docs.add([{"id": "a", "text": TEXT}])
    assert bool(docs.search("sort29", mode="keyword"))
