"""recall_report: of the nearest, how many are found, against exact neighbours in plain Python."""

import json
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests.reference import knn, recall
from tests.sql.histories import one, rows

SIZE, DIMENSIONS, K = 2_400, 8, 10
SETTINGS = [100, 150, 400]


def literal(vector: Any) -> str:
    return json.dumps(np.asarray(vector, dtype=float).tolist())


def array(vectors: Any) -> str:
    return "{" + ",".join(f'"{literal(vector)}"' for vector in vectors) + "}"


def filled(db: pgretrieve.Client, name: str, matrix: Any, **settings: Any) -> pgretrieve.Collection:
    docs = db.create_collection(name, encoder=None, dimensions=matrix.shape[1], language="simple", **settings)
    docs.add(({"id": str(n), "text": "w", "metadata": {"n": n}} for n in range(len(matrix))), embeddings=matrix)
    return docs


@pytest.fixture(scope="module")
def matrix() -> Any:
    return np.random.default_rng(3).normal(size=(SIZE, DIMENSIONS))


@pytest.fixture(scope="module")
def queries() -> Any:
    return np.random.default_rng(4).normal(size=(23, DIMENSIONS))


# Graphs of few edges and many lists of which few are read, so that a good deal is missed.
WEAK = {
    "hnsw": {"index": "hnsw", "index_settings": {"m": 2, "ef_construction": 4}},
    "ivfflat": {"index": "ivfflat", "index_settings": {"lists": 40, "probes": 3}},
}


@pytest.fixture(scope="module")
def weak(shared_db: pgretrieve.Client, matrix: Any) -> dict[str, pgretrieve.Collection]:
    return {name: filled(shared_db, name, matrix, **settings) for name, settings in WEAK.items()}


def reported(sql: psycopg.Connection[Any], *arguments: Any, **named: Any) -> list[dict[str, Any]]:
    given = {"embeddings": None, "k": K, "filter": None, "settings": None, "sample": 100, "query_set": None} | named
    cursor = sql.execute(
        "select * from pgretrieve.recall_report(%(collection)s, %(embeddings)s, %(k)s, %(filter)s, %(settings)s::int[],"
        " %(sample)s, %(query_set)s)",
        {"collection": arguments[0], **given},
    )
    names = [column.name for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def expected(
    docs: pgretrieve.Collection, matrix: Any, queries: Any, option: dict[str, int], passing: range, given: Any = None
) -> dict[str, Any]:
    """By plain Python, of what the same searches found."""
    found = []
    for query in queries:
        hits = docs.search("", embedding=query, k=K, mode="dense", filter=given, options=option)
        scores = knn.scores(matrix[passing], query, docs.info.storage, docs.info.distance)
        found.append(recall.recall([int(hit.document_id) for hit in hits], list(scores), K))
    return recall.summary(found, [0.0] * len(found))


@pytest.mark.parametrize(
    ("name", "setting", "settings", "present"),
    [("hnsw", "ef_search", SETTINGS, 200), ("ivfflat", "probes", [1, 2, 7, 40], 3)],
)
@pytest.mark.parametrize("given", [None, {"n": {"$lt": 2_000}}])
def test_a_report_says_what_plain_python_says(
    weak: dict[str, pgretrieve.Collection], shared_sql: psycopg.Connection[Any], matrix: Any, queries: Any, name: str,
    setting: str, settings: list[int], present: int, given: dict[str, Any] | None,
) -> None:  # fmt: skip
    report = reported(
        shared_sql, name, embeddings=array(queries), settings=settings, filter=Jsonb(given) if given else None
    )
    least = 400 if given and name == "hnsw" else 1
    now = 400 if given and name == "hnsw" else present
    assert [row["value"] for row in report] == sorted({max(value, least) for value in [*settings, now]})
    for row in report:
        assert (row["setting"], row["source"], row["note"]) == (setting, "given", None)
        assert row["present"] is (row["value"] == now)
        option = {} if row["present"] else {setting: row["value"]}
        want = expected(weak[name], matrix, queries, option, range(2_000 if given else SIZE), given)
        assert {key: row[key] for key in want if key != "median_ms"} == pytest.approx(
            {key: value for key, value in want.items() if key != "median_ms"}
        )
        assert row["median_ms"] > 0
        assert row["time_ratio"] == pytest.approx(
            row["median_ms"] / next(other["median_ms"] for other in report if other["present"])
        )
    # it tells something only if some of this was missed
    assert name == "hnsw" or report[0]["mean"] < 1


@pytest.mark.parametrize("storage", ["halfvec", "bit"])
def test_of_rows_at_one_distance_any_will_do(db: pgretrieve.Client, sql: psycopg.Connection[Any], storage: str) -> None:
    rng = np.random.default_rng(7)
    places = rng.normal(size=(30, DIMENSIONS))
    matrix = places[rng.integers(0, 30, 1_500)]
    docs = filled(db, "alike", matrix, storage=storage, index="ivfflat", index_settings={"lists": 10})
    queries = rng.normal(size=(12, DIMENSIONS))
    report = reported(sql, "alike", embeddings=array(queries), settings=[1, 2])
    assert [row["value"] for row in report] == [1, 2, 4]
    by_id = []
    for query in queries:
        exact, found = (
            {hit.chunk_id for hit in docs.search("", embedding=query, k=K, mode="dense", options=options)}
            for options in ({"exact": True}, {"probes": 1})
        )
        by_id.append(len(exact & found) / K)
    for row in report:
        want = expected(docs, matrix, queries, {"probes": row["value"]}, range(len(matrix)))
        assert row["mean"] == pytest.approx(want["mean"])
    assert report[0]["mean"] > np.mean(by_id)


@given(
    st.lists(
        st.tuples(st.sampled_from([100, 200]), st.none() | st.integers(0, 20).map(lambda n: n / 20), st.integers(1, 9)),
        max_size=60,
    )
)
def test_a_summary_is_that_of_plain_python(
    shared_sql: psycopg.Connection[Any], measured: list[tuple[int, float | None, int]]
) -> None:
    given = [{"value": value, "recall": found, "ms": ms} for value, found, ms in measured]
    got = rows(shared_sql, "select * from pgretrieve._recall_summary(%s, 200)", Jsonb(given))
    by_value: dict[int, list[tuple[float, int]]] = {}
    for value, found, ms in measured:
        if found is not None:
            by_value.setdefault(value, []).append((found, ms))
    assert [row[0] for row in got] == sorted(by_value)
    for value, present, count, mean, worst, minimum, ms, ratio in got:
        want = recall.summary(*zip(*by_value[value], strict=True))
        assert present is (value == 200)
        assert (count, minimum) == (want["queries"], want["minimum"])
        assert (mean, worst, ms) == pytest.approx((want["mean"], want["worst_decile"], want["median_ms"]))
        if 200 in by_value:
            assert ratio == pytest.approx(ms / recall.summary(*zip(*by_value[200], strict=True))["median_ms"])
        else:
            assert ratio is None


@pytest.mark.parametrize(
    ("k", "settings", "tried"),
    [
        (10, None, [100, 150, 200, 300, 400, 600, 800, 1_000]),
        (10, [1, 120], [100, 120, 200]),
        (30, None, [300, 400, 600, 800, 1_000]),
        (100, [5], [1_000]),
    ],
)
def test_a_ladder_begins_at_what_a_search_raises_a_setting_to(
    weak: dict[str, pgretrieve.Collection], shared_sql: psycopg.Connection[Any], queries: Any, k: int,
    settings: list[int] | None, tried: list[int],
) -> None:  # fmt: skip
    report = reported(shared_sql, "hnsw", embeddings=array(queries[:1]), k=k, settings=settings)
    assert [row["value"] for row in report] == tried
    [row] = [row for row in report if row["present"]]
    assert row["value"] == max(200, min(10 * k, 1_000))


def test_a_ladder_of_probes_ends_with_all_lists(
    weak: dict[str, pgretrieve.Collection], shared_sql: psycopg.Connection[Any], queries: Any
) -> None:
    report = reported(shared_sql, "ivfflat", embeddings=array(queries))
    assert [row["value"] for row in report] == [1, 2, 3, 4, 8, 16, 32, 40]
    # not 1: the index orders vectors that are normalised and rounded again
    assert report[-1]["minimum"] >= 0.9


def test_recorded_queries_come_before_made_up_ones(
    weak: dict[str, pgretrieve.Collection], shared_sql: psycopg.Connection[Any], queries: Any
) -> None:
    [made_up] = reported(shared_sql, "hnsw", settings=[200])
    assert (made_up["source"], made_up["queries"]) == ("own", 100)
    shared_sql.execute("delete from pgretrieve.query")
    for number, query in enumerate(queries):
        shared_sql.execute(
            "insert into pgretrieve.query (collection_id, query_set, query_id, text, embedding)"
            " select c.id, %s, %s, 'w', %s from pgretrieve.collection as c where c.name = 'hnsw'",
            [f"set {number % 2}", f"{number:03}", literal(query) if number != 5 else None],
        )
    try:
        given = reported(shared_sql, "hnsw", embeddings=array(np.delete(queries, 5, axis=0)), settings=[200])
        [recorded] = reported(shared_sql, "hnsw", settings=[200])
        assert (recorded["source"], recorded["queries"]) == ("recorded", 22)
        assert recorded["mean"] == given[0]["mean"]
        [of_set] = reported(shared_sql, "hnsw", settings=[200], query_set="set 1")
        assert of_set["queries"] == 10
        [sampled] = reported(shared_sql, "hnsw", settings=[200], sample=7)
        assert sampled["queries"] == 7
        with pytest.raises(psycopg.Error) as raised:
            reported(shared_sql, "hnsw", query_set="set 9")
        assert (raised.value.sqlstate, "set 9" in str(raised.value)) == ("RT400", True)
    finally:
        shared_sql.execute("delete from pgretrieve.query")


@pytest.mark.parametrize("distance", ["cosine", "l2", "inner_product", "hamming"])
@pytest.mark.parametrize("sample", [1, 7, 100, 5_000])
def test_made_up_queries_are_mixtures_spread_evenly(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], matrix: Any, distance: str, sample: int
) -> None:
    name = f"own {distance}"
    if name not in [info.name for info in shared_db.collections()]:
        storage = "bit" if distance == "hamming" else "vector"
        filled(shared_db, name, matrix[:1_200], storage=storage, distance=distance, index="none")
    schema = one(shared_sql, "select schema_name from pgretrieve.collections where name = %s", name)
    made = [
        json.loads(row[0]) for row in rows(shared_sql, f"select embedding::text from {schema}.own_queries(%s)", sample)
    ]
    assert made == [
        json.loads(row[0]) for row in rows(shared_sql, f"select embedding::text from {schema}.own_queries(%s)", sample)
    ]
    count = min(sample, 1_200)
    assert len(made) == count
    chosen = matrix[[-(-1_200 * n // count) for n in range(count)]]
    if distance == "cosine":
        chosen = chosen / np.linalg.norm(chosen, axis=1, keepdims=True)
    if distance == "hamming":
        chosen = np.where(chosen > 0, 1.0, -1.0)
    parts = [chosen, chosen, np.roll(chosen, -((count + 1) // 2), axis=0)]
    if distance == "hamming":
        parts.append(np.roll(chosen, -((count + 2) // 3), axis=0))
    assert np.allclose(made, np.mean(parts, axis=0), atol=1e-5)


def notes(report: list[dict[str, Any]]) -> str:
    [row] = report
    assert [value for key, value in row.items() if key != "note"] == [None] * 10
    return row["note"]


def test_where_nothing_is_approximate_the_report_says_so(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], matrix: Any
) -> None:
    filled(db, "small", matrix[:1_000])
    assert "1000 chunks" in notes(reported(sql, "small"))
    filled(db, "plain", matrix[:1_100], index="none")
    assert "no vector index" in notes(reported(sql, "plain"))
    docs = filled(db, "large", matrix)
    assert "2 chunks pass" in notes(reported(sql, "large", filter='{"n": {"$lt": 2}}'))
    assert "0 chunks pass" in notes(reported(sql, "large", filter='{"n": "nothing"}'))
    sql.execute(f"drop index {docs.info.schema_name}.embedding_ann")
    assert "not built" in notes(reported(sql, "large"))
    db.create_collection("empty", encoder=None, dimensions=3)
    assert "0 chunks" in notes(reported(sql, "empty"))


def test_without_vectors_nothing_is_measured(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    db.create_collection("words", encoder="test-hashing")
    sql.execute(
        "select pgretrieve.add_documents('words', jsonb_agg(jsonb_build_object('id', n::text, 'text', 'w')))"
        "  from generate_series(1, 1100) as n"
    )
    assert notes(reported(sql, "words")) == "no chunk has a vector"
    assert notes(reported(sql, "words", embeddings=array(np.ones((2, 64))))) == "no query has a row to be found"


def test_a_report_works_where_nothing_can_be_written(
    weak: dict[str, pgretrieve.Collection], shared_sql: psycopg.Connection[Any], queries: Any
) -> None:
    with shared_sql.transaction():
        shared_sql.execute("set transaction read only")
        assert reported(shared_sql, "hnsw", settings=[200], sample=3)


BAD = [
    ("'nowhere'", "RT404", "nowhere"),
    ("'hnsw', k => 0", "RT400", "0"),
    ("'hnsw', k => null", "RT400", "null"),
    ("'hnsw', sample => 0", "RT400", "0"),
    ("'hnsw', sample => 10001", "RT400", "10001"),
    ("'hnsw', settings => '{}'", "RT400", "{}"),
    ("'hnsw', settings => '{0}'", "RT400", "0"),
    ("'hnsw', settings => '{200,1001}'", "RT400", "1001"),
    ("'hnsw', settings => '{null}'", "RT400", "NULL"),
    ("'ivfflat', settings => '{32769}'", "RT400", "32769"),
    ("'hnsw', embeddings => '{}'", "RT400", "empty"),
    ("'hnsw', embeddings => '{null}'", "RT400", "null"),
    ("'hnsw', embeddings => '{\"[1,2]\"}'", "RT421", "2"),
    ("'hnsw', embeddings => '{\"[0,0,0,0,0,0,0,0]\"}'", "RT421", "zero"),
    ("'hnsw', query_set => 'none'", "RT400", "none"),
    ("'hnsw', filter => '{\"$no\": 1}'", "RT420", "$no"),
    ("'hnsw', filter => '3'", "RT420", "3"),
]


@pytest.mark.parametrize(("arguments", "state", "said"), BAD)
def test_bad_arguments(
    weak: dict[str, pgretrieve.Collection], shared_sql: psycopg.Connection[Any], arguments: str, state: str, said: str
) -> None:
    with pytest.raises(psycopg.Error) as raised:
        shared_sql.execute(f"select pgretrieve.recall_report({arguments})")
    assert raised.value.sqlstate == state
    assert said in f"{raised.value.diag.message_primary} {raised.value.diag.message_hint}"
