"""Analysers of our own: pairs of characters for scripts without spaces, and accents folded."""

import json
import re
from collections import Counter
from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pgretrieve
from tests import encoders
from tests.reference.analysers import pairs, without_accents
from tests.reference.bm25 import BM25
from tests.reference.ranking import assert_ranking
from tests.sql.histories import keyword, one, rows

MIXED = st.text(
    st.sampled_from("東京都水日本語かなカナー漢字々한국어ไทยกำ\U00020000abcXYZéß12.5 -,。・\n\r\t🙂ｶﾞＡ"), max_size=60
)


@settings(max_examples=150)
@example("東京都")
@example("a\r漢\r漢字")
@example("漢" * 500)
@given(MIXED)
def test_runs_become_pairs_and_all_else_stays(shared_sql: psycopg.Connection[Any], text: str) -> None:
    got = one(shared_sql, "select pgretrieve._ngrams(%s)", text)
    assert got.split() == [word for part in pairs(text) for word in part.split()]


@settings(max_examples=150)
@example("Straße Ærø Đường Łódź ısı Ёлка сайт άλφα \u212bngström é\u0301\u0300")
@example("\u00c8\U000101fd")
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_folded_text_has_no_accents(shared_sql: psycopg.Connection[Any], text: str) -> None:
    """Among letters that are written in one case only by Python and PostgreSQL alike."""
    small = "".join(c for c in text.lower() if c.isascii() or c.lower() == c.upper().lower())
    assert one(shared_sql, "select pgretrieve._fold_accents(%s)", small) == without_accents(small)


def analysed(sql: psycopg.Connection[Any], text: str, schema: str = "pgretrieve_1") -> dict[str, list[int]]:
    found = rows(sql, f"select lexeme, positions from unnest({schema}.analyse(%s))", text)
    return dict(found)


@pytest.mark.parametrize("language", ["cjk", "chinese", "japanese", "korean", "thai"])
def test_names_of_languages_without_spaces(db: pgretrieve.Client, language: str) -> None:
    assert db.create_collection("docs", encoder=None, dimensions=1, language=language).info.language == "cjk"


def test_a_configuration_of_the_database_goes_before_a_name_of_ours(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    sql.execute("create text search configuration public.chinese (copy = pg_catalog.english)")
    sql.execute("create text search configuration public.cjk (copy = pg_catalog.english)")
    for name, stored in (("chinese", "chinese"), ("cjk", "cjk"), ("public.cjk", "public.cjk")):
        docs = db.create_collection(name, encoder=None, dimensions=1, language=name)
        assert docs.info.language == stored
        terms = analysed(sql, "running 東京都", docs.info.schema_name)
        assert set(terms) == ({"running", "東京", "京都"} if stored == "cjk" else {"run", "東京都"})


def test_pairs_stand_in_order_and_latin_words_among_them_are_words(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    db.create_collection("docs", encoder=None, dimensions=1, language="cjk")
    assert analysed(sql, "東京都はPostgreSQL 18を使う。東京") == {
        "東京": [1, 8], "京都": [2], "都は": [3], "postgresql": [4], "18": [5], "を使": [6], "使う": [7],
    }  # fmt: skip
    assert analysed(sql, "ＡＢＣ ｶﾞﾗｽ") == {"abc": [1], "ガラ": [2], "ラス": [3]}


CHINESE = {
    "capital": "北京是中华人民共和国的首都。",
    "city": "上海是中国最大的城市,上海位于长江口。",
    "database": "PostgreSQL是一个开源的关系数据库。",
    "repeated": "数据" * 4000,  # more positions than a tsvector keeps, and nowhere a space
    "lone": "水 is H2O.",
}


def test_keyword_search_of_chinese_is_exact(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1, language="cjk", chunking={"max_characters": 60_000})
    docs.add({"id": key, "text": text} for key, text in CHINESE.items())

    def terms(text: str) -> Counter[str]:
        return Counter(word.lower() for part in pairs(text) for word in part.replace(",", " ").strip("。. ").split())

    chunks = dict(rows(sql, "select c.id, d.external_id from pgretrieve_1.chunk c "
                            "join pgretrieve_1.document d on d.id = c.document_id"))  # fmt: skip
    oracle = BM25({chunk: terms(CHINESE[key]) for chunk, key in chunks.items()})
    for query in ("中国的首都", "数据库", "postgresql数据", "上海", "水", "没有这样的词语"):
        got = [(chunk, score) for _, chunk, score in keyword(sql, "docs", query)]
        assert_ranking(got, oracle.scores(terms(query)), 10, evidence=oracle.evidence(terms(query)))
    docs.delete(["repeated", "lone"])
    docs.compact(rewrite=True)
    assert not rows(sql, "select from pgretrieve_1.posting where lexeme = '据数'")
    assert [row[0] for row in keyword(sql, "docs", "数据")] == ["database"]


def test_words_are_the_same_without_accents_where_that_is_asked_for(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    for name, fold in (("folded", True), ("plain", False)):
        docs = db.create_collection(name, encoder=None, dimensions=1, language="simple", fold_accents=fold)
        assert docs.info.fold_accents is fold
        docs.add([{"id": "a", "text": "Le café est fermé."}, {"id": "b", "text": "Un cafe ouvert."}])
    assert {row[0] for row in keyword(sql, "folded", "CAFÉ")} == {"a", "b"}
    assert {row[0] for row in keyword(sql, "folded", "cafe")} == {"a", "b"}
    assert {row[0] for row in keyword(sql, "plain", "café")} == {"a"}


def test_folding_leaves_pairs_of_hangul_and_voiced_kana_whole(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    db.create_collection("docs", encoder=None, dimensions=1, language="korean", fold_accents=True)
    assert set(analysed(sql, "대한민국 ガラス Café")) == {"대한", "한민", "민국", "ガラ", "ラス", "cafe"}


@pytest.mark.parametrize("language", ["klingon", "", "a b", "no.such.thing", None])
def test_language_that_is_not_there_is_refused(sql: psycopg.Connection[Any], language: str | None) -> None:
    with pytest.raises(psycopg.Error, match="does not exist") as caught:
        sql.execute("select pgretrieve.create_collection('docs', language => %s)", [language])
    assert caught.value.sqlstate == "RT400"
    assert "cjk" in str(caught.value.diag.message_hint)


def test_fold_accents_is_true_or_false(db: pgretrieve.Client) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="fold_accents cannot be 'yes'"):
        db.create_collection("docs", encoder=None, dimensions=1, fold_accents="yes")


SEVERAL = [
    ("en", None, "Rotating the certificates of the network."),
    ("en2", "english", "A certificate of the new networks and the trees."),
    ("de", "german", "Die Zertifikate der Netzwerke werden jedes Jahr erneuert."),
    ("de2", "german", "Ein Zertifikat, der Netzwerk-Administrator und die Bäume."),
    ("ru", "russian", "Сертификаты сети обновляются каждый год."),
    ("ru2", "russian", "Новый сертификат для сетей и деревьев."),
    ("ja", "japanese", "東京都の証明書を毎年更新する。"),
]
OWN = {None: "english", "japanese": "cjk"}
QUERIES = [
    "certificate network",
    "Zertifikat",
    "сертификатов сеть",
    "証明書",
    "certificate Zertifikate сертификат 東京",
    "die",
]


def with_several(db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = db.create_collection(
        "docs", encoder=None, dimensions=1, languages=["german", "russian", "japanese", "english"]
    )
    assert (docs.info.language, docs.info.languages) == ("english", ["cjk", "german", "russian"])
    docs.add(pgretrieve.Document(key, text, language=language) for key, language, text in SEVERAL)
    return docs


@pytest.fixture
def several(db: pgretrieve.Client) -> pgretrieve.Collection:
    return with_several(db)


def terms_in(sql: psycopg.Connection[Any], text: str, language: str) -> Counter[str]:
    if language == "cjk":
        text, language = " ".join(pairs(text)), "simple"
    found = rows(sql, "select lexeme, cardinality(positions) from unnest(to_tsvector(%s::regconfig, %s))",
                 language, text)  # fmt: skip
    return Counter(dict(found))


def assert_exact(
    sql: psycopg.Connection[Any], documents: list[tuple[str, str | None, str]], language: str | None = None
) -> None:
    """Each document is analysed in its language, a query in the one that it says, else in all of them."""
    ids = dict(rows(sql, "select d.external_id, c.id from pgretrieve_1.chunk c "
                         "join pgretrieve_1.document d on d.id = c.document_id"))  # fmt: skip
    assert ids.keys() == {key for key, _, _ in documents}
    oracle = BM25({ids[key]: terms_in(sql, text, OWN.get(name) or str(name)) for key, name, text in documents})
    for query in QUERIES:
        asked: Counter[str] = Counter()
        for name in ("english", "german", "russian", "cjk") if language is None else (language,):
            asked |= terms_in(sql, query, name)
        options = "{}" if language is None else json.dumps({"language": language})
        got = [(chunk, score) for _, chunk, score in keyword(sql, "docs", query, options=options)]
        assert_ranking(got, oracle.scores(asked), 10, evidence=oracle.evidence(asked))


def test_documents_in_languages_of_their_own(several: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    assert_exact(sql, SEVERAL)
    several.compact()
    assert_exact(sql, SEVERAL)
    assert {hit.document_id for hit in several.search("Zertifikate", mode="keyword")} == {"de", "de2"}
    assert several.add([pgretrieve.Document(*SEVERAL[2][::2], language="german")]).unchanged == 1


@pytest.mark.parametrize(
    ("query", "options", "expected"),
    [
        ('"new networks"', {}, {"en2"}),
        ('"die Zertifikate"', {}, {"de", "de2"}),
        ('"Zertifikat der Netzwerk"', {}, {"de"}),
        ('"Netzwerk Zertifikat"', {}, set()),
        ('"новыми сертификатами"', {}, {"ru2"}),
        ('"証明書を毎年"', {}, {"ja"}),
        ('certificate OR "証明書"', {}, {"en", "en2", "ja"}),
        ("Zertifikat -Bäumen", {}, {"de"}),
        ("certificate -tree", {}, {"en"}),
        ("Zertifikat Netzwerk Baum", {"min_match": 2}, {"de", "de2"}),
        ("Zertifikat Baum", {"min_match": "all"}, {"de2"}),
        ("сертификаты деревьями", {"min_match": "all"}, {"ru2"}),
        ("certificates of networks", {"min_match": "all"}, {"en", "en2"}),
    ],
)
def test_signs_hold_in_every_language(
    several: pgretrieve.Collection, query: str, options: dict[str, Any], expected: set[str]
) -> None:
    for filter_ in (None, {"absent": {"$exists": False}}):
        found = several.search(query, mode="keyword", filter=filter_, options=options)
        assert {hit.document_id for hit in found} == expected


def test_matches_are_marked_in_every_language(several: pgretrieve.Collection) -> None:
    query = "certificate Zertifikat сертификат 証明書"
    hits = several.search(query, mode="keyword")
    marked = {hit.document_id: re.findall("<b>(.*?)</b>", shown.snippet)
              for hit, shown in zip(hits, several.highlight(hits, query), strict=True)}  # fmt: skip
    assert marked == {
        "en": ["certificates"], "en2": ["certificate"], "de": ["Zertifikate"], "de2": ["Zertifikat"],
        "ru": ["Сертификаты"], "ru2": ["сертификат"], "ja": ["証明書"],
    }  # fmt: skip


def test_a_document_that_changes_its_language_leaves_no_old_term(
    several: pgretrieve.Collection, sql: psycopg.Connection[Any]
) -> None:
    moved = [(key, "german" if key == "en" else None if key == "de" else language, text)
             for key, language, text in SEVERAL]  # fmt: skip
    assert several.add({"id": key, "text": text, "language": language} for key, language, text in moved).written == 2
    assert_exact(sql, moved)
    several.compact(rewrite=True)
    assert_exact(sql, moved)
    several.delete(["de", "ru", "ja"])
    assert_exact(sql, [document for document in moved if document[0] not in ("de", "ru", "ja")])


def test_language_of_a_document_from_sql(several: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    sql.execute("select pgretrieve.add_document('docs', 'x', 'Die Häuser', language => 'german')")
    sql.execute("""select pgretrieve.add_documents('docs', '[{"id": "y", "text": "Houses", "language": null},
                                                             {"id": "z", "text": "駅前", "language": "chinese"}]')""")
    stored = dict(
        rows(sql, "select external_id, language from pgretrieve_1.document where external_id in ('x', 'y', 'z')")
    )
    assert stored == {"x": "german", "y": None, "z": "cjk"}
    assert [row[0] for row in keyword(sql, "docs", "Haus")] == ["x"]
    assert [row[0] for row in keyword(sql, "docs", "house")] == ["y"]


def test_vectors_that_follow_leave_the_language(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=encoders.NAME, languages=["german"])
    sql.execute("select pgretrieve.add_document('docs', 'x', 'Die Häuser', language => 'german')")
    assert docs.embed_pending() == 1
    assert one(sql, "select language from pgretrieve_1.document") == "german"
    assert [row[0] for row in keyword(sql, "docs", "Haus")] == ["x"]


def test_language_that_the_collection_does_not_have_is_refused(
    several: pgretrieve.Collection, sql: psycopg.Connection[Any]
) -> None:
    for language in ("french", "klingon", ""):
        with pytest.raises(pgretrieve.InvalidDocument, match="which the collection does not have") as caught:
            several.add([{"id": "x", "text": "Bonjour", "language": language}])
        assert "english, cjk, german, russian" in caught.value.hint
    with pytest.raises(pgretrieve.InvalidDocument, match="language that is not a string"):
        several.add([{"id": "x", "text": "Bonjour", "language": 3}])
    with pytest.raises(psycopg.Error, match="language that is not a string") as refused:
        sql.execute("""select pgretrieve.add_documents('docs', '[{"id": "x", "text": "a", "language": 3}]')""")
    assert refused.value.sqlstate == "RT422"
    assert several.count() == len(SEVERAL)


@pytest.mark.parametrize("languages", [["klingon"], [""], ["german", "no.such.thing"]])
def test_languages_that_are_not_there_are_refused(db: pgretrieve.Client, languages: list[str]) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="does not exist"):
        db.create_collection("docs", encoder=None, dimensions=1, languages=languages)


@pytest.mark.parametrize("languages", ["german", [1], [None], {"german"}])
def test_languages_are_a_list(db: pgretrieve.Client, languages: Any) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="language"):
        db.create_collection("docs", encoder=None, dimensions=1, languages=languages)
