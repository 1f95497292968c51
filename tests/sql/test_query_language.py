"""Queries that say which of a collection's languages they are in, and counts that hold to the options of a search."""

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

import pgretrieve
from tests.sql.histories import keyword, one
from tests.sql.test_languages import SEVERAL, assert_exact, with_several


@pytest.fixture
def several(db: pgretrieve.Client) -> pgretrieve.Collection:
    return with_several(db)


@pytest.mark.parametrize("language", ["english", "german", "russian", "cjk"])
def test_a_query_is_analysed_in_the_language_that_it_says(
    several: pgretrieve.Collection, sql: psycopg.Connection[Any], language: str
) -> None:
    assert_exact(sql, SEVERAL, language)
    several.delete(["en2"])
    several.compact()
    assert_exact(sql, [document for document in SEVERAL if document[0] != "en2"], language)


def found(docs: pgretrieve.Collection, query: str, **options: Any) -> set[str]:
    return {hit.document_id for hit in docs.search(query, mode="keyword", options=options)}


def test_a_stop_word_of_the_language_is_one_in_a_query_that_says_it(several: pgretrieve.Collection) -> None:
    several.add([{"id": "dice", "text": "The die is cast."}])
    assert found(several, "die") == {"dice"}  # a word in English
    assert found(several, "die", language="german") == set()
    assert found(several, "die Bäume", language="german") == {"de2"}
    assert found(several, '"die" Bäume', language="german") == {"de2"}
    assert found(several, '"die" Bäume') == {"dice"}
    # others have no stem of it
    assert found(several, "Netzwerken", language="english") == set()
    assert found(several, "東京", language="japanese") == found(several, "東京", language="cjk") == {"ja"}


@pytest.mark.parametrize(
    ("query", "options", "expected"),
    [
        ('"die Zertifikate"', {"language": "german"}, {"de", "de2"}),
        ('"Zertifikat der Netzwerk"', {"language": "german"}, {"de"}),
        ('"Netzwerk Zertifikat"', {"language": "german"}, set()),
        ("Zertifikat -Bäumen", {"language": "german"}, {"de"}),
        ("Zertifikat -Bäumen", {"language": "english"}, {"de", "de2"}),
        ("Zertifikat^2 OR Bäumen", {"language": "german", "min_match": "all"}, {"de", "de2"}),
        ("die Zertifikat Baum", {"language": "german", "min_match": "all"}, {"de2"}),
        ("Zertifikat Baum die", {"language": "german", "min_match": 3}, {"de2"}),
        ("Zertifikat Baum die", {"language": "english", "min_match": 3}, set()),
        ("Netzwerken*", {"language": "german"}, {"de", "de2"}),
        ("Netzwerken*", {"language": "english"}, set()),
        ("Zertifikat -Netzwerken*", {"language": "german"}, set()),
        ("証明書を -東京*", {"language": "cjk"}, set()),
    ],
)
def test_signs_are_of_the_language_that_the_query_says(
    several: pgretrieve.Collection, query: str, options: dict[str, Any], expected: set[str]
) -> None:
    for filter_ in (None, {"absent": {"$exists": False}}):
        hits = several.search(query, mode="keyword", filter=filter_, options=options)
        assert {hit.document_id for hit in hits} == expected
    assert several.count_matches(query, options=options).documents == len(expected)
    facets = several.facets(["absent"], query, mode="keyword", options=options)
    assert facets == []


def test_a_prefix_is_itself_a_term_in_each_language(several: pgretrieve.Collection) -> None:
    assert found(several, "Netzwerken*") == {"de", "de2"}
    assert found(several, "tree*") == {"en2"}


def test_all_that_takes_a_query_takes_its_language(several: pgretrieve.Collection) -> None:
    several.add([{"id": "dice", "text": "The die is cast.", "metadata": {"kind": "game"}}])
    german = {"language": "german"}
    assert several.count_matches("die Bäume", options=german).documents == 1
    assert several.count_matches("die Bäume").documents == 2
    assert several.facets(["kind"], "die Bäume", mode="keyword", options=german) == []
    assert [facet.count for facet in several.facets(["kind"], "die Bäume", mode="keyword")] == [1]
    hits = several.search("die Bäume", mode="keyword")
    marked = {hit.document_id: shown.spans != () for hit, shown in
              zip(hits, several.highlight(hits, "die Bäume", options=german), strict=True)}  # fmt: skip
    assert marked == {"de2": True, "dice": False}
    pages = several.pages("die Bäume", mode="keyword", options=german)
    assert [hit.document_id for page in pages for hit in page] == ["de2"]
    report = several.explain("die Bäume", mode="keyword", options=german)
    assert report["request"]["language"] == report["understood"]["language"] == "german"
    assert [term["term"] for term in report["terms"]] == ["baum"]
    report = several.explain("die Bäume", mode="keyword")
    assert report["request"]["language"] is None
    assert "language" not in report["understood"]
    fused = several.search("die Bäume", embedding=[1], options=german)
    assert [hit.document_id for hit in fused if hit.keyword_rank] == ["de2"]


def test_synonyms_and_stop_words_hold_in_the_language_that_is_said(several: pgretrieve.Collection) -> None:
    several.add([{"id": "katze", "text": "Zwei Katzen.", "language": "german"}, {"id": "cat", "text": "A cat."}])
    # the German stem of Katzen is katz, the English one katzen
    several.set_synonyms({"katz": ["cat"]})
    for options in ({}, {"language": "german"}):
        assert found(several, "Katzen", **options) == {"katze", "cat"}
        assert found(several, "Katzen -zwei", **options) == {"cat"}
    assert found(several, "Katzen", language="english") == set()
    several.set_synonyms({})
    assert found(several, "Katzen") == {"katze"}
    # which is another word in each language
    several.set_stop_words(["Katzen", "die"])
    for options in ({}, {"language": "german"}, {"language": "english"}):
        assert found(several, "Katzen", **options) == set()
    assert found(several, "cat die") == {"cat"}
    assert several.stop_words() == ["Katzen", "die"]


def test_each_of_several_queries_is_in_the_language_that_the_search_says(several: pgretrieve.Collection) -> None:
    several.add([{"id": "dice", "text": "The die is cast."}])
    queries = ["die Bäume^2", {"query": "Zertifikaten", "weight": 0.5}]
    assert found(several, "die", queries=queries) == {"dice", "de", "de2"}
    german = several.search("die", mode="keyword", options={"queries": queries, "language": "german"})
    assert {hit.document_id for hit in german} == {"de", "de2"}
    report = several.explain("die", mode="keyword", options={"queries": queries, "language": "german"})
    assert report["legs"]["keyword 2"]["query"] == "die Bäume^2"


def test_a_collection_of_one_language_takes_its_name(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1)
    docs.add([{"id": "a", "text": "Rotating certificates"}])
    assert found(docs, "certificate", language="english") == found(docs, "certificate") == {"a"}
    assert found(docs, "certificate -rotate", language="english", min_match=1) == set()


def test_fields_in_the_language_that_is_said(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1, languages=["german"], fields={"abstract": 1})
    docs.add(
        [
            {"id": "de", "text": "Bericht.", "language": "german", "fields": {"abstract": "Die neuen Zertifikate."}},
            {"id": "en", "text": "New certificates.", "fields": {"abstract": "The die is cast."}},
        ]
    )
    assert found(docs, "abstract:die") == {"en"}
    assert found(docs, "abstract:die", language="german") == set()
    assert found(docs, "abstract:Zertifikaten", language="german") == {"de"}
    assert found(docs, "abstract:Zertifikaten", language="english") == set()
    assert found(docs, 'abstract:"die neue"', language="german") == {"de"}


@pytest.mark.parametrize("call", ["search", "search_page", "explain", "count_matches", "highlight", "facets"])
def test_a_language_that_the_collection_does_not_have_is_refused(
    several: pgretrieve.Collection, sql: psycopg.Connection[Any], call: str
) -> None:
    arguments = {
        "highlight": "array[1], 'die', options => %s",
        "facets": "array['a'], 'die', options => %s",
    }.get(call, "'die', options => %s")
    for language in ("french", "klingon", ""):
        with pytest.raises(psycopg.Error) as caught:
            sql.execute(f"select * from pgretrieve.{call}('docs', {arguments})", [Jsonb({"language": language})])
        assert caught.value.sqlstate == "RT400"
        assert f"collection 'docs' has no language '{language}'" in str(caught.value.diag.message_primary)
        assert "english, cjk, german, russian" in str(caught.value.diag.message_hint)
    for language in (5, None, ["german"], True):
        with pytest.raises(psycopg.Error) as caught:
            sql.execute(f"select * from pgretrieve.{call}('docs', {arguments})", [Jsonb({"language": language})])
        assert caught.value.sqlstate == "RT400"
        assert "option 'language' cannot be" in str(caught.value.diag.message_primary)
        assert "such as" in str(caught.value.diag.message_hint)


def test_a_language_that_is_none_is_refused_in_python(several: pgretrieve.Collection) -> None:
    hits = several.search("die", mode="keyword")
    for call in (
        lambda options: several.search("die", mode="keyword", options=options),
        lambda options: several.count_matches("die", options=options),
        lambda options: several.highlight(hits, "die", options=options),
        lambda options: several.facets(["a"], "die", options=options),
    ):
        with pytest.raises(pgretrieve.InvalidInput, match="has no language 'french'"):
            call({"language": "french"})
        with pytest.raises(pgretrieve.InvalidInput):
            call({"language": b"german"})


def test_counts_hold_to_the_options_of_the_search(papers: pgretrieve.Collection) -> None:
    for query, options in (
        ("tunnel report", {"min_match": 2}),
        ("vpn", {"fields": {"title": 0}}),
        ("vpn", {"fields": ["title^2", "text"]}),
    ):
        expected = found(papers, query, **options)
        assert papers.count_matches(query, options=options).documents == len(expected)
        assert expected != found(papers, query)


@pytest.mark.parametrize("options", [{"min_match": 0}, {"colour": 1}, {"fields": {"notes": 1}}])
def test_bad_options_of_a_count_are_refused(
    papers: pgretrieve.Collection, sql: psycopg.Connection[Any], options: dict[str, Any]
) -> None:
    with pytest.raises(pgretrieve.InvalidInput):
        papers.count_matches("vpn", options=options)
    with pytest.raises(psycopg.Error) as caught:
        sql.execute("select * from pgretrieve.count_matches('papers', options => %s)", [Jsonb(options)])
    assert caught.value.sqlstate == "RT400"
    assert one(sql, "select documents from pgretrieve.count_matches('papers', 'vpn', options => null)") == 2
    assert {row[0] for row in keyword(sql, "papers", "vpn")} == {"a", "b"}
