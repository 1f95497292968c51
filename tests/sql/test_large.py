"""Keyword search as in large collections is exact: by bitmaps, with a delta, among the dead, under filters."""

import random
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.sql.histories import Replica, Text, keyword, one, rows
from tests.sql.large import scored_in_full, search_as_large
from tests.sql.test_keyword_history import Step, steps, words

numbers = count()
WEIGHTS = [1 / (n + 1) for n in range(40)]


def new_replica(db: pgretrieve.Client, sql: psycopg.Connection[Any], **given_settings: Any) -> Replica:
    settings = {"chunking": {"max_characters": 60_000}, **given_settings}
    collection = db.create_collection(f"large {next(numbers)}", encoder=None, dimensions=2, index="none", **settings)
    replica = Replica(sql, collection)
    search_as_large(replica)
    return replica


def natural(seed: int, size: int) -> dict[str, Text]:
    """Documents of words that are as unequally frequent as those of a language."""
    rng = random.Random(seed)
    return {
        f"{seed} {n}": Text(" ".join(f"w{w}" for w in rng.choices(range(40), WEIGHTS, k=rng.randint(1, 30))))
        for n in range(size)
    }


@settings(max_examples=10, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(
    history=st.lists(steps, min_size=1, max_size=8),
    queries=st.lists(st.lists(words, min_size=2, max_size=6).map(" ".join), min_size=4, max_size=4),
    k=st.sampled_from([1, 7, 40]),
)
def test_scores_are_bm25_after_any_history(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], history: list[Step], queries: list[str], k: int
) -> None:
    replica = new_replica(shared_db, shared_sql)
    for step in history:
        step(replica)
        replica.assert_finds_what_it_should(queries, k)
    replica.merge_everything()
    replica.assert_finds_what_it_should(queries, k)
    shared_db.drop_collection(replica.name)


@pytest.fixture(scope="module")
def mixed(shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]) -> Replica:
    """A merged segment with bitmaps, a second one without, a delta, and dead chunks in all of them."""
    replica = new_replica(shared_db, shared_sql, language="simple")
    replica.load(natural(1, 900), {"from": "first"})
    replica.merge_everything()
    replica.load(natural(2, 300), {"from": "second"})
    replica.add(natural(3, 60), {"from": "third"})
    for seed in (1, 2, 3):
        replica.delete([f"{seed} {n}" for n in range(0, 60, 4)])
    return replica


def test_bitmaps_say_what_the_lists_of_their_segment_say(mixed: Replica) -> None:
    told = rows(
        mixed.sql,
        f"select b.lexeme, b.first_id, b.bits::text from {mixed.schema}.bitmap as b"
        f"  join {mixed.schema}.segment as s on s.id = b.segment",
    )
    assert len(told) == 40
    lists = {
        lexeme: set(ids)
        for lexeme, ids in rows(
            mixed.sql,
            f"select p.lexeme, array_agg(id) from {mixed.schema}.posting as p, unnest(p.chunk_ids) as id"
            f" where p.segment = (select min(segment) from {mixed.schema}.bitmap) group by p.lexeme",
        )
    }
    assert {lexeme: {first + n for n, bit in enumerate(bits) if bit == "1"} for lexeme, first, bits in told} == lists
    assert len({(first, len(bits)) for _, first, bits in told}) == 1


def queries_of(replica: Replica, seed: int, size: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(f"w{w}" for w in rng.sample(range(40), rng.randint(1, 8))) for _ in range(size)] + ["w39 nowhere"]


@pytest.mark.parametrize("k", [1, 10, 100])
def test_search_is_exact_over_segments_delta_and_dead(mixed: Replica, k: int) -> None:
    for query in queries_of(mixed, k, 25):
        got = [(chunk, score) for _, chunk, score in keyword(mixed.sql, mixed.name, query, k)]
        assert got == scored_in_full(mixed.sql, mixed.schema, query, k), query
    mixed.assert_finds_what_it_should(queries_of(mixed, k + 1, 3), k)


@pytest.mark.parametrize("budget", [0, 500, 3000, 20_000, None])
def test_giving_up_underway_changes_nothing(mixed: Replica, budget: float | None) -> None:
    statement = (
        f"select b.chunk_id, b.score from {mixed.schema}.bm25_top(row(%s, null, null, null), 10, null, 20, %s) as b"
        f"  join {mixed.schema}.chunk as c on c.id = b.chunk_id order by b.score desc, b.chunk_id limit 10"
    )
    for query in queries_of(mixed, 5, 40):
        assert rows(mixed.sql, statement, query, budget) == scored_in_full(mixed.sql, mixed.schema, query, 10), query


@pytest.mark.parametrize("condition", [{"from": "first"}, {"from": "third"}, {"from": {"$ne": "second"}}])
@pytest.mark.parametrize("exact", [True, False])
def test_filtered_search_is_exact(mixed: Replica, condition: dict[str, Any], exact: bool) -> None:
    wanted = {
        chunk
        for chunk, source in rows(
            mixed.sql,
            f"select c.id, d.metadata ->> 'from' from {mixed.schema}.chunk as c"
            f"  join {mixed.schema}.document as d on d.id = c.document_id",
        )
        if (source != "second" if condition["from"] == {"$ne": "second"} else source == condition["from"])
    }
    for query in queries_of(mixed, 7, 12):
        hits = mixed.collection.search(query, mode="keyword", filter=condition, options={"exact": exact})
        everything = scored_in_full(mixed.sql, mixed.schema, query, 10_000)
        assert [(h.chunk_id, h.score) for h in hits] == [row for row in everything if row[0] in wanted][:10], query


def test_scores_that_the_dense_leg_asks_for_are_there(mixed: Replica) -> None:
    for query in queries_of(mixed, 9, 20):
        everything = dict(scored_in_full(mixed.sql, mixed.schema, query, 10_000))
        also = random.Random(query).sample(range(1, 1300), 50)
        given_ids = f"select chunk_id, score from {mixed.schema}.bm25_best(row(%s, null, null, null), 5, %s)"
        got = {c: s for c, s in rows(mixed.sql, given_ids, query, also) if c in everything}
        assert got.items() <= everything.items()
        assert got.keys() >= set(also) & everything.keys()
        assert got.keys() >= {chunk for chunk, _ in scored_in_full(mixed.sql, mixed.schema, query, 5)}


def test_merge_drops_the_bitmaps_of_what_it_merged(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql, language="simple")
    replica.load(natural(1, 300))
    replica.merge_everything()
    [before] = rows(sql, f"select distinct segment from {replica.schema}.bitmap")
    replica.load(natural(2, 300))
    replica.merge_everything()
    [after] = rows(sql, f"select distinct segment from {replica.schema}.bitmap")
    assert before != after
    assert after == (one(sql, f"select id from {replica.schema}.segment"),)


def test_collection_with_fields_has_no_bitmaps(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql, language="simple", fields={"abstract": 2})
    replica.load({key: Text(text.text, fields={"abstract": text.text[:20]}) for key, text in natural(1, 300).items()})
    replica.merge_everything()
    assert not rows(sql, f"select from {replica.schema}.bitmap")
    for query in queries_of(replica, 1, 20):
        got = [(chunk, score) for _, chunk, score in keyword(sql, replica.name, query)]
        assert got == scored_in_full(sql, replica.schema, query, 10), query
