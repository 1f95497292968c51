"""Numbers in one form: the same word however written, marked where they stand, and no part of a text's length."""

from collections import Counter
from typing import Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests.reference.analysers import NUMBER, normalised_numbers
from tests.reference.bm25 import BM25, BM25F, analysed
from tests.reference.ranking import assert_ranking
from tests.sql.histories import keyword, one, rows

NUMBERS = st.text(st.sampled_from("0123456789,.,. '-(%$km\u00a0\u2019\r\nbn/"), max_size=25)
WORDED = st.lists(
    st.one_of(
        st.sampled_from(
            ["million", "Billion", "k", "bn", "mn", "of", ",", ".", "-", "\u2212", "$", "%", "v", "é", "漢"]
        ),
        st.sampled_from(
            ["1,234.50", "1.234,50", "12", "3.0", "1'000", "1\u202f000\u202f000", ".5", "1,2", "0", "7" * 40]
        ),
        st.sampled_from(["", " ", "  ", "\u00a0", "\n"]),
    ),
    max_size=12,
).map("".join)


def normalised(sql: psycopg.Connection[Any], text: str) -> list[str]:
    return one(sql, "select pgretrieve._normalise_numbers(%s)", text).split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,234.50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1.234.567", "1234567"),
        ("1'234'567.10", "1234567.1"),
        ("1\u202f234\u00a0567,5", "1234567.5"),
        ("(123)", "( 123 )"),
        ("-5 \u22125", "- 5 \u2212 5"),
        ("GPT-4", "GPT- 4"),
        ("12.00%", "12 %"),
        (".50", "0.5"),
        (".000", "0"),
        ("1,234", "1234"),
        ("1.234", "1.234"),
        ("$1.2 million", "$ 1200000 1.2 million"),
        ("3bn 500K 2.5 Trillion", "3000000000 3 bn 500000 500 K 2500000000000 2.5 Trillion"),
        ("0 million", "0 million"),
        ("5 millions, 7 m", "5 millions, 7 m"),
        ("1,23 1,2,3 1,2345", "1,23 1,2,3 1,2345"),
        ("v1.2.3 192.168.0.1 2/3 3x x3 a@1 1_000", "v1.2.3 192.168.0.1 2/3 3x x3 a@1 1_000"),
        ("In 2019.", "In 2019 ."),
        ("007", "007"),
        ("7" * 40 + " million", "7" * 40 + " million"),
        ("", ""),
    ],
)
def test_forms_of_numbers(shared_sql: psycopg.Connection[Any], text: str, words: str) -> None:
    assert normalised(shared_sql, text) == words.split()
    assert normalised_numbers(text).split() == words.split()


@settings(max_examples=200, deadline=None)
@example("1\r000")
@example("1 234,567")
@given(st.one_of(NUMBERS, WORDED))
def test_numbers_come_out_as_the_oracle_says_and_stay_so(shared_sql: psycopg.Connection[Any], text: str) -> None:
    once = normalised(shared_sql, text)
    assert once == normalised_numbers(text.replace("\r", " ")).split()
    assert normalised(shared_sql, one(shared_sql, "select pgretrieve._normalise_numbers(%s)", text)) == once


@settings(max_examples=150, deadline=None)
@given(st.one_of(NUMBERS, WORDED))
def test_every_token_stands_where_it_says(shared_sql: psycopg.Connection[Any], text: str) -> None:
    found = rows(
        shared_sql, "select token, alias, start_offset, end_offset from pgretrieve._number_tokens("
        "(select cfgparser from pg_ts_config where oid = 'simple'::regconfig), %s)", text,
    )  # fmt: skip
    for token, alias, start, end in found:
        if alias != "number":
            assert text.replace("\r", " ")[start:end] == token
    numbers = [(m.start(), m.end(1)) for m in NUMBER.finditer(text.replace("\r", " "))]
    places = {(start, end) for _, alias, start, end in found if alias == "number"}
    assert places >= set(numbers)


def collection(db: pgretrieve.Client, name: str = "docs", **settings: Any) -> pgretrieve.Collection:
    chunking = {"max_characters": 60_000}
    return db.create_collection(name, encoder=None, dimensions=1, chunking=chunking, normalise_numbers=True, **settings)


FORMS = {
    "english": "Sales of $1,234.50",
    "bare": "sales: 1234.5",
    "german": "1.234,500 of sales",
    "other": "sales 1 and 234.5",
}


def test_a_number_is_found_however_it_is_written(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = collection(db)
    assert docs.info.normalise_numbers
    plain = db.create_collection("plain", encoder=None, dimensions=1)
    assert not plain.info.normalise_numbers
    for target in (docs, plain):
        target.add([{"id": name, "text": text} for name, text in FORMS.items()])
    for query in ("1234.5", "1,234.5", "-1'234.5", "(1.234,50)"):
        assert {row[0] for row in keyword(sql, "docs", query)} == {"english", "bare", "german"}
    assert {row[0] for row in keyword(sql, "plain", "1234.5")} == {"bare"}


def test_a_number_with_a_word_is_its_value_too(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = collection(db, languages=["german"])
    docs.add(
        [{"id": "word", "text": "It cost $1.2 million."}, {"id": "short", "text": "Für 1.2m", "language": "german"},
         {"id": "digits", "text": "1,200,000 dollars"}, {"id": "no", "text": "1.2 thousand"}]
    )  # fmt: skip
    for query in ("1,200,000", "$1.2 million"):
        assert {row[0] for row in keyword(sql, "docs", query)} >= {"word", "short", "digits"}
    assert {row[0] for row in keyword(sql, "docs", '"1.2 million"')} == {"word"}


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Sales of $1,234.50 in 2019", "1234.5", ["1,234.50"]),
        ("Sales of $1,234.50 in 2019", "sales 2019", ["Sales", "2019"]),
        ("about 1.2 million people", "1,200,000", ["1.2 million"]),
        ("about 1.2 million people", "million", ["million"]),
        ("about 3bn", "3 billion", ["3bn"]),
        ("GPT-4, not GPT-40", "gpt 4", ["GPT", "4", "GPT"]),
        ("loss of (5) or -5", "5", ["5", "5"]),
        ("1,2,3 and 1.2.3", "2", ["2"]),
        ("\r\n12.00%\r\n", "12", ["12.00"]),
        ("漢字😀 1\u202f000 é", "1000", ["1\u202f000"]),
    ],
)
def test_the_whole_number_is_marked(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], text: str, query: str, expected: list[str]
) -> None:
    collection(db).add([{"id": "a", "text": text}])
    chunk = one(sql, "select id from pgretrieve_1.chunk")
    spans = one(
        sql, "select spans from pgretrieve.highlight('docs', array[%s]::bigint[], %s, %s)", chunk, query, Jsonb({})
    )
    assert [text[span.lower : span.upper] for span in spans] == expected


TEXTS = [
    "Revenue 1,234.5 1,300 1,400.0 2018 2019", "Revenue grew in 2019 to 1,300 from where it had been before",
    "5 6 7 8", "Costs of revenue 1.3 thousand", "revenue " + "12.5 " * 300, "nothing at all",
]  # fmt: skip
CHUNKS = "select c.id, d.external_id from pgretrieve_1.chunk c join pgretrieve_1.document d on d.id = document_id"
QUERIES = ["revenue", "1300", "revenue 2019 1,234.50", "1.3 thousand costs", "5", "12.5 revenue"]


def terms_of(sql: psycopg.Connection[Any], texts: list[str]) -> list[Counter[str]]:
    return analysed(sql, "english", [normalised_numbers(text) for text in texts])


def is_counted(term: str) -> bool:
    return not term.replace(".", "", 1).isdigit()


@pytest.mark.parametrize("batch", [1, 300])
def test_scores_are_those_of_the_oracle_whose_chunks_are_as_long_as_their_words(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], batch: int
) -> None:
    """By way of the delta, of blocks, and after a removal and a compaction."""
    docs = collection(db)
    texts = {str(n): text for n, text in enumerate(TEXTS * batch)}
    docs.add([{"id": name, "text": text} for name, text in texts.items()])
    for _ in range(2):
        ids = dict(rows(sql, CHUNKS))
        found = dict(zip(ids, terms_of(sql, ["\n" + texts[name] for name in ids.values()]), strict=True))
        oracle = BM25(found, counts=is_counted)
        for query in QUERIES:
            [asked] = terms_of(sql, [query])
            got = [(row[1], row[2]) for row in keyword(sql, "docs", query, 10)]
            assert_ranking(got, oracle.scores(asked), 10, evidence=oracle.evidence(asked))
        docs.delete(["1", "4"])
        docs.compact(rewrite=True)


def test_texts_of_numbers_alone_have_no_length(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = collection(db)
    docs.add([{"id": "a", "text": "12 13"}, {"id": "b", "text": "12"}])
    assert [row[0] for row in keyword(sql, "docs", "12")] == ["a", "b"]
    docs.delete(["a", "b"])
    assert one(sql, "select sum(tokens) from pgretrieve_1.statistic") == 0
    docs.add([{"id": "a", "text": "the 12 of"}])
    assert [row[0] for row in keyword(sql, "docs", "12 and words")] == ["a"]


def test_fields_have_numbers_too(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = collection(db, fields={"table": 1, "title": 2})
    texts = [
        {"title": "Sales 2019", "text": t, "fields": {"table": "1,234.50 12 widgets"[: 8 + 6 * n]}}
        for n, t in enumerate(TEXTS)
    ]
    docs.add([{"id": str(n), **text} for n, text in enumerate(texts)])
    ids = rows(sql, CHUNKS)
    found = {}
    for chunk, name in ids:
        parts = {"title": texts[int(name)]["title"], "text": texts[int(name)]["text"], **texts[int(name)]["fields"]}
        found[chunk] = dict(zip(parts, terms_of(sql, list(parts.values())), strict=True))
    oracle = BM25F(found, {"title": 2, "text": 1, "table": 1}, counts=is_counted)
    for query in [*QUERIES, "widgets 1234.5"]:
        [asked] = terms_of(sql, [query])
        got = [(row[1], row[2]) for row in keyword(sql, "docs", query, 10)]
        assert_ranking(got, oracle.scores(asked), 10, evidence=oracle.evidence(asked))
    assert [row[0] for row in keyword(sql, "docs", "table:1234.5")] == [str(n) for n in range(6)]


def test_it_goes_with_accents_and_pairs_of_characters(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    collection(db, language="japanese", fold_accents=True).add([{"id": "a", "text": "売上高は1,200.0円、Café 3.50"}])
    for query in ("1200", "cafe", "3.5", "売上"):
        assert [row[0] for row in keyword(sql, "docs", query)] == ["a"]


@pytest.mark.parametrize("given", ["yes", 1, 0.5, ["x"]])
def test_normalise_numbers_is_true_or_false(db: pgretrieve.Client, given: object) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="normalise_numbers cannot be"):
        db.create_collection("docs", encoder=None, dimensions=1, normalise_numbers=given)


def test_null_means_false(sql: psycopg.Connection[Any]) -> None:
    sql.execute("select pgretrieve.create_collection('docs', normalise_numbers => null)")
    assert one(sql, "select normalise_numbers from pgretrieve.collections") is False
