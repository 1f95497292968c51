"""Keyword search is exact after any history of writes."""

import random
from collections.abc import Callable
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.sql.histories import Replica, Text, keyword

# Few words, so that they meet; among them stop words, one word in two forms, and what the parser takes apart.
WORDS = ["the", "of", "certificate", "certificates", "rotate", "vpn", "VPN", "tea", "naïve", "北京", "well-known",
         "3.14", "a@b.example", "x"]  # fmt: skip

numbers = count()
words = st.sampled_from(WORDS)
sentences = st.lists(words, min_size=1, max_size=40).map(" ".join)
titles = st.one_of(st.just(""), st.lists(words, max_size=3).map(" ".join))
texts = st.builds(Text, sentences, titles)
ids = st.sampled_from([f"d{n}" for n in range(8)])
seeds = st.integers(0, 2**32)

Step = Callable[[Replica], None]


def generated(seed: int, size: int) -> dict[str, Text]:
    """Documents b0, b1, ... that a load takes as one batch: 256 chunks go straight into blocks."""
    rng = random.Random(seed)
    return {f"b{n}": Text(" ".join(rng.choices(WORDS, k=rng.randint(1, 12)))) for n in range(size)}


def many_small_segments(seed: int) -> Step:
    def step(replica: Replica) -> None:
        for key, text in generated(seed, 9).items():
            replica.add({key: text})
            replica.compact()

    return step


def rolled_back(replica: Replica, steps: list[Step]) -> None:
    before = dict(replica.documents)
    with replica.sql.transaction(force_rollback=True):
        for step in steps:
            step(replica)
    replica.documents = before


writes: st.SearchStrategy[Step] = st.one_of(
    st.dictionaries(ids, texts, min_size=1, max_size=5).map(lambda given: lambda r: r.add(given)),
    st.lists(ids, min_size=1, max_size=4).map(lambda given: lambda r: r.delete(given)),
    st.sampled_from(["vpn " * 1000, "tea x " * 300, "rotate " + "the " * 400]).map(
        lambda text: lambda r: r.add({"repeats": Text(text)})
    ),
    st.just(lambda r: r.compact()),
)
steps: st.SearchStrategy[Step] = st.one_of(
    writes,
    writes,
    st.lists(writes, min_size=1, max_size=3).map(lambda inner: lambda r: rolled_back(r, inner)),
    seeds.map(lambda seed: lambda r: r.load(generated(seed, 256))),
    seeds.map(lambda seed: lambda r: r.delete([f"b{n}" for n in random.Random(seed).sample(range(256), 100)])),
    seeds.map(many_small_segments),
    st.just(lambda r: r.load(dict(list(r.documents.items())[:5]), metadata={"changed": True})),
    st.just(lambda r: r.merge_everything()),
)


def new_replica(db: pgretrieve.Client, sql: psycopg.Connection[Any], **settings: Any) -> Replica:
    name = f"history {next(numbers)}"
    return Replica(sql, db.create_collection(name, encoder=None, dimensions=3, index="none", **settings))


# A failing history is not made shorter: that takes minutes, and the steps are told apart by the failing check.
@settings(max_examples=15, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(
    history=st.lists(st.tuples(st.integers(0, 1), steps), min_size=1, max_size=12),
    queries=st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), min_size=3, max_size=3),
    k=st.sampled_from([1, 7, 1000]),
)
def test_scores_are_bm25_after_any_history(
    shared_db: pgretrieve.Client,
    shared_sql: psycopg.Connection[Any],
    history: list[tuple[int, Step]],
    queries: list[str],
    k: int,
) -> None:
    replicas = [
        new_replica(shared_db, shared_sql, chunking={"max_characters": 100}),
        new_replica(shared_db, shared_sql, language="simple", chunking={"max_characters": 60000}, k1=0.9, b=0.4),
    ]
    for target, step in history:
        step(replicas[target])
        replicas[target].assert_finds_what_it_should(queries, k)
    for replica in replicas:
        replica.assert_counts_right()
        replica.merge_everything()
        replica.assert_nothing_dead_is_kept()
        replica.assert_counts_right()
        replica.assert_finds_what_it_should(queries, k)
        shared_db.drop_collection(replica.name)


@pytest.mark.parametrize("size", [20, 300], ids=["delta", "blocks"])
def test_text_past_the_last_position_of_a_tsvector_is_counted(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], size: int
) -> None:
    replica = new_replica(db, sql, language="simple", chunking={"max_characters": 60000})
    long = " ".join(f"w{n % 4999}" for n in range(9_000)) + " last" * 300
    replica.load(generated(1, size) | {"long": Text(long), "repeats": Text("vpn " * 1000)})
    queries = ["vpn", "w17", "last", "w4000 last vpn tea"]
    replica.assert_finds_what_it_should(queries)
    replica.load({"repeats": Text("tea " * 20_000)})  # 20,000 positions; 1,000 of the term that it loses
    replica.assert_finds_what_it_should(queries)
    replica.delete(["long", "repeats"])
    replica.assert_finds_what_it_should(queries)
    replica.merge_everything()
    replica.assert_nothing_dead_is_kept()
    replica.assert_counts_right()


def test_equal_chunks_are_tied_in_whatever_order_a_plan_sums_their_terms(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    replica = new_replica(db, sql, language="simple")
    # Terms of unequal weight, so that the last bit of a sum hangs on its order.
    rare = {f"{word} {n}": Text(word) for weight, word in enumerate("abcde") for n in range(7 * weight)}
    replica.load({f"equal{n:03}": Text("a b c d e") for n in range(300)} | rare)
    sql.execute("set enable_hashagg = off")  # the sort that takes its place puts equal keys in no order
    found = keyword(sql, replica.name, "a b c d e", k=300)
    assert {key[:5] for key, _, _ in found} == {"equal"}
    assert len({score for _, _, score in found}) == 1
    assert [chunk for _, chunk, _ in found] == sorted(chunk for _, chunk, _ in found)


def test_the_dead_that_would_rank_best_never_shorten_a_result(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    replica = new_replica(db, sql)
    replica.load({f"best{n}": Text("vpn vpn vpn") for n in range(700)} | generated(1, 300))
    replica.delete([f"best{n}" for n in range(700)])
    assert replica.collection.stats().dead_chunks == 700
    replica.assert_finds_what_it_should(["vpn", "vpn tea"], k=10)
    replica.assert_finds_what_it_should(["vpn"], k=1000)


def test_compaction_drops_the_dead_once_they_are_many(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql)
    replica.load(generated(1, 1600))
    with sql.transaction():
        # Writers do not compact in this isolation level; in another the second deletion would.
        sql.execute("set transaction isolation level repeatable read")
        replica.delete([f"b{n}" for n in range(700)])
        replica.delete([f"b{n}" for n in range(700, 1200)])
    assert replica.collection.stats().dead_chunks > 1000
    replica.compact()
    replica.assert_nothing_dead_is_kept()
    replica.assert_counts_right()
    replica.assert_finds_what_it_should(["vpn tea", "certificates"], k=50)


def test_writers_compact_without_being_asked(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql)
    for seed in range(9):
        replica.load({f"{seed} {key}": text for key, text in generated(seed, 256).items()})
    assert replica.collection.stats().segments < 8
    replica.assert_counts_right()
    replica.assert_finds_what_it_should(["vpn tea"], k=50)
