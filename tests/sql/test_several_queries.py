"""Several queries in one search: their legs are fused as the formulas say, of one query as the search does."""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference import fusion
from tests.reference.ranking import assert_ranking
from tests.sql.conftest import QUERY
from tests.sql.histories import rows
from tests.sql.test_fusion import METHODS, alike, between, docs, legs_of, queries, vectors, weights

__all__ = ["between", "docs"]  # fixtures

Collection = pgretrieve.Collection
Connection = psycopg.Connection[Any]

MODES = {"hybrid": ("dense", "keyword"), "dense": ("dense",), "keyword": ("keyword",)}
members = st.fixed_dictionaries(
    {"query": queries, "embedding": vectors},
    optional={"weight": st.sampled_from([0, 0.5, 1, 3]), "mode": st.sampled_from(sorted(MODES))},
)


@settings(max_examples=80, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    query=queries,
    embedding=vectors,
    mode=st.sampled_from(sorted(MODES)),
    others=st.lists(members, min_size=1, max_size=3),
    k=st.sampled_from([1, 5, 60]),
    extra=st.sampled_from([0, 1, 50, 340]),
    rrf_k=st.sampled_from([0, 60]),
    weight=weights,
)
def test_fused_ranking_is_the_oracles(
    docs: Collection,
    between: list[float],
    method: str,
    query: str,
    embedding: list[int],
    mode: str,
    others: list[dict[str, Any]],
    k: int,
    extra: int,
    rrf_k: float,
    weight: dict[str, float],
) -> None:
    depth = k + extra
    legs, leg_weights = {}, {}
    asked = [{"query": query, "embedding": embedding}, *others]
    for number, one in enumerate(asked, 1):
        both = legs_of(docs, one["query"], one["embedding"], depth, between)
        for kind in MODES[one.get("mode", mode)]:
            name = kind if number == 1 else f"{kind} {number}"
            legs[name] = both[kind]
            leg_weights[name] = weight.get(kind, 1) * one.get("weight", 1)
    options = {"fusion": method, "depth": depth, "rrf_k": rrf_k, "weights": weight, "queries": others}
    hits = docs.search(query, embedding=embedding, k=k, mode=mode, options=options)
    expected = fusion.fused(method, legs, leg_weights, rrf_k=rrf_k, depth=depth)
    evidence = None if method.startswith("rrf") else {
        chunk: tuple((leg.rank(chunk) is None, leg.scores.get(chunk)) for leg in legs.values()) for chunk in expected
    }  # fmt: skip
    # as in test_fusion.py
    tolerance = 1e-7 if method == "blend" else 1e-9
    assert_ranking([(hit.chunk_id, hit.score) for hit in hits], expected, k, evidence=evidence, tolerance=tolerance)
    for hit in hits:
        for kind, rank in (("dense", hit.dense_rank), ("keyword", hit.keyword_rank)):
            ranks = [leg.rank(hit.chunk_id) for name, leg in legs.items() if name.startswith(kind)]
            assert rank == min((r for r in ranks if r), default=None)


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    query=st.one_of(queries, st.sampled_from(['"vpn tea"', "vpn -tea", "tea OR mail", "re* -vpn"])),
    embedding=vectors,
    k=st.sampled_from([1, 7, 60]),
    deeper=st.sampled_from([0, 90]),
    min_match=st.sampled_from([None, 2]),
    filter_=st.sampled_from([None, {"absent": {"$exists": False}}]),
)
def test_of_one_query_it_is_the_search(
    docs: Collection,
    shared_sql: Connection,
    method: str,
    query: str,
    embedding: list[int],
    k: int,
    deeper: int,
    min_match: int | None,
    filter_: dict[str, Any] | None,
) -> None:
    options = {"fusion": method, "depth": k + deeper} | ({"min_match": min_match} if min_match else {})
    given = {
        "query": query, "embedding": str(embedding), "k": k, "options": json.dumps(options),
        "filter": json.dumps(filter_) if filter_ else None,
    }  # fmt: skip
    request = """
        (select case when %(several)s then jsonb_populate_record(r, jsonb_build_object('legs', pgretrieve._legs_of(r)))
                    else r end as r
          from pgretrieve._search_request(pgretrieve._find_collection('docs'), %(query)s, %(embedding)s::vector, %(k)s,
                                          'hybrid', %(filter)s, null, %(options)s) as r) as r"""
    long = "search_filtered" if filter_ else "search"
    called = "((r.r).query, %(embedding)s::vector, %(k)s, r.r)"
    one, same = (
        shared_sql.execute(
            f"select (s.hit).* from {request}, lateral {docs.info.schema_name}.{name}{called} as s",
            given | {"several": name == "search_legs"},
        ).fetchall()
        for name in (long, "search_legs")
    )
    assert same == one


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("filter_", [None, {"half": 1}, {"none": 1}], ids=str)
def test_explanation_adds_up(docs: Collection, method: str, filter_: dict[str, Any] | None) -> None:
    others = ["tea mail", {"query": "rotate", "embedding": [1, 1, 3, 1], "weight": 0.5}, {"embedding": [3, 1, 1, 2]}]
    given: dict[str, Any] = {
        "embedding": [1, 2, 3, 1], "filter": filter_, "options": {"fusion": method, "queries": others},
    }  # fmt: skip
    report = docs.explain("vpn", **given)
    hits = docs.search("vpn", **given)
    names = ["dense", "keyword", "keyword 2", "dense 3", "keyword 3", "dense 4"]
    assert sorted(report["legs"]) == sorted(names)
    assert report["legs"]["keyword 3"]["query"] == "rotate"
    assert report["legs"]["keyword 3"]["weight"] == 0.5
    assert [hit["chunk_id"] for hit in report["hits"]] == [hit.chunk_id for hit in hits]
    assert [hit["fusion"]["sum"] for hit in report["hits"]] == pytest.approx([hit.score for hit in hits])
    for hit in report["hits"]:
        assert [part["leg"] for part in hit["fusion"]["parts"]] == names
        for part in hit["fusion"]["parts"]:
            if part["leg"].startswith("keyword") and part["score"] is not None:
                terms = part.get("terms", hit["terms"])
                assert sum(term["contribution"] for term in terms) == part["score"]


def test_each_query_has_its_own_min_match(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    docs.add([{"id": i, "text": text} for i, text in {"a": "green tea", "b": "black tea", "c": "coffee"}.items()])
    options: dict[str, Any] = {"min_match": "all", "queries": [{"query": "black coffee", "min_match": 1}]}
    hits = docs.search("green tea", mode="keyword", options=options)
    assert sorted(hit.document_id for hit in hits) == ["a", "b", "c"]
    del options["queries"][0]["min_match"]
    assert [hit.document_id for hit in docs.search("green tea", mode="keyword", options=options)] == ["a"]


def test_each_query_keeps_to_its_own_syntax(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    texts = {"a": "green tea", "b": "black tea", "c": "black coffee", "d": "green coffee"}
    docs.add([{"id": i, "text": text} for i, text in texts.items()], embeddings=[[1, 0]] * 4)

    def found(query: str, *others: Any) -> list[str]:
        hits = docs.search(query, mode="keyword", options={"queries": list(others)})
        return sorted(hit.document_id for hit in hits)

    assert found("tea -green", "coffee -black") == ["b", "d"]
    assert found('"green tea"', '"black coffee"') == ["a", "c"]
    assert found("", "tea") == ["a", "b"]


def test_as_deep_as_the_legs_of_one_search(library: Collection) -> None:
    """Each by itself in turn, and together: nothing of a leg is lost, with and without a filter, and grouped."""
    others = [{"query": "w3 w9", "embedding": [-x for x in QUERY]}]
    for filter_ in (None, {"even": True}, {"n": {"$lt": 50}}):
        alone = [library.search(*words, filter=filter_, k=50, options={"fusion": "rrf", "depth": 100}, embedding=vector)
                 for words, vector in ((("w1 w7",), QUERY), (("w3 w9",), others[0]["embedding"]))]  # fmt: skip
        together = library.search(
            "w1 w7", embedding=QUERY, filter=filter_, k=100, options={"fusion": "rrf", "depth": 100, "queries": others}
        )
        scores: dict[int, float] = {}
        for hits in alone:
            for hit in hits:
                scores[hit.chunk_id] = scores.get(hit.chunk_id, 0) + hit.score
        assert together[0].score == pytest.approx(max(scores.values()))
        passing = 50 if filter_ == {"n": {"$lt": 50}} else 100
        assert len({hit.chunk_id for hit in together}) == len(together) == passing
        groups = library.search(
            "w1 w7", embedding=QUERY, filter=filter_, options={"queries": others, "group_by": "metadata.part.of"}
        )
        assert len(groups) == 7


def test_pages_of_several_queries_are_one_ranking(library: Collection) -> None:
    options = {"queries": ["w3 w9"]}
    pages = library.pages("w1 w7", embedding=QUERY, page_size=20, options=options)
    cut = [hit for _, page in zip(range(3), pages, strict=False) for hit in page]
    whole = library.search("w1 w7", embedding=QUERY, k=60, options={**options, "depth": 1000})
    assert [(hit.chunk_id, hit.rank) for hit in cut] == [(hit.chunk_id, hit.rank) for hit in whole]


def test_a_cursor_goes_on_though_a_text_was_encoded_anew(library: Collection) -> None:
    def asked(shift: float, query: str = "w3") -> dict[str, Any]:
        return {"queries": [{"query": query, "embedding": [x + shift for x in QUERY]}]}

    first = next(library.pages("w1", embedding=QUERY, options=asked(0)))
    again = next(library.pages("w1", embedding=QUERY, options=asked(1e-9), cursor=first.next_cursor))
    assert not {hit.chunk_id for hit in first} & {hit.chunk_id for hit in again}
    assert again[0].rank == 11
    with pytest.raises(pgretrieve.InvalidInput, match="cursor"):
        next(library.pages("w1", embedding=QUERY, options=asked(0, "w4"), cursor=first.next_cursor))


def test_facets_count_what_further_queries_find(library: Collection) -> None:
    for given_ in ({"queries": ["w1"]}, {"like": {"positive": ["7"]}}):
        counts = library.facets(["even"], k=30, options=given_)
        assert {facet.scope for facet in counts} == {"top 30 hits"}
        assert sum(facet.count for facet in counts) == 30


BAD = [
    ("tea", "'queries' cannot be"),
    ([1], "'queries' cannot be"),
    ([{}], "'queries' cannot be"),
    ([{"query": "tea", "boost": 2}], "'queries' cannot be"),
    ([{"query": "tea", "weight": -1}], "'queries' cannot be"),
    ([{"query": "tea", "mode": "both"}], "'queries' cannot be"),
    ([{"query": "tea", "embedding": []}], "'queries' cannot be"),
    ([{"query": "tea", "embedding": ["a"]}], "'queries' cannot be"),
    ([{"query": "tea", "fields": {"title": -1}}], "'fields' cannot be"),
    ([{"query": "tea", "min_match": 0}], "'min_match' cannot be"),
    ([{"query": "tea", "language": "german"}], "german"),
    (["tea"] * 17, "'queries' cannot be"),
    ([" "], "query 1 of option 'queries' is empty"),
    (["tea", {"query": ""}], "query 2 of option 'queries' is empty"),
    ([{"query": "tea", "mode": "dense"}], "query 1 of option 'queries' is by meaning"),
    ([{"query": "tea", "embedding": [1, 2]}], "of 4 dimensions, got 2"),
    ([{"query": "tea", "embedding": [0, 0, 0, 0]}], "all zeros"),
    ([{"query": "tea", "embedding": [1e300, 0, 0, 0]}], "is not a vector"),
    ([{"query": "tea", "fields": {"title": 2}}], "created without fields"),
]


@pytest.mark.parametrize(("others", "said"), BAD, ids=str)
def test_what_cannot_be_is_said(docs: Collection, shared_sql: Connection, others: Any, said: str) -> None:
    with pytest.raises(psycopg.Error, match=said) as caught:
        rows(
            shared_sql, "select * from pgretrieve.search('docs', 'vpn', '[1,2,3,1]', options => %s)",
            json.dumps({"queries": others}),
        )  # fmt: skip
    assert caught.value.sqlstate in {"RT400", "RT421"}
    assert caught.value.diag.message_hint
    assert alike(docs, shared_sql)  # and nothing is broken
