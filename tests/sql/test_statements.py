"""Plain searches run short statements; those return what the long one, which can do everything, returns."""

import json
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.sql.conftest import QUERY
from tests.sql.test_fusion import METHODS, WORDS

Client = pgretrieve.Client
Connection = psycopg.Connection[Any]

_PLAIN = "row(%(query)s, null, null, null)"
_REQUEST = """
    select jsonb_populate_record(
               pgretrieve._search_request(pgretrieve._find_collection('docs'), %(query)s, %(embedding)s::vector, %(k)s,
                                          %(mode)s, null, null, %(options)s),
               case %(mode)s when 'keyword' then '{}' else '{"dense_plan": "all"}' end::jsonb)"""


@pytest.fixture(scope="module")
def docs(shared_db: Client) -> pgretrieve.Collection:
    """600 documents with ties in both legs; some are written and some are gone since the lists were made."""
    rng = np.random.default_rng(7)
    docs = shared_db.create_collection("docs", encoder=None, dimensions=4, storage="vector", index="hnsw")
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(1, 4))) for _ in range(600)]
    embeddings = rng.integers(1, 4, size=(600, 4))
    items = [{"id": str(n), "text": text, "metadata": {"n": n}} for n, text in enumerate(texts)]
    docs.add(items[:500], embeddings=embeddings[:500])
    docs.compact()
    docs.add(items[500:], embeddings=embeddings[500:])
    docs.delete([str(n) for n in range(0, 600, 9)])
    docs.set_synonyms({"tea": ["mail"]})
    return docs


@settings(max_examples=80, deadline=None)
@given(
    statement=st.sampled_from(["search_hybrid", "search_hybrid", "search_dense", "search_keyword", "search_words"]),
    method=st.sampled_from([method for method in METHODS if method != "zscore"]),
    weights=st.sampled_from(["{}", '{"dense": 2}', '{"keyword": 0}']),
    query=st.lists(st.sampled_from([*WORDS, "unknown", "the"]), min_size=1, max_size=4).map(" ".join),
    embedding=st.lists(st.integers(1, 5), min_size=4, max_size=4),
    k=st.sampled_from([1, 7, 60]),
    deeper=st.sampled_from([0, 1, 90, 700]),
)
def test_a_short_statement_returns_what_the_long_one_returns(
    docs: pgretrieve.Collection,
    shared_sql: Connection,
    statement: str,
    method: str,
    weights: str,
    query: str,
    embedding: list[int],
    k: int,
    deeper: int,
) -> None:
    schema = docs.info.schema_name
    mode = "keyword" if statement == "search_words" else statement.removeprefix("search_")
    options = f'{{"fusion": "{method}", "weights": {weights}, "depth": {k + deeper}}}'
    given = {"query": query, "embedding": str(embedding), "k": k, "mode": mode, "options": options}
    short, long = (
        shared_sql.execute(
            f"select {hit}.* from {schema}.{name}({_PLAIN}, %(embedding)s::vector, %(k)s, ({_REQUEST})) as s",
            given,
        ).fetchall()
        for hit, name in (("s", statement), ("(s.hit)", "search"))
    )
    assert [row[:4] for row in short] == [row[:4] for row in long]
    assert short == long


@settings(max_examples=100, deadline=None)
@given(
    mode=st.sampled_from(["hybrid", "hybrid", "dense", "keyword"]),
    method=st.sampled_from([method for method in METHODS if method != "zscore"]),
    form=st.sampled_from(["among", "filtered"]),
    query=st.lists(st.sampled_from([*WORDS, "unknown"]), min_size=1, max_size=4).map(" ".join),
    embedding=st.lists(st.integers(1, 5), min_size=4, max_size=4),
    k=st.sampled_from([1, 7, 60]),
    least=st.sampled_from([0, 300, 580, 601]),
)
def test_so_it_does_under_a_filter(
    docs: pgretrieve.Collection,
    shared_sql: Connection,
    mode: str,
    method: str,
    form: str,
    query: str,
    embedding: list[int],
    k: int,
    least: int,
) -> None:
    schema = docs.info.schema_name
    given = {
        "query": query,
        "embedding": str(embedding),
        "k": k,
        "mode": mode,
        "form": form,
        "options": f'{{"exact": true, "fusion": "{method}"}}',
        "filter": f'{{"n": {{"$gte": {least}}}}}',
    }
    request = """
        select jsonb_populate_record(r, jsonb_build_object(
                   'dense_plan', case when r.dense_plan <> 'none' then %(form)s else 'none' end,
                   'keyword_plan', case when r.keyword_plan <> 'none' then %(form)s else 'none' end,
                   'allowed', case when %(form)s = 'among' then to_jsonb(r.allowed) end))
          from pgretrieve._search_request(pgretrieve._find_collection('docs'), %(query)s, %(embedding)s::vector, %(k)s,
                                          %(mode)s, %(filter)s, null, %(options)s) as r"""
    short, long = (
        shared_sql.execute(
            f"select {hit}.* from {schema}.{name}({_PLAIN}, %(embedding)s::vector, %(k)s, ({request})) as s",
            given,
        ).fetchall()
        for hit, name in (("s", f"search_{mode}_filtered"), ("(s.hit)", "search_filtered"))
    )
    assert short == long
    assert all(row[-1]["n"] >= least for row in short)


HIT = [-0.4, 0.3, 0.1, 1.5, -0.3, -0.2, 0.4, -0.1, -0.2, 0.4, -0.3, 0.2, 0.3, -0.5, 0.7]
ASKED = [0.5, 0.1, -0.2, 1.0, 0.1, -1.0, -0.1, 0.5]


@settings(max_examples=80, deadline=None)
@given(
    statement=st.sampled_from(["search_words", "search_keyword", "search_dense"]),
    form=st.sampled_from([None, "among", "filtered"]),
    calibrated=st.sampled_from([True, True, True, False]),
    family=st.sampled_from([None, None, "linear", "power"]),
    cut=st.sampled_from([None, "gap"]),
    least=st.sampled_from([None, 0.1, 0.3, 0.5]),
    method=st.sampled_from(METHODS),
    query=st.lists(st.sampled_from([*WORDS, "unknown", "the", "-mail"]), min_size=1, max_size=4).map(" ".join),
    embedding=st.lists(st.integers(1, 5), min_size=4, max_size=4),
    k=st.sampled_from([1, 7, 60]),
    deeper=st.sampled_from([0, 1, 90, 700]),
)
def test_so_it_does_with_relevance_and_cuts(
    docs: pgretrieve.Collection,
    shared_sql: Connection,
    statement: str,
    form: str | None,
    calibrated: bool,
    family: str | None,
    cut: str | None,
    least: float | None,
    method: str,
    query: str,
    embedding: list[int],
    k: int,
    deeper: int,
) -> None:
    mode = "dense" if statement == "search_dense" else "keyword"
    if statement == "search_words" and form:
        statement = "search_keyword"
    if statement != "search_keyword":
        query = query.replace("-", "")
    changed: dict[str, Any] = {"cut": cut, "dense_plan": "none", "keyword_plan": "none", f"{mode}_plan": form or "all"}
    if calibrated:
        changed |= {"hit_weights": str(HIT), "query_weights": str(ASKED), "min_relevance": least}
        if mode == "dense" and family:
            changed |= {"family": family, "adapter": [2.0, -1.0, 0.7]}
    if form == "filtered":
        changed["allowed"] = None
    given = {
        "query": query, "embedding": str(embedding), "k": k, "mode": mode, "changed": json.dumps(changed),
        "filter": '{"n": {"$gte": 100}}' if form else None,
        "options": json.dumps({"fusion": method, "depth": k + deeper, "exact": form is not None}),
    }  # fmt: skip
    request = """
        select jsonb_populate_record(r, %(changed)s)
          from pgretrieve._search_request(pgretrieve._find_collection('docs'), %(query)s, %(embedding)s::vector, %(k)s,
                                          %(mode)s, %(filter)s, null, %(options)s) as r"""
    schema = docs.info.schema_name
    rated, whole = (f"{statement}_rated_filtered", "search_filtered") if form else (f"{statement}_rated", "search")
    short, long = (
        shared_sql.execute(
            f"select {hit}.* from {schema}.{name}({_PLAIN}, %(embedding)s::vector, %(k)s, ({request})) as s",
            given,
        ).fetchall()
        for hit, name in (("s", rated), ("(s.hit)", whole))
    )
    relevance = 4
    assert [row[relevance] for row in short] == pytest.approx([row[relevance] for row in long], abs=1e-12)
    assert all((row[relevance] is not None) == calibrated for row in short)
    assert [(*row[:relevance], *row[relevance + 1 :]) for row in short] == [
        (*row[:relevance], *row[relevance + 1 :]) for row in long
    ]


@pytest.mark.parametrize(
    ("mode", "options", "query", "statement"),
    [
        ("keyword", {}, "w1 w7", "search_words"),
        ("keyword", {"min_match": 1}, '"w1 w7" -w3', "search_keyword"),
        ("dense", {}, "w1", "search_dense"),
        ("dense", {}, "w1 -w2", "search"),
        ("keyword", {"cut": "gap"}, "w1 w7", "search_words_rated"),
        ("keyword", {"cut": "gap"}, "w1 -w7", "search_keyword_rated"),
        ("keyword", {"cut": "gap", "min_match": 1}, "w1 w7", "search_keyword_rated"),
        ("keyword", {"cut": "gap", "filter": {"even": True}}, "w1 w7", "search_keyword_rated_filtered"),
        ("dense", {"cut": "gap"}, "w1", "search_dense_rated"),
        ("dense", {"cut": "gap", "exact": True}, "w1", "search"),
        ("dense", {"cut": "gap", "filter": {"even": True}}, "w1", "search_dense_rated_filtered"),
        ("dense", {"cut": "gap"}, "w1 -w2", "search"),
        ("hybrid", {"cut": "gap"}, "w1 w7", "search_hybrid"),
        ("hybrid", {}, "w1 w7", "search_hybrid"),
        ("hybrid", {"fusion": "rrf"}, "w1 w7", "search_hybrid"),
        ("hybrid", {"fusion": "zscore"}, "w1 w7", "search"),
        ("hybrid", {"min_match": 1}, "w1 w7", "search"),
        ("hybrid", {"exact": True}, "w1 w7", "search"),
        ("hybrid", {"group_by": "document"}, "w1 w7", "search"),
        ("hybrid", {"mmr": {}}, "w1 w7", "search"),
        ("hybrid", {"like": {"positive": ["3"]}}, "w1 w7", "search"),
        ("hybrid", {}, '"w1 w7"', "search"),
        ("keyword", {"filter": {"even": True}}, "w1 w7", "search_keyword_filtered"),
        ("dense", {"filter": {"even": True}}, "w1 w7", "search_dense_filtered"),
        ("dense", {"filter": {"even": True}}, "w1 -w7", "search_filtered"),
        ("hybrid", {"filter": {"even": True}}, "w1 w7", "search_hybrid_filtered"),
        ("hybrid", {"filter": {"n": 3}}, "w1 w7", "search_hybrid_filtered"),
        ("hybrid", {"filter": {"even": True}, "fusion": "zscore"}, "w1 w7", "search_filtered"),
        ("hybrid", {"filter": {"even": True}, "min_match": 1}, "w1 w7", "search_filtered"),
        ("hybrid", {"filter": {"even": True}, "group_by": "document"}, "w1 w7", "search_filtered"),
        ("hybrid", {"filter": {"even": True}}, "w1 -w7", "search_filtered"),
    ],
)
def test_plain_searches_run_short_statements(
    library: pgretrieve.Collection, mode: Any, options: dict[str, Any], query: str, statement: str
) -> None:
    options = dict(options)
    condition = {name: options.pop(name) for name in ["filter"] if name in options}
    report = library.explain(query, embedding=QUERY, mode=mode, options=options, **condition)
    assert report["request"]["statement"] == statement
    assert report["hits"]
