"""Synonyms and stop words of a collection: applied to queries, from the next search on."""

import math
from collections import Counter
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.reference.bm25 import BM25, Terms
from tests.reference.ranking import assert_ranking
from tests.sql.histories import keyword, one, rows

DOCUMENTS = {
    "a": "car car red",
    "b": "automobile blue car",
    "c": "auto",
    "d": "vpn tunnel",
    "e": "virtual private network network tunnel",
    "f": "virtual network of private roads",
    "g": "red tunnel virtual",
    "h": "nothing of the kind",
    "i": "nyc new york",
    "j": "york minster, new",
}
SYNONYMS = {
    "car": ["automobile", "auto"],
    "vpn": ["virtual private network"],
    "new york": ["nyc"],
}


@pytest.fixture
def docs(db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = db.create_collection("docs", encoder=None, dimensions=1, language="simple")
    docs.add({"id": key, "text": text} for key, text in DOCUMENTS.items())
    return docs


def united(terms: Terms, synonyms: dict[str, list[str]]) -> Terms:
    """The terms of a chunk, and for each term with synonyms one more that stands for all of them."""
    more: Terms = Counter()
    for term, words in synonyms.items():
        alternatives = {tuple(sorted(word.split())) for word in ([term] if " " not in term else [])}
        alternatives |= {tuple(sorted(word.split())) for word in words}
        if count := sum(min(terms[word] for word in alternative) for alternative in alternatives):
            more[f"={term}"] = count
    return more


class WithSynonyms(BM25):
    """BM25 over chunks that also hold the united terms, whose lengths count only what stands there."""

    def __init__(self, chunks: dict[int, Terms], synonyms: dict[str, list[str]]) -> None:
        super().__init__({chunk: terms + united(terms, synonyms) for chunk, terms in chunks.items()})
        self.lengths = {chunk: terms.total() for chunk, terms in chunks.items()}
        self.average_length = sum(self.lengths.values()) / len(chunks)


def asked(query: str, synonyms: dict[str, list[str]]) -> Terms:
    terms = Counter(query.split())
    for term in synonyms:
        if " " in term:
            if set(term.split()) <= terms.keys():
                terms[f"={term}"] = 1
        elif term in terms:
            terms[f"={term}"] = terms.pop(term)
    return terms


def assert_exact(sql: psycopg.Connection[Any], queries: list[str], synonyms: dict[str, list[str]]) -> None:
    chunks = {
        chunk: Counter(text.replace(",", "").split())
        for chunk, text in rows(sql, "select id, text from pgretrieve_1.chunk")
    }
    oracle = WithSynonyms(chunks, synonyms)
    for query in queries:
        terms = asked(query, synonyms)
        got = [(chunk, score) for _, chunk, score in keyword(sql, "docs", query)]
        assert_ranking(got, oracle.scores(terms), 10, evidence=oracle.evidence(terms))


QUERIES = [
    "car", "auto", "red car", "car car tunnel", "vpn", "vpn tunnel red", "new york", "york", "virtual",
    "car automobile", "unknown", "car vpn new york",
]  # fmt: skip


def test_a_term_and_its_synonyms_count_as_one(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    assert_exact(sql, QUERIES, {})
    assert docs.set_synonyms(SYNONYMS) == 3
    assert_exact(sql, QUERIES, SYNONYMS)
    docs.compact()
    assert_exact(sql, QUERIES, SYNONYMS)
    docs.delete(["b", "e"])
    assert_exact(sql, QUERIES, SYNONYMS)
    docs.add([{"id": "b", "text": "car auto auto vpn"}, {"id": "new", "text": "private virtual network"}])
    assert_exact(sql, QUERIES, SYNONYMS)
    docs.compact(rewrite=True)
    assert_exact(sql, QUERIES, SYNONYMS)
    docs.set_synonyms({})
    assert_exact(sql, QUERIES, {})


def test_synonyms_hold_in_every_form_of_the_keyword_leg(docs: pgretrieve.Collection) -> None:
    docs.set_synonyms(SYNONYMS)
    found = {hit.document_id: hit.score for hit in docs.search("car", mode="keyword")}
    assert set(found) == {"a", "b", "c"}
    among = docs.search("car", mode="keyword", filter={"x": {"$exists": False}})
    assert {hit.document_id: hit.score for hit in among} == found
    assert docs.explain("car", mode="keyword")["hits"][0]["score"] == max(found.values())
    grouped = docs.search("car", mode="keyword", options={"group_by": "document"})
    assert {hit.document_id: hit.score for hit in grouped} == found


@pytest.mark.parametrize(
    ("query", "options", "expected"),
    [
        ("car -blue", {}, {"a", "c"}),
        ("car -automobile", {}, {"a", "c"}),
        ('"car" red', {}, {"a", "b"}),
        ('"virtual private network" car', {}, {"e"}),
        ("red car", {"min_match": 2}, {"a"}),
        ("vpn tunnel", {"min_match": "all"}, {"d", "e"}),
        ("vpn car tunnel", {"min_match": 1}, {"a", "b", "c", "d", "e", "f", "g"}),
        ("auto* OR vpn", {}, {"b", "c", "d", "e", "f"}),
        ("new york -minster", {}, {"i"}),
    ],
)
def test_synonyms_hold_beside_signs_which_are_literal(
    docs: pgretrieve.Collection, query: str, options: dict[str, Any], expected: set[str]
) -> None:
    docs.set_synonyms(SYNONYMS)
    for options_ in (options, options | {"group_by": "document"}):
        found = docs.search(query, mode="keyword", options=options_)
        assert {hit.document_id for hit in found} == expected
    for hit in docs.explain(query, mode="keyword", options=options)["hits"]:
        assert math.isclose(sum(term["contribution"] for term in hit["terms"]), hit["keyword_score"], abs_tol=1e-9)


def test_a_sign_changes_no_score_of_a_synonym(docs: pgretrieve.Collection) -> None:
    docs.set_synonyms(SYNONYMS)
    plain = {hit.document_id: hit.score for hit in docs.search("red car", mode="keyword")}
    signed = {hit.document_id: hit.score for hit in docs.search("red car -minster", mode="keyword")}
    assert signed == plain
    required = {hit.document_id: hit.score for hit in docs.search('red "car"', mode="keyword")}
    assert required == {key: plain[key] for key in ("a", "b")}


def test_a_stop_word_is_no_unit_of_min_match(docs: pgretrieve.Collection) -> None:
    docs.set_stop_words(["company"])
    found = docs.search("company red tunnel", mode="keyword", options={"min_match": "all"})
    assert {hit.document_id for hit in found} == {"g"}


def test_synonyms_are_marked_in_texts(docs: pgretrieve.Collection) -> None:
    docs.set_synonyms(SYNONYMS)
    hits = docs.search("vpn car", mode="keyword")
    marked = docs.highlight(hits, "vpn car")
    snippets = {hit.document_id: shown.snippet for hit, shown in zip(hits, marked, strict=True)}
    assert snippets["b"] == "<b>automobile</b> blue <b>car</b>"
    assert snippets["e"].startswith("<b>virtual</b> <b>private</b> <b>network</b>")


def test_forms_of_a_word_share_its_synonyms(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1)
    docs.add([{"id": "a", "text": "The physicians agree."}, {"id": "b", "text": "A doctor."}])
    docs.set_synonyms({"Doctors": ["physician"]})
    assert {hit.document_id for hit in docs.search("doctor", mode="keyword")} == {"a", "b"}
    assert {hit.document_id for hit in docs.search("physician", mode="keyword")} == {"a"}


def test_synonyms_in_chinese(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1, language="cjk")
    docs.add([{"id": "a", "text": "公共汽车站"}, {"id": "b", "text": "巴士站"}])
    docs.set_synonyms({"巴士": ["公共汽车"]})
    assert {hit.document_id for hit in docs.search("巴士", mode="keyword")} == {"a", "b"}


def test_explain_tells_synonyms(docs: pgretrieve.Collection) -> None:
    docs.set_synonyms(SYNONYMS)
    report = docs.explain("red car martian")
    assert [term["term"] for term in report["terms"]] == ["red"]
    assert report["unknown_terms"] == ["martian"]
    [told] = report["synonyms"]
    assert (told["term"], told["synonyms"], told["df"]) == ("car", ["automobile", "auto"], 3)
    assert told["weight"] > 0


def test_stop_words_are_left_out_of_queries_at_once(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    assert {row[0] for row in keyword(sql, "docs", "red tunnel")} == {"a", "d", "e", "g"}
    assert docs.set_stop_words(["Tunnel", "of", "the"]) == 3
    assert docs.stop_words() == ["Tunnel", "of", "the"]
    assert {row[0] for row in keyword(sql, "docs", "red tunnel")} == {"a", "g"}
    assert not docs.search("the tunnel", mode="keyword")
    docs.set_synonyms({"tunnel": ["road"]})
    assert {row[0] for row in keyword(sql, "docs", "red tunnel")} == {"a", "g"}
    assert docs.set_stop_words([]) == 0
    assert {row[0] for row in keyword(sql, "docs", "red tunnel")} == {"a", "d", "e", "g"}


def test_what_was_set_is_what_is_there(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    assert docs.synonyms() == {}
    docs.set_synonyms(SYNONYMS)
    assert docs.synonyms() == SYNONYMS
    sql.execute(
        """select pgretrieve.set_synonyms('docs', pgretrieve.synonyms('docs') - 'vpn' || '{"x": ["y", "z"]}')"""
    )
    assert docs.synonyms() == {"car": SYNONYMS["car"], "new york": ["nyc"], "x": ["y", "z"]}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("null", "synonyms are null, not an object"),
        ("[]", "synonyms are array, not an object"),
        ('{"car": "auto"}', "'car' has \"auto\""),
        ('{"car": []}', r"'car' has \[\]"),
        ('{"car": [1]}', r"'car' has \[1\]"),
        ('{"": ["auto"]}', "the term '' has no word"),
        ('{"the": ["auto"]}', "the term 'the' has no word"),
        ('{"car": ["auto"], "Cars": ["van"]}', "the terms 'Cars' and 'car' are the same word"),
    ],
)
def test_bad_synonyms_are_refused_and_change_nothing(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], given: str, says: str
) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1)
    docs.set_synonyms({"a1": ["b1"]})
    with pytest.raises(psycopg.Error, match=says) as caught:
        sql.execute("select pgretrieve.set_synonyms('docs', %s)", [given])
    assert caught.value.sqlstate == "RT400"
    assert caught.value.diag.message_hint
    assert docs.synonyms() == {"a1": ["b1"]}


def test_bad_synonyms_are_refused_in_python(docs: pgretrieve.Collection) -> None:
    for given in (None, ["car"], {"car": "auto"}, {1: ["auto"]}, {"car": [1]}, {"car": None}, {"car": ["\0"]}):
        with pytest.raises(pgretrieve.InvalidInput):
            docs.set_synonyms(given)
    for given in (None, "car", [1], ["\0"], ["car", " "]):
        with pytest.raises(pgretrieve.InvalidInput):
            docs.set_stop_words(given)


@pytest.mark.parametrize("given", [None, [None], [""], ["car", " \n"]])
def test_bad_stop_words_are_refused(docs: pgretrieve.Collection, sql: psycopg.Connection[Any], given: Any) -> None:
    with pytest.raises(psycopg.Error, match="stop words are") as caught:
        sql.execute("select pgretrieve.set_stop_words('docs', %s::text[])", [given])
    assert caught.value.sqlstate == "RT400"


@pytest.mark.parametrize(
    "call", ["synonyms('x')", "set_synonyms('x', '{}')", "stop_words('x')", "set_stop_words('x', '{}')"]
)
def test_collection_that_is_not_there_is_told(sql: psycopg.Connection[Any], call: str) -> None:
    with pytest.raises(psycopg.Error, match="collection 'x' does not exist") as caught:
        one(sql, f"select pgretrieve.{call}")
    assert caught.value.sqlstate == "RT404"
