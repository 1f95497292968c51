"""What users of other systems complain about in filters and approximate search, each as a test of this one."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve
from tests.sql.conftest import QUERY
from tests.sql.histories import Row, rows

SEARCH = (
    "select document_id, chunk_id, rank, score from pgretrieve.search('library', %s, embedding => %s::vector, k => %s,"
    " mode => %s, filter => %s, options => %s) order by rank"
)


def found(
    sql: psycopg.Connection[Any],
    query: str = "",
    k: int = 10,
    mode: str = "dense",
    filter: str = "{}",  # noqa: A002  the contract's name
    options: str = "{}",
) -> list[Row]:
    return rows(sql, SEARCH, query, None if mode == "keyword" else str(QUERY), k, mode, filter, options)


@pytest.fixture
def setting(library_sql: psycopg.Connection[Any]) -> Iterator[Callable[[str], None]]:
    """Leaves a setting in the session, as other code in it might have."""

    def leave(statement: str) -> None:
        library_sql.execute(f"set {statement}")

    yield leave
    library_sql.execute("reset all")


@pytest.mark.parametrize("share", [1000, 200, 20, 10, 3])
@pytest.mark.parametrize("mode", ["dense", "hybrid", "keyword"])
def test_a_filter_never_shortens_the_page(library_sql: psycopg.Connection[Any], share: int, mode: str) -> None:
    """Fewer rows than LIMIT under a filter, or none (pgvector#259, #479, #480, #630, #716, #740; LlamaIndex#9519)."""
    passing = f'{{"n": {{"$lt": {share}}}}}'
    hits = found(library_sql, "w1 w2 w3 w4 w5", 10, mode, passing)
    matching = sum(int(row[0]) < share for row in found(library_sql, "w1 w2 w3 w4 w5", 10_000, "keyword", passing))
    assert len(hits) == min(10, matching if mode == "keyword" else share)
    assert all(int(row[0]) < share for row in hits)


def test_filtered_recall_does_not_fall_with_the_share_that_passes(library_sql: psycopg.Connection[Any]) -> None:
    """Arbitrary filters are applied to what the index brought: recall 0.88 at 10%, 0.67 at 1% (paradedb#5588)."""
    for share in (10_000, 2_000, 200, 20):
        passing = f'{{"n": {{"$lt": {share}}}}}'
        exact = {row[0] for row in found(library_sql, filter=passing, options='{"exact": true}')}
        assert len(exact & {row[0] for row in found(library_sql, filter=passing)}) >= 9, share


def test_a_search_by_words_is_filtered_before_its_best_are_taken(library_sql: psycopg.Connection[Any]) -> None:
    """Filters are applied after the keyword leg was cut (pg_vectorize#84, #143)."""
    worst = found(library_sql, "w1", 10_000, "keyword")[-1][0]
    assert [row[0] for row in found(library_sql, "w1", 1, "keyword", f'{{"n": {worst}}}')] == [worst]


def test_exact_is_exact_whatever_the_planner_would_like(
    library_sql: psycopg.Connection[Any], setting: Callable[[str], None]
) -> None:
    """A search that was to be exact used the index, with a filtered recall of 0.000 (pgvector#734, typegraph#217)."""
    passing = '{"near": false}'
    expected = found(library_sql, filter=passing, options='{"exact": true}')
    similarities = {row[0]: row[3] for row in found(library_sql, k=10_000, filter=passing, options='{"exact": true}')}
    assert [row[0] for row in expected] == sorted(similarities, key=lambda key: -similarities[key])[:10]
    for statement in ("enable_seqscan = off", "enable_sort = off", "random_page_cost = 0", "hnsw.ef_search = 1"):
        setting(statement)
        assert found(library_sql, filter=passing, options='{"exact": true}') == expected


@pytest.mark.parametrize(
    "statement",
    [
        "hnsw.ef_search = 1", "hnsw.iterative_scan = off", "hnsw.max_scan_tuples = 1", "ivfflat.probes = 1",
        "enable_seqscan = off", "work_mem = '64kB'", "jit = on", "plan_cache_mode = force_custom_plan",
        "random_page_cost = 1000", "extra_float_digits = -15", "standard_conforming_strings = off",
    ],
)  # fmt: skip
def test_no_setting_of_the_session_changes_a_result(
    library_sql: psycopg.Connection[Any], setting: Callable[[str], None], statement: str
) -> None:
    """Settings that others left in a pooled session change recall, or queries fail (typegraph#148, hindsight#2076)."""

    def everything() -> list[list[tuple[str, int]]]:
        return [
            [(row[0], row[1]) for row in found(library_sql, "w1 w7", 20, mode, filter_)]
            for mode in ("hybrid", "keyword", "dense")
            for filter_ in ("{}", '{"n": {"$lt": 300}}', '{"even": true}')
        ]

    expected = everything()
    setting(statement)
    assert everything() == expected


@pytest.mark.parametrize("filter_", ["{}", '{"even": true}', '{"n": {"$lt": 3000}}', '{"tags": "t1"}'])
@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_more_rows_begin_with_fewer(library_sql: psycopg.Connection[Any], mode: str, filter_: str) -> None:
    """Plans flip with LIMIT, and results with them (pgvector#630, #721, #784)."""
    for options in ('{"depth": 500}', '{"depth": 500, "exact": true}'):
        every = found(library_sql, "w1 w7 w30", 100, mode, filter_, options)
        for k in (1, 7, 40):
            assert found(library_sql, "w1 w7 w30", k, mode, filter_, options) == every[:k]


def test_a_walk_through_the_index_does_not_end_early(library_sql: psycopg.Connection[Any]) -> None:
    """A scan of the index ended after 51 rows (pgvectorscale#110), or after ef_search of them."""
    hits = found(library_sql, k=3000)
    assert len({row[1] for row in hits}) == 3000
    assert len(found(library_sql, k=3000, filter='{"even": true}')) == 3000


def test_candidates_are_many_by_default(library: pgretrieve.Collection) -> None:
    """An ef_search of 32 misses a third of the nearest (crud-bench#290); legs of 4 rows fuse nothing (LangChain)."""
    for k, depth in ((1, 100), (10, 100), (50, 500)):
        request = library.explain("w1", embedding=QUERY, k=k)["request"]
        assert (request["depth"], request["ef_search"]) == (depth, max(200, depth))
    for given, used in ((10, 100), (1000, 1000)):
        request = library.explain("w1", embedding=QUERY, options={"ef_search": given})["request"]
        assert request["ef_search"] == used


def test_an_index_that_was_there_first_finds_as_much(db: pgretrieve.Client) -> None:
    """Recall is another one if the index is made before the load (pgvectorscale#108)."""
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(3000, 16))
    recalls = []
    for name, batches in (("at once", [3000]), ("bit by bit", [1, 499, *[250] * 10])):
        docs = db.create_collection(name, encoder=None, dimensions=16)
        at = 0
        for size in batches:
            docs.add(
                [{"id": str(n), "text": f"w{n}"} for n in range(at, at + size)], embeddings=vectors[at : at + size]
            )
            at += size
        same = 0
        for query in rng.normal(size=(20, 16)):
            near = {hit.document_id for hit in docs.search("", embedding=query, mode="dense")}
            exact = docs.search("", embedding=query, mode="dense", options={"exact": True})
            same += len(near & {hit.document_id for hit in exact})
        recalls.append(same / 200)
    assert min(recalls) >= 0.95


def test_every_kind_of_index_takes_the_same_options(db: pgretrieve.Client) -> None:
    """Parameters of one kind of index make queries of another fail (VectorChord#253, #274; hindsight#2076)."""
    for index, settings in (("hnsw", {"m": 8}), ("ivfflat", {"lists": 4}), ("none", {})):
        docs = db.create_collection(index, encoder=None, dimensions=2, index=index, index_settings=settings)
        docs.add([{"id": str(n), "text": f"w{n}"} for n in range(1500)], embeddings=[[1, n] for n in range(1500)])
        for options in ({}, {"ef_search": 1}, {"ef_search": 1000}, {"exact": True}):
            assert len(docs.search("w3", embedding=[1, 2], options=options, k=5)) == 5


def test_conditions_of_many_kinds_go_together(library: pgretrieve.Collection) -> None:
    """At most one entry in a filter (vecs#69); no filter by metadata at all (vecs#21, supabase#45310)."""
    condition = {
        "n": {"$gte": 100, "$lt": 4000},
        "even": True,
        "tags": {"$in": ["u1", "u2"]},
        "part.of": {"$ne": 3},
        "$or": [{"tags": "t0"}, {"$not": {"n": {"$gt": 2000}}}],
    }
    expected = {
        str(n) for n in range(100, 4000) if n % 2 == 0 and n % 5 in (1, 2) and n % 7 != 3 and (n % 3 == 0 or n <= 2000)
    }
    assert {hit.document_id for hit in library.search("", embedding=QUERY, k=5000, filter=condition)} == expected
    assert library.count_matches(filter=condition).documents == len(expected)


def test_an_element_of_an_array_is_found_through_an_index(
    library: pgretrieve.Collection, library_sql: psycopg.Connection[Any]
) -> None:
    """Arrays in the metadata need an index of their own, which layers do not make (llama_index#20128)."""
    library_sql.execute("set enable_seqscan = off")
    plan = rows(
        library_sql,
        f"explain select id from {library.info.schema_name}.document"
        """ where metadata @@ pgretrieve._filter_path('{"tags": "t1", "part": {"of": 3}}')""",
    )
    assert "document_metadata" in str(plan)


def test_what_a_filter_did_is_told(library: pgretrieve.Collection) -> None:
    """Nobody tells how much passed the filter, and which plan ran."""
    few = library.explain("w1", embedding=QUERY, filter={"n": {"$lt": 20}})
    assert (few["filter"]["strategy"], few["filter"]["passing_chunks"]) == ("among", 20)
    assert {leg["form"] for leg in few["legs"].values()} == {"among"}
    many = library.explain("w1", embedding=QUERY, filter={"even": True})
    assert (many["filter"]["strategy"], many["filter"]["passing_chunks"]) == ("filtered", None)
    assert "embedding_ann" in many["legs"]["dense"]["indexes"]
    assert many["settings"]["hnsw.iterative_scan"] == "relaxed_order"
