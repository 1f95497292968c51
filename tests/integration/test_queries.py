"""Queries as people, programs and attackers write them, through both sides."""

import asyncio

import psycopg
import pytest

import pgretrieve
from tests import encoders
from tests.integration.conftest import WORDS, Face

TEXTS = [
    *WORDS,
    {"id": "emoji", "text": "Deploy with 🚀 and celebrate 🎉 after."},
    {"id": "rtl", "text": "\u05d4\u05d7\u05ea\u05d5\u05dc \u05d9\u05e9\u05df"},
    {"id": "cjk", "text": "データベース 検索 エンジン"},
]

FROM_SQL = "select document_id from pgretrieve.search('docs', %s, mode => 'keyword')"


# Searching changes nothing, so all tests share a database, which is much of their time.


@pytest.fixture(scope="module")
def dsn(server):
    with server.database() as dsn, pgretrieve.connect(dsn) as db:
        db.create_collection("docs", encoder=encoders.NAME).add(TEXTS)
        db.create_collection("empty", encoder=encoders.NAME)
        yield dsn


@pytest.fixture(scope="module")
def sql(dsn):
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module", params=["sync", "async"])
def client(request, dsn):
    with asyncio.Runner() as runner:
        client = pgretrieve.connect(dsn) if request.param == "sync" else Face(
            runner, runner.run(pgretrieve.connect_async(dsn))
        )  # fmt: skip
        yield client
        client.close()


@pytest.fixture
def filled(client):
    return client.collection("docs")


def found(collection, query, **arguments):
    return [hit.document_id for hit in collection.search(query, **arguments)]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("vpn", "a"),
        ("VPN Certificates!", "a"),
        ('"vpn certificates', "a"),
        ("vpn' or 1=1; drop schema pgretrieve cascade; --", "a"),
        ("a & | ! ( <-> vpn", "a"),
        ("vpn:*", "a"),
        ("!vpn & soup", None),
        ("(vpn | (soup", None),
        ("\\ vpn \\'", "a"),
        ("%s %(query)s vpn {schema} @schema@ $1", "a"),
        ("<b>vpn</b> & http://x.y/vpn", "a"),
        ("vpn\n\tcertificates\u2003", "a"),
        ("celebrate 🎉", "emoji"),
        ("\u05d4\u05d7\u05ea\u05d5\u05dc", "rtl"),
        ("検索", "cjk"),
    ],
)
def test_any_text_is_a_query_and_operators_are_words(filled, sql, query, best):
    ids = found(filled, query, mode="keyword")
    assert ids
    assert best in (None, ids[0])
    assert [row[0] for row in sql.execute(FROM_SQL, [query])] == ids
    assert found(filled, query)


@pytest.mark.parametrize("query", ["the of and", "!", "a & | ! ( <->", "🚀", "''", '"', "\u200b", "\x01"])
def test_a_query_without_words_has_no_keyword_hits_and_meaning_still_answers(filled, sql, query):
    assert found(filled, query, mode="keyword") == []
    assert sql.execute(FROM_SQL, [query]).fetchall() == []
    hits = filled.search(query)
    assert len(hits) == len(TEXTS)
    assert {(hit.keyword_rank, hit.keyword_score) for hit in hits} == {(None, None)}
    assert [hit.dense_rank for hit in hits] == list(range(1, len(TEXTS) + 1))


def test_words_that_no_document_has_find_nothing(filled):
    assert found(filled, "zygote quixotic", mode="keyword") == []
    assert filled.explain("zygote vpn", mode="keyword")["unknown_terms"] == ["zygot"]


def test_a_query_of_ten_thousand_words_is_answered(filled, sql):
    query = " ".join(f"word{i}" for i in range(9_999)) + " certificates"
    assert found(filled, query, mode="keyword") == ["a"]
    assert [row[0] for row in sql.execute(FROM_SQL, [query])] == ["a"]
    assert "a" in found(filled, query)


def test_one_word_of_a_million_characters_is_answered(filled):
    assert found(filled, "x" * 1_000_000 + " vpn", mode="keyword") == ["a"]


def test_more_rows_than_there_are_is_all_there_are(filled):
    assert len(found(filled, "vpn", k=10_000)) == len(TEXTS)
    assert len(found(filled, "vpn", mode="keyword", k=10_000)) == 1


def test_fewer_rows_are_the_first_of_more(filled):
    every = list(filled.search("vpn certificates holidays soup", k=10))
    for k in range(1, len(every)):
        assert list(filled.search("vpn certificates holidays soup", k=k)) == every[:k]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_an_empty_collection_answers_with_nothing(client, mode):
    assert found(client.collection("empty"), "vpn", mode=mode) == []


@pytest.mark.parametrize(
    "filter_",
    [
        {"team": "infra' or true --"},
        {'te"am': "infra"},
        {"team\\": "x"},
        {"a.b.c": {"$gt": 1e308}},
        {"": ""},
        {"team": {"$in": []}},
        {"🙂": "ü\u2028\\u0000"},
    ],
)
def test_any_text_in_a_filter_is_a_value(filled, filter_):
    assert found(filled, "vpn", filter=filter_) == []
    assert found(filled, "vpn", filter={"$not": filter_}, mode="keyword") == ["a"]
    assert filled.count() == len(TEXTS)


def test_several_queries_are_encoded_together(filled, monkeypatch):
    own = encoders.HashingEncoder().encode_queries(["soup"])[0]
    encoded = []

    def encode_queries(self, texts):
        encoded.append(list(texts))
        return self.encode_documents(texts)

    monkeypatch.setattr(encoders.HashingEncoder, "encode_queries", encode_queries)
    others = ["soup -vpn", {"query": "certificates", "mode": "keyword"}, {"query": "soup", "embedding": own}]
    hits = filled.search("vpn", k=3, options={"queries": others})
    assert encoded == [["vpn", "soup"]]
    assert others[0] == "soup -vpn"
    assert "embedding" not in others[1]
    report = filled.explain("vpn", options={"queries": others})
    assert sorted(report["legs"]) == ["dense", "dense 2", "dense 4", "keyword", "keyword 2", "keyword 3", "keyword 4"]
    assert [hit["chunk_id"] for hit in report["hits"]][:3] == [hit.chunk_id for hit in hits]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ("soup", "'queries' cannot be"),
        ([["soup"]], "'queries' cannot be"),
        ([{"words": "soup"}], "'queries' cannot be"),
        ([{"query": "soup", "embedding": [1.0, 2.0]}], "64 dimensions"),
        ([{"query": "soup\x00"}], "NUL"),
    ],
)
def test_further_queries_that_cannot_be(filled, others, said):
    with pytest.raises(pgretrieve.InvalidInput, match=said) as caught:
        filled.search("vpn", options={"queries": others})
    assert caught.value.hint
