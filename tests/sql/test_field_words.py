"""Words of one field in a query, and fields, documents and weights that cannot be."""

import json
import math
from collections import Counter
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests import encoders
from tests.reference.ranking import assert_ranking
from tests.sql.histories import Text, keyword, rows
from tests.sql.test_fields import TOLERANCE, generated, new_replica


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ('["abstract"]', "fields are array, not an object"),
        ('{"Abstract": 1}', "field 'Abstract' cannot have this name"),
        ('{"2nd": 1}', "field '2nd' cannot have this name"),
        ('{"": 1}', "field '' cannot have this name"),
        ('{"a b": 1}', "field 'a b' cannot have this name"),
        ('{"' + "a" * 64 + '": 1}', "cannot have this name"),
        ('{"metadata": 1}', "field 'metadata' has the name of another part of a document"),
        ('{"language": 1}', "field 'language' has the name of another part"),
        ('{"abstract": 0}', "field 'abstract' cannot weigh 0"),
        ('{"abstract": -1}', "field 'abstract' cannot weigh -1"),
        ('{"abstract": 1001}', "field 'abstract' cannot weigh 1001"),
        ('{"abstract": "1"}', "field 'abstract' cannot weigh \"1\""),
        ('{"title": null}', "field 'title' cannot weigh null"),
        ('{"title": [2]}', "field 'title' cannot weigh [2]"),
        ('{"title": {"weight": 0}}', "field 'title' cannot weigh 0"),
        ('{"title": {"weight": null, "b": 1}}', "field 'title' cannot weigh null"),
        ('{"title": {"b": 1.1}}', "field 'title' cannot have b = 1.1"),
        ('{"title": {"b": -0.1}}', "field 'title' cannot have b = -0.1"),
        ('{"title": {"b": "0.5"}}', "field 'title' cannot have b = \"0.5\""),
        ('{"title": {"b": null}}', "field 'title' cannot have b = null"),
        ('{"title": {"boost": 2}}', "field 'title' has no setting 'boost'"),
        ('{"title": {"b": 2, "vector": true}}', "field 'title' cannot have b = 2"),
        ("{" + ", ".join(f'"f{n}": 1' for n in range(17)) + "}", "17 fields beside title and text are too many"),
    ],
)
def test_bad_fields_of_a_collection_are_refused(sql: psycopg.Connection[Any], given: str, says: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        sql.execute("select pgretrieve.create_collection('bad', fields => %s)", [given])
    assert (caught.value.sqlstate, says in caught.value.diag.message_primary) == ("RT400", True)
    assert caught.value.diag.message_hint


def test_sixteen_fields_and_two_are_possible(db: pgretrieve.Client) -> None:
    docs = db.create_collection(
        "docs", encoder=None, dimensions=1, fields={f"f{n}": 1 for n in range(16)} | {"title": 1}
    )
    docs.add([{"id": "a", "text": "words", "fields": {f"f{n}": f"word{n}" for n in range(16)}}])
    assert len(docs.search("word15 word3", mode="keyword")) == 1


@pytest.mark.parametrize(
    "fields", ["abstract", ["abstract"], {"abstract": math.nan}, {"abstract": {"b": math.nan}}, {1: 1}, {"a\0": 1}]
)
def test_bad_fields_are_refused_in_python(db: pgretrieve.Client, fields: Any) -> None:
    with pytest.raises(pgretrieve.InvalidInput):
        db.create_collection("docs", encoder=None, dimensions=1, fields=fields)


@pytest.mark.parametrize(
    ("fields", "says", "remedy"),
    [
        (
            '{"notes": "x"}',
            "document 'bad' has the field 'notes', which the collection does not have",
            "abstract, keywords",
        ),
        ('{"title": "x"}', "document 'bad' has 'title' among its fields", "Title and text stand beside the fields"),
        ('{"abstract": 3}', "document 'bad' has a field 'abstract' that is not a string", "Give text"),
        ('{"abstract": ["x"]}', "document 'bad' has a field 'abstract' that is not a string", "Give text"),
        ('["x"]', 'document 2 (id "bad") has fields that are not an object', "Nothing was written"),
    ],
)
def test_documents_with_other_fields_are_refused_and_nothing_is_written(
    papers: pgretrieve.Collection, sql: psycopg.Connection[Any], fields: str, says: str, remedy: str
) -> None:
    before = rows(sql, "select * from pgretrieve_1.delta order by 1, 2")
    batch = f'[{{"id": "good", "text": "x"}}, {{"id": "bad", "text": "x", "fields": {fields}}}]'
    with pytest.raises(psycopg.Error) as caught:
        sql.execute("select pgretrieve.add_documents('papers', %s)", [batch])
    assert caught.value.sqlstate == "RT422"
    assert says in caught.value.diag.message_primary
    assert remedy in caught.value.diag.message_hint
    assert papers.count() == 3
    assert rows(sql, "select * from pgretrieve_1.delta order by 1, 2") == before


def test_documents_with_other_fields_are_refused_in_python(
    papers: pgretrieve.Collection, db: pgretrieve.Client
) -> None:
    good = {"id": "good", "text": "x"}
    with pytest.raises(pgretrieve.InvalidDocument, match="document 'bad' has the field 'notes'") as caught:
        papers.add([good, {"id": "bad", "text": "x", "fields": {"notes": "x"}}])
    assert "Its fields: abstract, keywords." in caught.value.hint
    with pytest.raises(pgretrieve.InvalidDocument, match="has the field 'title'"):
        papers.add([good, {"id": "bad", "text": "x", "fields": {"title": "x"}}])
    plain = db.create_collection("plain", encoder=None, dimensions=1)
    with pytest.raises(pgretrieve.InvalidDocument, match="has the field 'abstract'") as caught:
        plain.add([good, {"id": "bad", "text": "x", "fields": {"abstract": "x"}}])
    assert "It has none" in caught.value.hint
    assert papers.count() == 3
    assert plain.count() == 0


@pytest.mark.parametrize(
    ("collection", "fields", "says", "remedy"),
    [
        ("papers", {"notes": 1}, "collection 'papers' has no field 'notes'", "abstract, keywords, text, title"),
        ("papers", {"title": -1}, "option 'fields' cannot be", "from 0.001 to 1000"),
        ("papers", {"title": 1e6}, "option 'fields' cannot be", "from 0.001 to 1000"),
        ("papers", {"title": "2"}, "option 'fields' cannot be", "from 0.001 to 1000"),
        ("papers", "title", "option 'fields' cannot be", "from 0.001 to 1000"),
        ("papers", dict.fromkeys(["title", "text", "abstract", "keywords"], 0), "leave no field", "above 0"),
        ("plain", {"title": 2}, "collection 'plain' was created without fields", "Leave option fields out"),
    ],
)
def test_bad_weights_of_a_query_are_refused(
    papers: pgretrieve.Collection, db: pgretrieve.Client, collection: str, fields: Any, says: str, remedy: str
) -> None:
    db.create_collection("plain", encoder=None, dimensions=1)
    with pytest.raises(pgretrieve.InvalidInput, match=says) as caught:
        db.collection(collection).search("vpn", mode="keyword", options={"fields": fields})
    assert remedy in caught.value.hint


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:vpn", {"words": "", "fielded": ["title:vpn"]}),
        ("a title:vpn b", {"words": "a b", "fielded": ["title:vpn"]}),
        ("(title:vpn)", {"words": "", "fielded": ["title:vpn)"]}),
        ("title:10:30", {"words": "", "fielded": ["title:10:30"]}),
        ("subtitle:vpn notes:vpn Title:vpn 10:30", {"words": "subtitle:vpn notes:vpn Title:vpn 10:30"}),
        ("title: vpn", {"words": "title: vpn"}),
        ("title:", {"words": "title:"}),
        ("title:vpn*", {"words": "", "prefixes": ["title:vpn"]}),
        ("-title:vpn*", {"words": "", "excluded": ["title:vpn*"]}),
        ("title:5*", {"words": "", "fielded": ["title:5"]}),
        ("-title:vpn", {"words": "", "excluded": ["title:vpn"]}),
        ("a -title:-x", {"words": "a", "excluded": ["title:-x"]}),
        ('title:"a phrase" b', {"words": "b", "fielded": ["title:a phrase"], "required": [["title:a phrase"]]}),
        ('-title:"a phrase" b', {"words": "b", "excluded": ["title:a phrase"]}),
        ('title:"never closed', {"words": "never closed"}),
        ('title:"" b', {"words": "b"}),
        ("title:a OR b", {"words": "b", "fielded": ["title:a"], "alternatives": [["title:a", "b"]]}),
        (
            'one two three four five six seven "eight" title:"nine ten" eleven',
            {
                "words": "one two three four five six seven eight eleven",
                "quotations": ["eight"],
                "fielded": ["title:nine ten"],
                "required": [["title:nine ten"]],
            },
        ),
    ],
)
def test_what_is_of_a_field_is_told_from_words(
    shared_sql: psycopg.Connection[Any], query: str, expected: dict[str, Any]
) -> None:
    statement = "select pgretrieve._parsed_query(%s, %s), pgretrieve._query_syntax(%s, %s)"
    [(parsed, syntax)] = rows(shared_sql, statement, query, ["text", "title"], query, ["text", "title"])
    coded = json.dumps(expected).replace('"title:', '"\\u001ftitle\\u001f')
    for key in expected.keys() - {"words", "quotations"}:
        assert parsed[key] == json.loads(coded)[key]
    assert parsed.keys() == expected.keys()
    assert parsed["words"] == expected["words"]
    assert syntax == (expected.keys() - {"words", "quotations"} != set())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:vpn", {"b"}),
        ("keywords:certificate", {"a"}),
        ("text:tunnels title:vpn", {"b", "c"}),
        ("tunnel -title:tunnel", {"b", "c"}),
        ("tunnel -text:tunnel", {"a", "b"}),
        ('certificates -keywords:"vpn certificates"', {"b"}),
        ('certificates -keywords:"certificates vpn"', {"a", "b"}),
        ('keywords:"vpn certificates"', {"a"}),
        ('title:"vpn certificates"', set()),
        ('keywords:"certificates vpn"', set()),
        ('abstract:"costs of tunnels" OR title:tunnel', {"a", "b"}),
        ('abstract:"costs of tunnels" OR keywords:"vpn"', {"a", "b"}),
        ("title:martian", set()),
        ("title:the tunnel", {"a", "b", "c"}),
        ("notes:tunnel", {"a", "b", "c"}),
        ("title:tun*", {"a"}),
        ("text:tun*", {"c"}),
        ("title:TUNN* abstract:tunnels*", {"a", "b"}),
        ("title:v* sea", {"c"}),
        ("title:zy*", set()),
        ("tunnel -title:tun*", {"b", "c"}),
        ("tunnel -title:tunnels*", {"b", "c"}),
        ('abstract:cost* OR title:"tunnels" rotate', {"a", "b"}),
        ('report -abstract:"costs of" -title:tun*', set()),
        ('"a report" -text:tun*', {"b"}),
    ],
)
def test_words_are_looked_for_in_their_field(papers: pgretrieve.Collection, query: str, expected: set[str]) -> None:
    for options in ({}, {"group_by": "document"}):
        assert {hit.document_id for hit in papers.search(query, mode="keyword", options=options)} == expected
    papers.compact(rewrite=True)
    assert {h.document_id for h in papers.search(query, mode="keyword", filter={"x": {"$exists": False}})} == expected
    report = papers.explain(query, mode="keyword")
    del report["legs"]  # whose plans say how lists are named
    unknown = {
        "title:martian": ["title:martian"],
        'title:"vpn certificates"': ["title:certif"],
        "notes:tunnel": ["note"],
        "title:v* sea": ["title:v"],
    }
    assert report["unknown_terms"] == unknown.get(query, [])
    assert "u001f" not in json.dumps(report)
    for hit in report["hits"]:
        total = sum(term["contribution"] for term in hit["terms"])
        assert math.isclose(total, hit["keyword_score"], abs_tol=1e-9)


def test_a_word_of_a_field_is_scored_by_that_field_alone(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql)
    replica.load(generated(8, 300))
    replica.add({"d1": Text("vpn x", "tea tea vpn"), "d2": Text("x", "tea", {"keywords": "tea vpn"})})
    replica.delete(["b5", "b6"])
    oracle = replica.oracle()
    # of the chunks that have a title
    n, k1 = sum(bool(fields.get("title")) for fields in oracle.chunks.values()), oracle.k1
    assert n < len(oracle.chunks)
    expected = oracle.scores(Counter(["vpn"]))
    df = sum("tea" in fields.get("title", {}) for fields in oracle.chunks.values())
    idf = math.log(1 + (n - df + 0.5) / (df + 0.5))
    for chunk in oracle.chunks:
        if frequency := oracle.frequency(chunk, "tea", {"title": 2}):
            expected[chunk] = expected.get(chunk, 0) + idf * frequency * (k1 + 1) / (frequency + k1)
    for query in ("vpn title:tea", "title:tea vpn title:tea"):
        got = [(chunk, score) for _, chunk, score in keyword(sql, replica.name, query, k=400)]
        assert_ranking(got, expected, 400, tolerance=TOLERANCE)


def test_words_of_fields_hold_in_the_dense_leg_and_count_for_min_match(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=encoders.NAME, fields={"abstract": 1})
    docs.add(
        [
            {"id": "a", "title": "VPN", "text": "A report.", "fields": {"abstract": "Costs of tunnels."}},
            {"id": "b", "title": "Costs", "text": "A report on tunnels.", "fields": {"abstract": "VPN."}},
        ]
    )
    assert {hit.document_id for hit in docs.search("report")} == {"a", "b"}
    assert {hit.document_id for hit in docs.search("report -title:vpn")} == {"b"}
    assert {hit.document_id for hit in docs.search('report abstract:"costs of tunnels"')} == {"a"}
    assert {hit.document_id for hit in docs.search('report -abstract:"costs of tunnels"')} == {"b"}
    counted = docs.search("title:vpn report martian", mode="keyword", options={"min_match": 2})
    assert {hit.document_id for hit in counted} == {"a"}
    either = docs.search("title:vpn OR abstract:vpn tunnel", mode="keyword", options={"min_match": "all"})
    assert {hit.document_id for hit in either} == {"a", "b"}
    docs.set_stop_words(["vpn"])
    assert not docs.search("title:vpn", mode="keyword")
    marked = docs.highlight(docs.search("text:tunnels", mode="keyword"), "text:tunnels")
    assert [m.snippet for m in marked] == ["A report on <b>tunnels</b>."]


def test_a_field_that_a_query_leaves_out_has_no_words(papers: pgretrieve.Collection) -> None:
    assert not papers.search("title:vpn", mode="keyword", options={"fields": {"title": 0}})
    louder = papers.search("title:vpn", mode="keyword", options={"fields": {"title": 500}})
    assert louder[0].score > papers.search("title:vpn", mode="keyword")[0].score


def test_words_of_fields_in_several_languages(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1, languages=["german"], fields={"abstract": 1})
    docs.add(
        [
            {
                "id": "de",
                "text": "Ein Bericht.",
                "language": "german",
                "fields": {"abstract": "Die neuen Zertifikate."},
            },
            {"id": "en", "text": "New certificates.", "fields": {"abstract": "Reports."}},
        ]
    )
    for query, expected in (
        ("abstract:Zertifikat", {"de"}), ("abstract:report", {"en"}), ("text:Zertifikat", set()),
        ('abstract:"neue Zertifikate"', {"de"}), ("report Bericht -abstract:Zertifikat", {"en"}),
    ):  # fmt: skip
        assert {hit.document_id for hit in docs.search(query, mode="keyword")} == expected


def test_a_field_is_no_sign_in_a_collection_without_fields(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1)
    docs.add([{"id": "a", "title": "VPN", "text": "A report."}, {"id": "b", "text": "Of a title."}])
    assert {hit.document_id for hit in docs.search("title:vpn", mode="keyword")} == {"a", "b"}


def test_prefixes_of_a_field_stand_for_the_terms_in_it(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql)
    replica.load(generated(9, 300))
    replica.add({"d1": Text("vpn x", "tea tears"), "d2": Text("teapot", "", {"keywords": "team tea"})})
    replica.delete(["b5", "b6"])
    docs = replica.collection
    for merged in (False, True):
        if merged:
            docs.compact(rewrite=True)
        for query, same in (
            ("title:te*", "title:tea title:tear"),
            ("keywords:te*", "keywords:tea keywords:team"),
            ("title:te* text:te* -vpn", "title:tea title:tear text:tea text:teapot -vpn"),
        ):
            found = docs.search(query, k=400, mode="keyword")
            expected = docs.search(same, k=400, mode="keyword")
            assert [(hit.document_id, hit.score) for hit in found] == [(hit.document_id, hit.score) for hit in expected]
            assert found
    report = docs.explain("title:te* title:ze*", mode="keyword")
    assert report["understood"]["prefixes"] == [
        {"prefix": "title:te", "terms": ["title:tea", "title:tear"], "left_out": 0},
        {"prefix": "title:ze", "terms": [], "left_out": 0},
    ]
    counted = docs.search("title:te* text:vpn", k=400, mode="keyword", options={"min_match": "all"})
    assert {hit.document_id for hit in counted} >= {"d1"}
    assert all("tea" in hit.title and "vpn" in hit.text for hit in counted)
    marked = docs.highlight(docs.search("text:teap*", mode="keyword"), "text:teap*")
    assert [m.snippet for m in marked] == ["<b>teapot</b>"]


def test_synonyms_of_a_word_that_is_looked_for_in_a_field(papers: pgretrieve.Collection) -> None:
    def scores(query: str, **options: Any) -> dict[str, float]:
        return {hit.document_id: hit.score for hit in papers.search(query, mode="keyword", options=options)}

    alone = {
        query: scores(query) for query in ("title:tunnel", "abstract:tunnel", "title:vpn", "title:vpn title:tunnel")
    }
    papers.set_synonyms({"passage": ["tunnel"], "vpn": ["tunnels", "private network"]})
    assert scores("title:passage") == pytest.approx(alone["title:tunnel"])
    assert scores("abstract:passage") == pytest.approx(alone["abstract:tunnel"])
    assert scores("keywords:passage") == {}
    assert scores("title:vpn").keys() == {"a", "b"}
    assert scores("title:vpn", fields={"title": 0}) == {}
    # what is excluded or required is literal
    assert scores("tunnel -title:vpn").keys() == {"a", "c"}
    assert scores('title:"vpn"').keys() == {"b"}
    assert scores("title:passage OR title:report rotate", min_match="all").keys() == {"a"}
    assert scores("title:passage sea", min_match=2) == {}
    for query in ("title:vpn", "title:vpn^2 vpn", "title:passage -sea", 'title:"vpn" title:passage'):
        report = papers.explain(query, mode="keyword")
        for hit in report["hits"]:
            total = sum(term["contribution"] for term in hit["terms"])
            assert math.isclose(total, hit["keyword_score"], abs_tol=1e-9)
    [told] = papers.explain("title:vpn", mode="keyword")["synonyms"]
    assert (told["term"], told["synonyms"], told["df"]) == ("title:vpn", ["tunnels", "private network"], 2)
    twice = scores("title:vpn^2")
    assert twice == pytest.approx({key: 2 * score for key, score in scores("title:vpn").items()})
    both = scores("title:vpn vpn")
    of_words = scores("vpn")
    assert both == pytest.approx({key: of_words[key] + scores("title:vpn").get(key, 0) for key in of_words}, abs=1e-8)
