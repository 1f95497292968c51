"""tune: the cheapest setting that finds enough is stored, and searches have it from then on."""

import numpy as np
import pytest
from psycopg.conninfo import make_conninfo

from pgretrieve import CollectionNotFound, DimensionMismatch, InvalidFilter, InvalidInput, RecallReport, Tuning, connect
from tests import encoders

DIMENSIONS = 8
QUERIES = np.random.default_rng(4).normal(size=(20, DIMENSIONS))


def filled(client, name="docs", *, count=1_500, **settings):
    docs = client.create_collection(name, encoder=None, dimensions=DIMENSIONS, language="simple", **settings)
    vectors = np.random.default_rng(3).normal(size=(count, DIMENSIONS))
    docs.add(({"id": str(n), "text": "w", "metadata": {"n": n}} for n in range(count)), embeddings=vectors)
    return docs


def kept(sql):
    return sql.execute(
        "select settings, chosen, present, mean, source, k, target_recall, filter from pgretrieve.recall_measurement"
        " order by id"
    ).fetchall()


def request_of(docs, **arguments):
    return docs.explain("", embedding=QUERIES[0], mode="dense", **arguments)["request"]


def test_the_cheapest_setting_that_reaches_the_target_is_stored_with_all_that_was_measured(client, sql):
    docs = filled(client, index="ivfflat", index_settings={"lists": 20, "probes": 2})
    assert request_of(docs)["probes"] == 2
    done_so_far = []
    done = docs.tune(0.9, queries=QUERIES, on_progress=done_so_far.append)
    assert isinstance(done, Tuning)
    assert (done.reached, done.stored, done.note, done.rebuild) == (True, True, None, None)
    assert done_so_far == list(range(1, 21))
    enough = [one.value for one in done.measurements if one.mean >= 0.9]
    assert done.chosen.value == enough[0]
    assert 1 < enough[0] < 20
    assert docs.info.index_settings == {"lists": 20, "probes": enough[0]}
    assert request_of(docs)["probes"] == enough[0]
    assert request_of(docs, options={"probes": 7})["probes"] == 7
    rows = kept(sql)
    assert [row[0]["probes"] for row in rows] == [one.value for one in done.measurements]
    assert [row[0]["probes"] for row in rows if row[1]] == [enough[0]]
    assert [row[0]["probes"] for row in rows if row[2]] == [2]
    assert [row[3] for row in rows] == [one.mean for one in done.measurements]
    assert {row[4:] for row in rows} == {("given", 10, 0.9, None)}
    # what is measured is the same with the setting in place
    report = docs.recall_report(QUERIES, settings=[2])
    assert isinstance(report, RecallReport)
    assert [(one.value, one.present) for one in report.measurements] == [(2, False), (enough[0], True)]
    assert report.measurements[1].mean == done.chosen.mean


def test_a_dry_run_changes_nothing(client, sql):
    docs = filled(client)
    done = docs.tune(0.5, queries=QUERIES.tolist(), dry_run=True)
    assert (done.chosen.value, done.reached, done.stored) == (100, True, False)
    assert kept(sql) == []
    assert client.collection("docs").info.ef_search is None
    assert request_of(docs)["ef_search"] == 200
    assert docs.tune(0.5, queries=QUERIES).stored
    assert docs.info.ef_search == 100
    assert request_of(docs)["ef_search"] == 100


def test_where_no_setting_is_enough_nothing_is_set_and_a_rebuild_is_priced(client, sql):
    docs = filled(client, index_settings={"m": 2, "ef_construction": 4})
    done = docs.tune(1, queries=QUERIES)
    assert max(one.mean for one in done.measurements) < 1
    assert (done.reached, done.stored, done.chosen) == (False, False, None)
    assert done.rebuild.index_settings == {"m": 4, "ef_construction": 8}
    assert done.rebuild.vectors == 1_500
    assert done.rebuild.index_bytes > 100_000
    assert done.rebuild.seconds > 0
    assert [row[1] for row in kept(sql)] == [False] * len(done.measurements)
    assert client.collection("docs").info.ef_search is None


def test_where_nothing_can_be_written_a_dry_run_tells_all_but_the_time_of_a_rebuild(db, dsn):
    filled(db, index_settings={"m": 2, "ef_construction": 4})
    read_only = make_conninfo(dsn, options="-c default_transaction_read_only=on")
    with connect(read_only) as reading:
        done = reading.collection("docs").tune(1, queries=QUERIES, dry_run=True)
    assert (done.reached, done.rebuild.vectors, done.rebuild.seconds) == (False, 1_500, None)


def test_under_a_filter_a_setting_is_only_raised(client, sql):
    docs = filled(client, count=2_400, ef_search=600)
    condition = {"n": {"$lt": 2_000}}
    assert request_of(docs, filter=condition)["ef_search"] == 600
    done = docs.tune(0.5, queries=QUERIES, filter=condition)
    assert (done.chosen.value, done.reached, done.stored) == (400, True, False)
    assert client.collection("docs").info.ef_search == 600
    assert {str(row[7]) for row in kept(sql)} == {str(condition)}
    low = filled(client, "low", count=2_400, ef_search=100)
    assert request_of(low)["ef_search"] == 100
    assert request_of(low, filter=condition)["ef_search"] == 400


def test_what_is_searched_exactly_needs_no_tuning(client, sql):
    docs = filled(client, count=50)
    done = docs.tune(1)
    assert (done.measurements, done.reached, done.stored) == ((), True, False)
    assert "50 chunks" in done.note
    assert docs.recall_report() == RecallReport((), done.note)
    assert "0 chunks" in client.create_collection("empty", encoder=None, dimensions=3).tune().note
    assert kept(sql) == []


def test_without_vectors_the_target_is_not_reached(client, sql):
    docs = client.create_collection("words", encoder=encoders.NAME)
    sql.execute(
        "select pgretrieve.add_documents('words', jsonb_agg(jsonb_build_object('id', n::text, 'text', 'w')))"
        "  from generate_series(1, 1100) as n"
    )
    done = docs.tune()
    assert (done.measurements, done.reached, done.note) == ((), False, "no chunk has a vector")
    done = docs.tune(queries=["w"])
    assert (done.measurements, done.reached, done.note) == ((), False, "no query has a row to be found")


def test_texts_are_encoded_by_the_collections_encoder(client):
    docs = client.create_collection("docs", encoder=encoders.NAME, index="ivfflat", index_settings={"lists": 5})
    docs.add({"id": str(n), "text": f"w{n} v{n % 7}"} for n in range(1_100))
    vectors = encoders.HashingEncoder().encode_queries(["w1 w2", "v3"])
    texts, given = (docs.recall_report(asked, settings=[1, 5]) for asked in (["w1 w2", "v3"], vectors))
    assert [one.mean for one in texts.measurements] == [one.mean for one in given.measurements]
    assert texts.measurements[0].queries == 2


BAD = [
    ({"target_recall": 0}, InvalidInput, "0"),
    ({"target_recall": 1.01}, InvalidInput, "1.01"),
    ({"target_recall": -1}, InvalidInput, "-1"),
    ({"target_recall": float("nan")}, InvalidInput, "nan"),
    ({"target_recall": "0.95"}, InvalidInput, "'0.95'"),
    ({"target_recall": True}, InvalidInput, "True"),
]
BAD_BOTH = [
    ({"queries": "one"}, InvalidInput, "'one'"),
    ({"queries": []}, InvalidInput, "no queries"),
    ({"queries": 5}, InvalidInput, "5"),
    ({"queries": ["words"]}, InvalidInput, "no encoder"),
    ({"queries": ["words", 3]}, InvalidInput, "3"),
    ({"queries": [" "]}, InvalidInput, "' '"),
    ({"queries": ["a\0"]}, InvalidInput, "NUL"),
    ({"queries": [[1, 2]]}, DimensionMismatch, "2"),
    ({"queries": [[0] * DIMENSIONS]}, DimensionMismatch, "zero"),
    ({"queries": np.ones((2, 2, DIMENSIONS))}, DimensionMismatch, ""),
    ({"k": 0}, InvalidInput, "0"),
    ({"k": "ten"}, InvalidInput, "'ten'"),
    ({"sample": 0}, InvalidInput, "0"),
    ({"sample": 1.5}, InvalidInput, "1.5"),
    ({"query_set": "nobody's"}, InvalidInput, "nobody''s"),
    ({"query_set": 5}, InvalidInput, "5"),
    ({"query_set": "a\0"}, InvalidInput, "a"),
    ({"filter": {"$no": 1}}, InvalidFilter, "$no"),
    ({"filter": 5}, InvalidFilter, "5"),
]
BAD_REPORT = [
    ({"settings": []}, InvalidInput, "{}"),
    ({"settings": [0]}, InvalidInput, "0"),
    ({"settings": [1_001]}, InvalidInput, "1001"),
    ({"settings": [1.5]}, InvalidInput, "1.5"),
    ({"settings": 200}, InvalidInput, "200"),
]


def test_bad_arguments_are_refused(client, sql):
    docs = filled(client, count=1_100)
    for call, cases in ((docs.tune, BAD + BAD_BOTH), (docs.recall_report, BAD_BOTH + BAD_REPORT)):
        for arguments, kind, part in cases:
            with pytest.raises(kind) as raised:
                call(**arguments)
            assert part in f"{raised.value.message} {raised.value.hint}", arguments
            assert raised.value.hint, arguments
    client.drop_collection("docs")
    for call in (docs.tune, docs.recall_report):
        with pytest.raises(CollectionNotFound, match="docs"):
            call()
    assert kept(sql) == []
