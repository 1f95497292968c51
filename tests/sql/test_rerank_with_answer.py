"""rerank_with_answer against plain Python; the passage that says nothing; bad arguments."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference import answers, knn
from tests.reference.bm25 import BM25, analysed
from tests.sql.histories import one, rows

WORDS = ["vpn", "tunnel", "certificate", "rotate", "costs", "12", "1,250", "1250.5", "year", "2024"]
SIZE, DIMENSIONS = 60, 4
NULL = "Sorry nothing rotate"


def literal(vector: Any) -> str:
    return json.dumps(np.asarray(vector, dtype=float).tolist())


class Sources:
    """A collection, and what plain Python knows of it."""

    def __init__(self, db: pgretrieve.Client, sql: psycopg.Connection[Any], storage: str, distance: str | None) -> None:
        rng = np.random.default_rng(5)
        self.sql = sql
        self.texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 9))) for _ in range(SIZE)]
        self.vectors = rng.normal(size=(SIZE, DIMENSIONS)) + 0.5
        self.vectors[SIZE // 2 :] = self.vectors[: SIZE // 2]  # ties
        self.storage = storage
        self.docs = db.create_collection(
            storage, encoder=None, dimensions=DIMENSIONS, storage=storage, distance=distance, language="simple"
        )
        self.docs.add(
            ({"id": str(n), "title": f"t{n}", "text": text} for n, text in enumerate(self.texts)),
            embeddings=self.vectors,
        )
        self.ids = [
            row[0]
            for row in rows(
                sql,
                f"select c.id from {self.docs.info.schema_name}.chunk as c"
                f"  join {self.docs.info.schema_name}.document as d on d.id = c.document_id"
                "  order by d.external_id::int",
            )
        ]
        terms = analysed(sql, "simple", [f"t{n}\n{text}" for n, text in enumerate(self.texts)])
        self.bm25 = BM25(dict(enumerate(terms)))

    def cosine(self, number: int, vector: Any) -> float:
        row = knn.stored(self.vectors[number : number + 1], self.storage)[0]
        if self.storage == "bit":
            row = 2 * row - 1
        return float(row @ vector / np.linalg.norm(row) / np.linalg.norm(vector))

    def expected(self, numbers: list[int], query: str, answer: str, vector: Any, null: Any, **given: Any) -> Any:
        [asked] = analysed(self.sql, "simple", [f"{query}\n{answer}"])
        scores = self.bm25.scores(asked)
        passages = [
            answers.Passage(n, 0.0 if vector is None else self.cosine(n, vector), scores.get(n, 0.0), self.texts[n])
            for n in numbers
        ]
        nothing = None
        if null is not None:
            [own] = analysed(self.sql, "simple", [NULL])
            one_more = BM25({0: own})
            one_more.average_length = self.bm25.average_length
            one_more.idf = self.bm25.idf  # type: ignore[method-assign]
            similar = 0.0
            if vector is not None and null is not True:
                similar = float(np.asarray(null) @ vector / np.linalg.norm(null) / np.linalg.norm(vector))
            nothing = answers.Passage(-1, similar, one_more.scores(Counter(asked)).get(0, 0.0), NULL)
        return answers.rerank(passages, answer, nothing, **given)

    def found(self, numbers: list[int], query: str, answer: str, vector: Any, null: Any, **given: Any) -> Any:
        named = "".join(f", {name} => {value}" for name, value in given.items())
        return rows(
            self.sql,
            f"select document_id::int, score, shared_numbers, rank, rank_before, title, text"
            f"  from pgretrieve.rerank_with_answer(%s, %s::bigint[], %s, %s, %s, %s, %s{named})",
            self.storage, [self.ids[n] for n in numbers], query, answer, None if vector is None else literal(vector),
            None if null is None else NULL, None if null is None or null is True else literal(null),
        )  # fmt: skip


@pytest.fixture(scope="module", params=[("halfvec", "cosine"), ("vector", "l2"), ("bit", None)], ids=lambda p: p[0])
def sources(
    request: pytest.FixtureRequest, shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any]
) -> Sources:
    return Sources(shared_db, shared_sql, *request.param)


texts = st.lists(st.sampled_from([*WORDS, "unknown"]), min_size=1, max_size=6).map(" ".join)
vectors = st.integers(0, 10_000).map(lambda seed: np.random.default_rng(seed).normal(size=DIMENSIONS))


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(st.integers(0, SIZE - 1), unique=True, max_size=20),
    query=texts,
    answer=texts,
    vector=st.none() | vectors,
    null=st.none() | st.just(True) | vectors,
    given=st.fixed_dictionaries(
        {},
        optional={
            "dense_weight": st.sampled_from([0.25, 1.0]),
            "keyword_weight": st.sampled_from([0, 2.0]),
            "number_factor": st.sampled_from([0, 1.5]),
            "keep_ratio": st.sampled_from([0, 0.5, 0.95]),
        },
    ),
)
def test_it_is_what_plain_python_says(
    sources: Sources, numbers: list[int], query: str, answer: str, vector: Any, null: Any, given: dict[str, Any]
) -> None:
    if vector is None and isinstance(null, np.ndarray):
        null = True
    got = sources.found(numbers, query, answer, vector, null, **given)
    want = sources.expected(numbers, query, answer, vector, null, **given)
    assert [row[1] for row in got] == pytest.approx([score for _, score, _ in want], rel=1e-5, abs=1e-6)
    assert [row[3] for row in got] == list(range(1, len(got) + 1))
    by_number = {number: (score, shared) for number, score, shared in want}
    for number, score, shared, _, before, title, text in got:
        assert numbers[before - 1] == number
        assert (title, text) == (f"t{number}", sources.texts[number])
        # of two that are tied at the end either may have stayed
        if number in by_number:
            assert (score, shared) == (pytest.approx(by_number[number][0], rel=1e-5, abs=1e-6), by_number[number][1])
    for before, after in pairwise(got):
        assert before[1] > after[1] or (before[1] == after[1] and before[4] < after[4])


def test_chunks_that_are_gone_and_repeats_are_left_out(sources: Sources) -> None:
    first, second = sources.ids[:2]
    given = [2**40, second, -1, first, second, 0, 2_000_000_000]
    got = rows(
        sources.sql,
        "select chunk_id, rank_before"
        "  from pgretrieve.rerank_with_answer(%s, %s::bigint[], '', %s, %s, keep_ratio => 0)",
        sources.storage, given, " ".join(WORDS), literal(sources.vectors[0]),
    )  # fmt: skip
    assert sorted(got) == sorted([(second, 1), (first, 2)])
    assert rows(sources.sql, "select * from pgretrieve.rerank_with_answer(%s, '{}', 'q', 'a')", sources.storage) == []


def test_an_answer_that_says_nothing_has_no_sources(sources: Sources) -> None:
    chunks = [sources.ids[n] for n, text in enumerate(sources.texts) if "rotate" not in text][:10]
    statement = "select rank from pgretrieve.rerank_with_answer(%s, %s::bigint[], 'costs', %s, null_passage => %s)"
    assert rows(sources.sql, statement, sources.storage, chunks, "Sorry nothing rotate", "Sorry nothing rotate") == []
    assert rows(sources.sql, statement, sources.storage, chunks, "Sorry nothing rotate", None)
    assert rows(
        sources.sql, statement, sources.storage, chunks, "vpn 12 tunnel certificate year", "Sorry nothing rotate"
    )


@pytest.mark.parametrize(
    "text",
    ["", "no", "1,234.5 and 1234.5", "covid19 19", "3,4,5", "2024-05-01", "1,000,000.", "12,34 a1 1a 7", "x,5 ½ 007"],
)
def test_numbers_are_those_of_plain_python(sources: Sources, text: str) -> None:
    assert set(one(sources.sql, "select pgretrieve._numbers(%s)", text)) == answers.numbers(text)


CALL = "'bad', '{1}', 'q', 'a'"


@pytest.mark.parametrize(
    ("arguments", "state", "said"),
    [
        ("'nowhere', '{1}', 'q', 'a'", "RT404", "nowhere"),
        ("'bad', null, 'q', 'a'", "RT400", "null chunks"),
        ("'bad', array_fill(1::bigint, array[10001]), 'q', 'a'", "RT400", "10001"),
        ("'bad', '{1}', 'q', ' '", "RT400", "empty"),
        ("'bad', '{1}', 'q', null", "RT400", "empty"),
        (CALL + ", dense_weight => -1", "RT400", "dense_weight of -1"),
        (CALL + ", keyword_weight => null", "RT400", "keyword_weight of null"),
        (CALL + ", keyword_weight => 'NaN'", "RT400", "keyword_weight of NaN"),
        (CALL + ", number_factor => 'infinity'", "RT400", "number_factor of Infinity"),
        (CALL + ", dense_weight => 0, keyword_weight => 0", "RT400", "of 0"),
        (CALL + ", keep_ratio => 1.5", "RT400", "keep_ratio of 1.5"),
        (CALL + ", answer_embedding => '[1,2]'", "RT421", "2"),
        (CALL + ", answer_embedding => '[0,0,0,0]'", "RT421", "the answer's"),
        (CALL + ", null_passage => 'x', null_embedding => '[1,1,1,1]'", "RT400", "answer_embedding is null"),
        (CALL + ", answer_embedding => '[1,1,1,1]', null_embedding => '[1,1,1,1]'", "RT400", "null_passage is null"),
        (CALL + ", answer_embedding => '[1,1,1,1]', null_passage => 'x', null_embedding => '[1]'", "RT421", "1"),
    ],
)
def test_bad_arguments(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], arguments: str, state: str, said: str
) -> None:
    if "bad" not in [info.name for info in shared_db.collections()]:
        shared_db.create_collection("bad", encoder=None, dimensions=DIMENSIONS)
    with pytest.raises(psycopg.Error) as raised:
        shared_sql.execute(f"select pgretrieve.rerank_with_answer({arguments})")
    assert raised.value.sqlstate == state
    assert said in raised.value.diag.message_primary
    assert raised.value.diag.message_hint
