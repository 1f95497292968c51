"""Words that a query weighs, vpn^2: what they add, with fields, synonyms and prefixes; and fields that it lists."""

import math
from typing import Any

import pytest

import pgretrieve
from tests.sql.test_synonyms import DOCUMENTS, SYNONYMS


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = shared_db.create_collection("docs", encoder=None, dimensions=2, language="simple")
    docs.add([{"id": key, "text": text} for key, text in DOCUMENTS.items()], embeddings=[[1, n] for n in range(10)])
    docs.set_synonyms(SYNONYMS)
    return docs


def scores(docs: pgretrieve.Collection, query: str, **arguments: Any) -> dict[str, float]:
    return {hit.document_id: hit.score for hit in docs.search(query, k=50, **{"mode": "keyword"} | arguments)}


def assert_sums(docs: pgretrieve.Collection, query: str, **arguments: Any) -> None:
    """Fails unless the terms of each hit add up to its score."""
    for hit in docs.explain(query, **{"mode": "keyword"} | arguments)["hits"]:
        of_terms = sum(term["contribution"] for term in hit["terms"])
        assert math.isclose(of_terms, hit["keyword_score"] or 0, abs_tol=1e-9)
        assert math.isclose(hit["fusion"]["sum"], hit["score"], abs_tol=1e-9)


@pytest.mark.parametrize(
    ("weighed", "parts"),
    [
        ("red^2 tunnel", {"red": 2, "tunnel": 1}),
        ("red^2.5 tunnel^.5", {"red": 2.5, "tunnel": 0.5}),
        ("red^3 red tunnel", {"red": 4, "tunnel": 1}),
        ("red^0 tunnel^1000", {"red": 0.01, "tunnel": 100}),
        ("car^2 red", {"car": 2, "red": 1}),  # which has synonyms
        ("red OR tunnel^4", {"red": 1, "tunnel": 4}),
        ("tun*^4 red", {"tunnel": 4, "red": 1}),
        ("tun*^4 tunn*^5 red", {"tunnel": 5, "red": 1}),
        ("tunnel tun*^4", {"tunnel": 1}),
        ("(red^2) [tunnel^3],", {"red": 2, "tunnel": 3}),
        ("red^2 -blue^3", {"red": 2}),
    ],
)
def test_a_weight_multiplies_what_a_word_adds(
    docs: pgretrieve.Collection, weighed: str, parts: dict[str, float]
) -> None:
    expected: dict[str, float] = {}
    for word, factor in parts.items():
        for key, score in scores(docs, word).items():
            expected[key] = expected.get(key, 0) + factor * score
    if "-blue" in weighed:
        expected.pop("b", None)
    for more in ({}, {"filter": {"x": {"$exists": False}}}, {"options": {"group_by": "document"}}):
        assert scores(docs, weighed, **more) == pytest.approx(expected, rel=1e-9, abs=1e-7)
    assert_sums(docs, weighed)
    assert_sums(docs, weighed, embedding=[1, 1], mode="hybrid")


def test_weights_of_phrases(docs: pgretrieve.Collection) -> None:
    plain = scores(docs, '"new york" minster')
    weighed = scores(docs, '"new york"^3 minster')
    assert weighed.keys() == plain.keys() == {"i"}
    # new, york, and what stands for both together
    assert weighed["i"] == pytest.approx(3 * plain["i"])
    assert_sums(docs, '"new york"^3 minster tunnel^2')
    assert scores(docs, '-"new york"^3 york^2') == pytest.approx({"j": 2 * scores(docs, "york")["j"]})


def test_explain_tells_the_weights(docs: pgretrieve.Collection) -> None:
    report = docs.explain('red^2 "tunnel"^3 x^2', mode="keyword", options={"min_match": 1})
    assert report["understood"]["weighted"] == [{"words": "red", "factor": 2}, {"words": "tunnel", "factor": 3}]
    assert {term["term"]: term["factor"] for term in report["terms"]} == {"red": 2, "tunnel": 3}
    for term in report["terms"]:
        assert math.isclose(term["weight"], term["factor"] * term["query_frequency"] * term["idf"] * 2.2)
    assert "weighted" not in docs.explain("red tunnel", mode="keyword")["understood"]
    assert {term["factor"] for term in docs.explain("red tunnel", mode="keyword")["terms"]} == {1}


def test_weighted_words_are_marked_as_others_and_count_as_one(docs: pgretrieve.Collection) -> None:
    hits = docs.search("blue^5", mode="keyword")
    assert [shown.snippet for shown in docs.highlight(hits, "blue^5")] == ["automobile <b>blue</b> car"]
    assert docs.count_matches("blue^5").documents == 1
    assert scores(docs, "red^5 tunnel", options={"min_match": 2}).keys() == {"g"}


def test_weights_in_a_collection_with_fields(papers: pgretrieve.Collection) -> None:
    once = scores(papers, "title:vpn")
    assert scores(papers, "title:vpn^3") == pytest.approx({key: 3 * score for key, score in once.items()})
    assert scores(papers, "title:vpn title:vpn^3 title:vpn^2") == scores(papers, "title:vpn^3")
    both = scores(papers, "title:vpn^3 certificates^0.5")
    of_words = scores(papers, "certificates")
    for key in ("a", "b"):
        assert both[key] == pytest.approx(3 * once.get(key, 0) + of_words[key] / 2, abs=1e-8)
    prefix = scores(papers, "title:vp*")
    assert scores(papers, "title:vp*^2") == pytest.approx({key: 2 * score for key, score in prefix.items()})
    louder = scores(papers, 'title:"vpn"^2')
    assert louder == pytest.approx({key: 2 * score for key, score in scores(papers, 'title:"vpn"').items()})
    for query in ("title:vpn^3 certificates^0.5 tunnel", "title:tun*^4 vpn^2", 'keywords:"vpn certificates"^2 costs'):
        for options in ({}, {"fields": {"title": 0.5}}):
            assert_sums(papers, query, options=options)


def test_more_weights_than_are_read_are_named(docs: pgretrieve.Collection) -> None:
    query = " ".join(f"w{n}^2" for n in range(66)) + " red^9"
    understood = docs.explain(query, mode="keyword")["understood"]
    assert len(understood["weighted"]) == 64
    assert understood["ignored"] == ["w64^2", "w65^2", "red^9"]
    assert scores(docs, query) == scores(docs, "red")


def test_a_word_weighed_down_a_thousand_times_over_still_counts_for_something(docs: pgretrieve.Collection) -> None:
    found = scores(docs, "red^0.01 " * 600)
    assert found.keys() == scores(docs, "red").keys()
    assert min(found.values()) > 0


@pytest.mark.parametrize(
    ("given", "same"),
    [
        (["title", "text", "abstract", "keywords"], {}),
        (["title^5", "keywords"], {"title": 5, "text": 0, "abstract": 0}),
        (["title^.5", "text^2.5", "abstract^0", "keywords"], {"title": 0.5, "text": 2.5, "abstract": 0}),
        (["keywords^1000"], {"title": 0, "text": 0, "abstract": 0, "keywords": 1000}),
    ],
)
def test_fields_as_a_list_are_those_that_are_searched(
    papers: pgretrieve.Collection, given: list[str], same: dict[str, float]
) -> None:
    for query in ("vpn tunnels", "vpn certificates -sea"):
        assert scores(papers, query, options={"fields": given}) == scores(papers, query, options={"fields": same})
    assert papers.explain("vpn", mode="keyword", options={"fields": given})["request"]["field_weights"].keys() == {
        "title", "text", "abstract", "keywords",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "option 'fields' cannot be []"),
        (["title^"], "option 'fields' cannot be"),
        (["title^two"], "option 'fields' cannot be"),
        (["title^-1"], "option 'fields' cannot be"),
        (["title^1001"], "option 'fields' cannot be"),
        (["title^2^3"], "option 'fields' cannot be"),
        (["title", "title^2"], "option 'fields' cannot be"),
        (["title", None], "option 'fields' cannot be"),
        (["title", 2], "option 'fields' cannot be"),
        ([["title"]], "option 'fields' cannot be"),
        ([""], "option 'fields' cannot be"),
        (["notes^2"], "collection 'papers' has no field 'notes'"),
        (["Title"], "collection 'papers' has no field 'Title'"),
        (["title^0"], "leave no field"),
    ],
)
def test_lists_of_fields_that_cannot_be_are_refused(papers: pgretrieve.Collection, given: Any, says: str) -> None:
    with pytest.raises(pgretrieve.InvalidInput) as caught:
        papers.search("vpn", mode="keyword", options={"fields": given})
    assert says in caught.value.message
    assert caught.value.hint
