"""pgretrieve.evaluate and its measures, held against ir_measures; judgements and feedback as they are stored."""

import json
from typing import Any

import ir_measures
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.sql.histories import one, rows

MEASURES = [
    "nDCG@3", "nDCG@10", "nDCG", "RR", "RR@2", "MRR@10", "AP", "AP@3", "MAP", "R@1", "R@5", "P@1", "P@5", "Success@1",
    "Success@4", "P(rel=2)@5", "R(rel=2)@5", "AP(rel=2)@4", "AP(rel=2)", "RR(rel=2)", "Success(rel=3)@5", "RR(rel=2)@3",
]  # fmt: skip

LETTERS = [chr(ord("a") + n) for n in range(8)]
grades = st.dictionaries(st.sampled_from(LETTERS), st.integers(-2, 4), min_size=1)
rankings = st.permutations(LETTERS).flatmap(lambda order: st.integers(0, 8).map(lambda n: order[:n]))


def expected(judged: dict[str, dict[str, int]], found: dict[str, list[str]]) -> dict[tuple[str, str], float]:
    """Values by measure and query. Places are scores, so that nothing is tied.

    Grades below 0 count as 0, and are given as such: trec_eval's library reads past its arrays with them.
    """
    judged = {q: {document: max(grade, 0) for document, grade in graded.items()} for q, graded in judged.items()}
    run = {
        query: {document: -float(place) for place, document in enumerate(ids)} for query, ids in found.items() if ids
    }
    parsed = {ir_measures.parse_measure(name): [] for name in MEASURES}
    for name in MEASURES:
        parsed[ir_measures.parse_measure(name)].append(name)
    values = {(name, query): 0.0 for name in MEASURES for query in judged}
    for value in ir_measures.iter_calc(list(parsed), judged, run):
        values |= {(name, value.query_id): value.value for name in parsed[value.measure]}
    return values


@settings(max_examples=80, deadline=None)
@given(judged=grades, found=rankings)
def test_measures_are_those_of_ir_measures(
    shared_sql: psycopg.Connection[Any], judged: dict[str, int], found: list[str]
) -> None:
    ours = rows(
        shared_sql,
        "select m.name, pgretrieve._measure(m.kind, %s::integer[], %s::integer[], m.relevant, m.cut)"
        "  from pgretrieve._measures(%s) as m",
        [judged.get(document) for document in found], list(judged.values()), MEASURES,
    )  # fmt: skip
    theirs = expected({"1": judged}, {"1": found})
    assert dict(ours) == pytest.approx({name: theirs[name, "1"] for name in MEASURES}, abs=1e-12)


DOCUMENTS = [
    {"id": "vpn", "text": "Rotate the vpn certificates.", "embedding": [1, 0, 0], "metadata": {"team": "infra"}},
    {
        "id": "tls",
        "text": "Renew certificates of web servers.",
        "embedding": [0.9, 0.3, 0],
        "metadata": {"team": "web"},
    },
    {"id": "tea", "text": "Water and leaves, four minutes.", "embedding": [0, 1, 0], "metadata": {"team": "infra"}},
    {"id": "same", "text": "Water and leaves, four minutes.", "embedding": [0, 1, 0], "metadata": {"team": "infra"}},
    {"id": "bread", "text": "Dough and water.", "embedding": [0, 0.4, 1], "metadata": {"team": "kitchen"}},
]
QUERIES = [
    {"id": "1", "text": "vpn certificates", "embedding": [1, 0.1, 0]},
    {"id": "2", "text": "water leaves", "embedding": [0, 1, 0.1]},
    {"id": "3", "text": "zebra", "embedding": [0.1, 0.1, 1]},
    {"id": "4", "text": "dough", "embedding": [0, 0, 1]},
    {"id": "nobody judged it", "text": "dough water", "embedding": [0, 0, 1]},
]
JUDGED = {
    "1": {"vpn": 3, "tls": 1, "gone": 2, "tea": -1},
    "2": {"same": 2, "tea": 1, "bread": 0},
    "3": {"bread": 1},
    "4": {"tea": 0},
}


def add(sql: psycopg.Connection[Any], function: str, values: Any, *more: Any) -> Any:
    places = "".join(", %s" for _ in more)
    return one(sql, f"select pgretrieve.{function}('docs', 'set', %s{places})", json.dumps(values), *more)


def judgements(judged: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    return [
        {"query_id": query, "document_id": document, "grade": grade}
        for query, graded in judged.items() for document, grade in graded.items()
    ]  # fmt: skip


@pytest.fixture
def docs(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> pgretrieve.Collection:
    """Five documents, and five queries of which four are judged."""
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    docs.add(DOCUMENTS)
    assert add(sql, "add_queries", QUERIES) == len(QUERIES)
    assert add(sql, "add_judgements", judgements(JUDGED)) == 9
    return docs


@pytest.mark.parametrize("mode", ["keyword", "dense", "hybrid"])
@pytest.mark.parametrize("filter_", [None, {"team": "infra"}])
def test_an_evaluation_is_what_ir_measures_makes_of_the_searches(
    docs: pgretrieve.Collection, sql: psycopg.Connection[Any], mode: str, filter_: Any
) -> None:
    found = {
        query["id"]: [
            hit.document_id
            for hit in docs.search(
                query["text"], embedding=query["embedding"], mode=mode, k=100, filter=filter_,
                options={"group_by": "document"},
            )
        ]
        for query in QUERIES[:4]
    }  # fmt: skip
    theirs = expected(JUDGED, found)
    ours = rows(
        sql,
        "select measure, query_id, value, queries"
        "  from pgretrieve.evaluate('docs', 'set', %s, %s, %s, per_query => true)",
        MEASURES, mode, json.dumps(filter_) if filter_ else None,
    )  # fmt: skip
    assert {(m, q): v for m, q, v, _ in ours if q} == pytest.approx(theirs, abs=1e-12)
    means = {name: sum(theirs[name, query] for query in JUDGED) / 4 for name in MEASURES}
    assert {m: v for m, q, v, _ in ours if q is None} == pytest.approx(means, abs=1e-12)
    assert {(q is None, n) for _, q, _, n in ours} == {(True, 4), (False, None)}
    assert [m for m, q, *_ in ours if q is None] == MEASURES
    if mode == "keyword":
        assert found["3"] == []  # which counts as nothing, and is counted


def test_a_document_of_several_chunks_counts_once(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=3, chunking={"max_characters": 100})
    docs.add([{"id": "long", "text": "water and leaves " * 40}, {"id": "short", "text": "some water"}])
    assert docs.stats().chunks > 5
    add(sql, "add_queries", QUERIES[1:2])
    add(sql, "add_judgements", judgements({"2": {"short": 1}}))
    for options in ("{}", '{"group_by": "chunk"}'):
        statement = "select value from pgretrieve.evaluate('docs', 'set', '{RR}', 'keyword', options => %s)"
        assert one(sql, statement, options) == 0.5


def test_k_is_as_deep_as_the_measures_look(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    evaluate = "select value from pgretrieve.evaluate('docs', 'set', '{R@3}', 'dense', k => %s)"
    assert one(sql, evaluate, 1) < one(sql, evaluate, None) == one(sql, evaluate, 3)


def test_upserts(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    stored = "select text, embedding is not null from pgretrieve.query where query_id = '1'"
    add(sql, "add_queries", [{"id": 1, "text": "vpn certificates"}])
    assert rows(sql, stored) == [("vpn certificates", True)]
    add(sql, "add_queries", [{"id": "1", "text": "first"}, {"id": "1", "text": "vpn"}])
    assert rows(sql, stored) == [("vpn", False)]
    assert add(sql, "add_judgements", [{"query_id": 1, "document_id": "tea"}], "ada") == 1
    seen = "select query, grade, source from pgretrieve.judgements where document_id = 'tea' and query_id = '1'"
    assert rows(sql, seen) == [("vpn", 1, "ada")]
    sets = "select queries, judged_queries, embeddings, judgements, relevant from pgretrieve.query_sets"
    assert rows(sql, sets) == [(5, 4, 4, 9, 7)]
    delete = "select pgretrieve.delete_queries('docs', 'set'{})"
    assert one(sql, delete.format(", array['1', 'nobody']")) == 1
    assert one(sql, "select count(*) from pgretrieve.judgements") == 5
    assert one(sql, delete.format("")) == 4
    assert rows(sql, "select * from pgretrieve.query_sets") == []


def test_feedback_becomes_judgements(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    record = "select pgretrieve.record_feedback('docs', {})"
    for given_ in (
        "'vpn', 'vpn', rank => 1, embedding => '[1, 0, 0]'", "' vpn ', 'vpn'", "'vpn', 'tls'",
        "'tea', 'tea', 'up'", "'tea', 'same', 'down'", "'tea', 'same'", "'tea', 'same'",
        "'even', 'bread', 'up'", "'even', 'bread', 'down'", "'water', 'gone', 'up'",
    ):  # fmt: skip
        sql.execute(record.format(given_))
    judge = "select pgretrieve.judge_feedback('docs'{})"
    assert one(sql, judge.format("")) == 3
    seen = "select query, document_id, grade from pgretrieve.judgements where query_set = 'feedback' order by 1, 2"
    assert rows(sql, seen) == [("tea", "same", 0), ("tea", "tea", 2), ("vpn", "vpn", 1)]
    assert one(sql, judge.format(", min_clicks => 1")) == 4
    assert rows(sql, "select queries, embeddings from pgretrieve.query_sets where query_set = 'feedback'") == [(2, 1)]
    # what somebody has judged counts more
    [(query_id,)] = rows(sql, "select query_id from pgretrieve.query where query_set = 'feedback' and text = 'tea'")
    sql.execute(
        "select pgretrieve.add_judgements('docs', 'feedback', jsonb_build_array(jsonb_build_object("
        "'query_id', %s::text, 'document_id', 'tea', 'grade', 0)))",
        [query_id],
    )
    assert one(sql, judge.format("")) == 2
    assert rows(sql, seen) == [("tea", "same", 0), ("tea", "tea", 0), ("vpn", "vpn", 1)]
    assert one(sql, judge.format(", since => now() + interval '1 day'")) == 0
    assert rows(sql, seen) == [("tea", "tea", 0)]


EVALUATE = "select * from pgretrieve.evaluate('docs', {})"
QUERY = "select pgretrieve.add_queries('docs', 'set', '{}')"
JUDGE = "select pgretrieve.add_judgements('docs', 'set', '{}')"
FEEDBACK = "select pgretrieve.record_feedback('docs', {})"


@pytest.mark.parametrize(
    ("statement", "state", "says"),
    [
        (EVALUATE.format("'other'"), "RT410", "'other'"),
        (EVALUATE.format("null"), "RT410", "NULL"),
        ("select * from pgretrieve.evaluate('no such', 'set')", "RT404", "'no such'"),
        (EVALUATE.format("'set', '{nDCG@10,DCG@5}'"), "RT400", "'DCG@5'"),
        (EVALUATE.format("'set', '{nDCG@0}'"), "RT400", "'nDCG@0'"),
        (EVALUATE.format("'set', '{nDCG(rel=2)@5}'"), "RT400", "'nDCG(rel=2)@5'"),
        (EVALUATE.format("'set', '{P@10001}'"), "RT400", "'P@10001'"),
        (EVALUATE.format("'set', array[null]"), "RT400", "NULL"),
        (EVALUATE.format("'set', '{P}'"), "RT400", "'P'"),
        (EVALUATE.format("'set', '{}'"), "RT400", "'{}'"),
        (EVALUATE.format("'set', null"), "RT400", "null"),
        (EVALUATE.format("'set', mode => 'both'"), "RT400", "'both'"),
        (EVALUATE.format("'set', mode => null"), "RT400", "NULL"),
        (EVALUATE.format("'set', k => 0"), "RT400", "0"),
        (EVALUATE.format("""'set', options => '{"rerank": 1}'"""), "RT400", "'rerank'"),
        (QUERY.format("{}"), "RT400", "object"),
        ("select pgretrieve.add_queries('docs', 'set', null)", "RT400", "null"),
        ("select pgretrieve.add_queries('docs', ' ', '[]')", "RT400", "' '"),
        ("select pgretrieve.add_queries('docs', null, '[]')", "RT400", "NULL"),
        (QUERY.format('[{"text": "x"}]'), "RT400", "id null"),
        (QUERY.format('[{"id": "a", "text": "x"}, {"id": " ", "text": "x"}]'), "RT400", "number 2"),
        (QUERY.format('[{"id": "a"}]'), "RT400", "'a'"),
        (QUERY.format('[{"id": "a", "text": " "}]'), "RT400", "empty text"),
        (QUERY.format('[{"id": "a", "text": "x", "vector": [1]}]'), "RT400", "'vector'"),
        (QUERY.format('[{"id": "a", "text": "x", "embedding": ["1"]}]'), "RT400", "embedding"),
        (QUERY.format('[{"id": "a", "text": "x", "embedding": [1, 2]}]'), "RT421", "2"),
        (QUERY.format('["a"]'), "RT400", "string"),
        (JUDGE.format('[{"query_id": "1"}]'), "RT400", "document_id null"),
        (JUDGE.format('[{"query_id": "1", "document_id": "a", "grade": 0.5}]'), "RT400", "0.5"),
        (JUDGE.format('[{"query_id": "1", "document_id": "a", "grade": "good"}]'), "RT400", '"good"'),
        (JUDGE.format('[{"query_id": "9", "document_id": "a"}]'), "RT400", "'9'"),
        ("select pgretrieve.add_judgements('docs', 'other', '[]')", "RT410", "'other'"),
        ("select pgretrieve.add_judgements('docs', 'set', '[]', ' ')", "RT400", "' '"),
        (FEEDBACK.format("' ', 'vpn'"), "RT400", "' '"),
        (FEEDBACK.format("'vpn', null"), "RT400", "NULL"),
        (FEEDBACK.format("'vpn', 'vpn', 'like'"), "RT400", "'like'"),
        (FEEDBACK.format("'vpn', 'vpn', rank => 0"), "RT400", "0"),
        (FEEDBACK.format("'vpn', 'vpn', embedding => '[1]'"), "RT421", "1"),
        ("select pgretrieve.judge_feedback('docs', min_clicks => 0)", "RT400", "0"),
        ("select pgretrieve.judge_feedback('docs', '')", "RT400", "''"),
    ],
)
def test_errors(
    docs: pgretrieve.Collection, sql: psycopg.Connection[Any], statement: str, state: str, says: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        sql.execute(statement)
    assert caught.value.sqlstate == state
    assert says in caught.value.diag.message_primary
    assert caught.value.diag.message_hint


def test_what_an_evaluation_needs(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    add(sql, "add_queries", [{"id": "1", "text": "another"}])
    with pytest.raises(psycopg.Error, match="1 of 4 judged queries of the set 'set' have no embedding"):
        sql.execute(EVALUATE.format("'set'"))
    assert len(rows(sql, EVALUATE.format("'set', mode => 'keyword'"))) == 3
    sql.execute("delete from pgretrieve.judgement")
    with pytest.raises(psycopg.Error, match="no query of the set 'set' has judgements") as caught:
        sql.execute(EVALUATE.format("'set'"))
    assert caught.value.sqlstate == "RT400"


def test_all_of_it_goes_with_the_collection(
    docs: pgretrieve.Collection, db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    sql.execute(FEEDBACK.format("'vpn', 'vpn'"))
    run = one(sql, "select pgretrieve._save_run('docs', 'one', 'set', '{}', '{}', '{}')")
    found = [{"query_id": "1", "search_ms": 2.5, "measures": {"RR": 1}, "hits": [["vpn", 3.5, None], ["tls", 1, 0.5]]}]
    sql.execute("select pgretrieve._save_run_queries(%s, %s)", [run, json.dumps(found)])
    assert rows(sql, "select collection, name, queries, median_ms from pgretrieve.runs") == [("docs", "one", 1, 2.5)]
    assert rows(sql, "select rank, document_id, score, relevance from pgretrieve.run_hit order by 1") == [
        (1, "vpn", 3.5, None), (2, "tls", 1, 0.5),
    ]  # fmt: skip
    db.drop_collection("docs")
    for table in ("query", "judgement", "feedback", "run", "run_query", "run_hit"):
        assert one(sql, f"select count(*) from pgretrieve.{table}") == 0, table


def test_runs_are_deleted_by_name(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    sql.execute("select pgretrieve._save_run('docs', 'one', 'set', '{}', '{}', '{}')")
    delete = "select pgretrieve.delete_run('docs', 'one')"
    assert one(sql, delete) is True
    assert one(sql, delete) is False
