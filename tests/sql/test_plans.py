"""Searches use their indexes on data of some size, leave nothing behind in the session, and trust nothing in it."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.conftest import QUERY
from tests.sql.histories import one, rows

TABLES = {"posting", "embedding", "chunk", "document", "delta"}
SETTINGS = [
    "hnsw.ef_search", "hnsw.iterative_scan", "hnsw.max_scan_tuples", "ivfflat.probes", "ivfflat.iterative_scan",
    "plan_cache_mode", "work_mem", "maintenance_work_mem", "enable_seqscan", "jit", "search_path",
    "client_min_messages",
]  # fmt: skip
SEARCH = "select chunk_id, score from pgretrieve.search('library', 'w1 w7', embedding => %s, filter => %s, k => 20)"


def scans(plan: Any) -> Iterator[tuple[str, str]]:
    """(node type, table) of every scan in a plan."""
    if isinstance(plan, dict):
        if "Relation Name" in plan:
            yield plan["Node Type"], plan["Relation Name"]
        plan = list(plan.values())
    if isinstance(plan, list):
        for part in plan:
            yield from scans(part)


def test_unfiltered_search_reads_indexes_and_no_table_from_end_to_end(library: pgretrieve.Collection) -> None:
    legs = library.explain("w1 w7", embedding=QUERY, k=20)["legs"]
    assert legs["dense"]["indexes"] == ["embedding_ann"]
    assert {"posting_pkey", "delta_lexeme"} <= set(legs["keyword"]["indexes"])
    for leg in legs.values():
        found = list(scans(leg["plan"]))
        assert {table for _, table in found} & TABLES
        assert [table for node, table in found if node == "Seq Scan" and table in TABLES] == []


def test_filtered_search_of_many_walks_the_vector_index(library: pgretrieve.Collection) -> None:
    legs = library.explain("w1 w7", embedding=QUERY, k=20, filter={"n": {"$gte": 3}})["legs"]
    assert legs["dense"]["form"] == legs["keyword"]["form"] == "filtered"
    assert "embedding_ann" in legs["dense"]["indexes"]
    assert "posting_pkey" in legs["keyword"]["indexes"]


def test_filter_by_equality_finds_its_documents_through_the_index(library_sql: psycopg.Connection[Any]) -> None:
    schema = one(library_sql, "select schema_name from pgretrieve.collections")
    plan = rows(
        library_sql,
        f"explain select id from {schema}.document"
        """ where metadata @@ pgretrieve._filter_path('{"n": 17}') limit 10001""",
    )
    assert "document_metadata" in str(plan)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("condition", [None, '{"n": {"$gte": 3}}', '{"n": 3}'], ids=["all", "filtered", "among"])
def test_plan_stays_good_after_many_searches_in_one_session(
    library: pgretrieve.Collection, library_sql: psycopg.Connection[Any], condition: str | None, mode: str
) -> None:
    """From the sixth call on, PostgreSQL may go over to a plan for all values."""
    schema = library.info.schema_name
    counted = f"select seq_scan from pg_stat_user_tables where schemaname = '{schema}' and relname = %s"
    before = {table: one(library_sql, counted, table) for table in sorted(TABLES)}
    for _ in range(8):
        rows(library_sql, SEARCH.replace("k => 20", "k => 20, mode => %s"), str(QUERY), condition, mode)
    library_sql.execute("select pg_stat_force_next_flush()")
    assert {table: one(library_sql, counted, table) for table in sorted(TABLES)} == before


@pytest.fixture
def calibrated(library: pgretrieve.Collection, library_sql: psycopg.Connection[Any]) -> Iterator[pgretrieve.Collection]:
    """The library with relevance, by weights that mean nothing."""
    space = one(library_sql, "select space from pgretrieve._calibration_base('library')")
    chunks = one(library_sql, "select chunks from pgretrieve._calibration_base('library')")
    parameters = {
        "hit": str([0.1] * 15), "query": str([0.1] * 8), "family": None, "chunks": chunks, "space": space,
        "thresholds": {"recall": [[0.9, 0.1]], "precision": []},
    }  # fmt: skip
    for mode in ("hybrid", "dense", "keyword"):
        add = "select pgretrieve.add_model('library', 'calibration', %s, %s, '{}', '{}')"
        rows(library_sql, "select pgretrieve.activate_model(%s)", one(library_sql, add, mode, json.dumps(parameters)))
    yield library
    for model in library.models():
        library.retire_model(model.id)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("condition", [None, '{"n": {"$gte": 3}}', '{"n": 3}'], ids=["all", "filtered", "among"])
@pytest.mark.parametrize("least", [None, 0.1], ids=["whole", "cut"])
def test_relevance_reads_no_table_from_end_to_end(
    calibrated: pgretrieve.Collection,
    library_sql: psycopg.Connection[Any],
    condition: str | None,
    mode: str,
    least: float | None,
) -> None:
    schema = calibrated.info.schema_name
    counted = f"select seq_scan from pg_stat_user_tables where schemaname = '{schema}' and relname = %s"
    before = {table: one(library_sql, counted, table) for table in sorted(TABLES)}
    search = SEARCH.replace("k => 20", "k => 20, mode => %s, min_relevance => %s").replace("score", "relevance")
    for _ in range(8):
        found = rows(library_sql, search, str(QUERY), condition, mode, least)
        assert all(relevance is not None for _, relevance in found)
    library_sql.execute("select pg_stat_force_next_flush()")
    assert {table: one(library_sql, counted, table) for table in sorted(TABLES)} == before


@pytest.mark.parametrize("within_transaction", [False, True], ids=["autocommit", "transaction"])
@pytest.mark.parametrize("condition", [None, '{"n": {"$gte": 3}}', '{"n": 3}'], ids=["all", "filtered", "among"])
def test_search_leaves_no_setting_behind(
    library_sql: psycopg.Connection[Any], condition: str | None, within_transaction: bool
) -> None:
    # Loads the library that brings the settings of pgvector.
    rows(library_sql, "select '[1]'::vector")

    def current() -> list[Any]:
        return [one(library_sql, "select current_setting(%s)", name) for name in SETTINGS]

    library_sql.execute("set hnsw.ef_search = 77")
    library_sql.execute("set work_mem = '5MB'")
    library_sql.execute("set search_path = pg_catalog")
    library_sql.autocommit = not within_transaction
    before = current()
    search = SEARCH.replace("embedding => %s", "embedding => %s::public.vector")
    assert len(rows(library_sql, search, str(QUERY), condition)) == (1 if condition == '{"n": 3}' else 20)
    rows(library_sql, search.replace("pgretrieve.search", "pgretrieve.explain").replace("chunk_id, score", "1"),
         str(QUERY), condition)  # fmt: skip
    assert current() == before


def test_failed_search_leaves_no_setting_behind(library_sql: psycopg.Connection[Any]) -> None:
    before = [one(library_sql, "select current_setting(%s, true)", name) for name in SETTINGS]
    with library_sql.transaction(), pytest.raises(psycopg.Error), library_sql.transaction():
        # Fails in the middle: what is divided by here is a score that comes out of the search.
        rows(library_sql, f"select 1 / (score * 0)::int from ({SEARCH}) as s", str(QUERY), None)
    after = [one(library_sql, "select current_setting(%s, true)", name) for name in SETTINGS]
    assert [(name, now) for name, was, now in zip(SETTINGS, before, after, strict=True) if was not in (None, now)] == []


# What a malicious schema at the head of the search path would want to be called in place of the real thing.
HOSTILE = """
create schema hostile;
create function hostile.harm() returns boolean language plpgsql as $$ begin raise exception 'called'; end $$;
create function hostile.vector_dims(public.vector) returns integer language sql as 'select hostile.harm()::int';
create function hostile.length(text) returns integer language sql as 'select hostile.harm()::int';
create function hostile.quote_literal(text) returns text language sql as 'select hostile.harm()::text';
create function hostile.to_tsvector(regconfig, text) returns tsvector
    language sql as 'select hostile.harm()::text::tsvector';
create function hostile.ln(double precision) returns double precision
    language sql as 'select hostile.harm()::int::float8';
create function hostile.sum_of(double precision, double precision) returns double precision
    language sql as 'select hostile.harm()::int::float8';
create aggregate hostile.sum(double precision) (sfunc = hostile.sum_of, stype = double precision);
create function hostile.equal(text, text) returns boolean language sql as 'select hostile.harm()';
create operator hostile.= (leftarg = text, rightarg = text, function = hostile.equal);
create function hostile.greater(integer, integer) returns boolean language sql as 'select hostile.harm()';
create operator hostile.> (leftarg = integer, rightarg = integer, function = hostile.greater);
create function hostile.near(public.halfvec, public.halfvec) returns double precision
    language sql as 'select hostile.harm()::int::float8';
create operator hostile.<=> (leftarg = public.halfvec, rightarg = public.halfvec, function = hostile.near);
create table hostile.collection (like pgretrieve.collection);
create table hostile.document (id integer);
create table hostile.posting (lexeme text);
set search_path = hostile, pg_catalog, public;
"""


def test_hostile_search_path_is_not_followed(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(HOSTILE)
        with pytest.raises(psycopg.errors.RaiseException, match="called"):
            connection.execute("select 2 > 1")  # the trap works
        connection.execute(
            "select pgretrieve.create_collection('docs', encoder => null, dimensions => 3, storage => 'halfvec')"
        )
        connection.execute("select pgretrieve.add_document('docs', 'a', 'vpn', embedding => '[1,2,3]')")
        connection.execute("select pgretrieve.add_document('docs', 'b', 'vpn tea', embedding => '[3,2,1]')")
        for named in ("", """, filter => '{"x": {"$ne": 1}}'""", ", mode => 'dense'", ", mode => 'keyword'"):
            found = connection.execute(f"select * from pgretrieve.search('docs', 'vpn', '[1,2,3]'{named})").fetchall()
            assert [row[0] for row in found] == ["a", "b"]
        connection.execute("select pgretrieve.explain('docs', 'vpn', '[1,2,3]')")
        connection.execute("select * from pgretrieve.collection_stats")
        connection.execute("select pgretrieve.delete_document('docs', 'a')")
        connection.execute("select pgretrieve.compact('docs')")
        connection.execute("select pgretrieve.drop_collection('docs')")


def test_pgvector_may_live_in_any_schema(empty_dsn: str) -> None:
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute('create schema "My Ext"; create extension vector schema "My Ext"')
    pgretrieve.migrate(empty_dsn)
    with pgretrieve.connect(empty_dsn) as db:
        for storage in ("halfvec", "vector", "bit"):
            docs = db.create_collection(storage, encoder=None, dimensions=3, storage=storage)
            documents = [{"id": "a", "text": "vpn"}, {"id": "b", "text": "tea"}]
            docs.add(documents, embeddings=[[1, 2, 3], [-3, 2, 1]])
            for named in ({}, {"filter": {"x": {"$ne": 1}}}, {"options": {"exact": True}}):
                hits = docs.search("vpn", embedding=[1, 2, 3], **named)
                assert [hit.document_id for hit in hits] == ["a", "b"]
            with psycopg.connect(empty_dsn) as connection:
                valid = "select indisvalid from pg_index where indexrelid = to_regclass(%s)"
                assert connection.execute(valid, [f"{docs.info.schema_name}.embedding_ann"]).fetchone() == (True,)
            assert docs.delete(["a"]) == 1
