"""A text search configuration that changes under a collection: wrong while it lasts, mended by a rewrite."""

import psycopg

import pgretrieve


def document_frequency(sql: psycopg.Connection, word: str) -> int | None:
    row = sql.execute("select df from pgretrieve_1.weighted_terms(%s, null)", [word]).fetchone()
    return row and row[0]


def test_a_rewrite_mends_what_a_changed_configuration_left_behind(
    db: pgretrieve.Client, sql: psycopg.Connection
) -> None:
    sql.execute("create text search configuration public.mine (copy = pg_catalog.english)")
    docs = db.create_collection("docs", encoder=None, dimensions=1, language="public.mine")
    docs.add({"id": n, "text": f"running number{n}"} for n in range(60))
    docs.compact()
    sql.execute(
        "alter text search configuration public.mine alter mapping for asciiword, word, numword with pg_catalog.simple"
    )
    docs.delete([str(n) for n in range(40)])
    sql.execute(
        "alter text search configuration public.mine "
        "alter mapping for asciiword, word, numword with pg_catalog.english_stem"
    )
    assert document_frequency(sql, "running") == 60  # the removals name another term
    docs.compact(rewrite=True)
    assert document_frequency(sql, "running") == 20
    stats = docs.stats()
    assert (stats.chunks, stats.dead_chunks, stats.delta_postings, stats.segments) == (20, 0, 0, 1)
    assert len(docs.search("running", k=100, mode="keyword")) == 20


def test_postings_of_chunks_deleted_by_hand_are_dropped_by_a_rewrite(
    db: pgretrieve.Client, sql: psycopg.Connection
) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1)
    docs.add({"id": n, "text": "the same words"} for n in range(300))
    sql.execute("delete from pgretrieve_1.chunk where id <= 100")
    assert document_frequency(sql, "words") == 300
    docs.compact(rewrite=True)
    assert document_frequency(sql, "words") == 200
