"""What users of other systems complain about in keyword search, each as a test of this one."""

import math
from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import Row, keyword, one, rows

TEXTS = {
    "rotation": "Rotate the VPN certificates every year, before the old ones run out.",
    "renewal": "Certificates of web servers are renewed by a job at night.",
    "holidays": "Holidays are entered by the team, every year, in the calendar.",
    "long": "The year, the team, the job, the night. " * 60 + "A certificate is somewhere in here.",
    "bread": "Knead the dough, then let it rise for an hour.",
}


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = shared_db.create_collection("docs", encoder=None, dimensions=2)
    docs.add([{"id": key, "text": text, "metadata": {"size": len(text)}} for key, text in TEXTS.items()])
    return docs


@pytest.mark.parametrize(
    "question",
    [
        "How do I rotate the certificates of our VPN when they are about to expire?",
        "what's the best way to rotate vpn certificates in a large company with several offices",
        "vpn certificate rotation: how often?",
    ],
)
def test_a_question_as_people_ask_it_finds_what_answers_it(docs: pgretrieve.Collection, question: str) -> None:
    """All words must match, so natural questions find nothing (haystack-cookbook#255)."""
    hits = docs.search(question, mode="keyword")
    assert hits[0].document_id == "rotation"
    assert "renewal" in {hit.document_id for hit in hits}


def test_a_word_in_nearly_every_document_does_not_decide(db: pgretrieve.Client) -> None:
    """A word that 97.7% of the documents hold drowned the telling ones (coral#2274)."""
    docs = db.create_collection("docs", encoder=None, dimensions=1, language="simple")
    docs.add({"id": f"noise{n}", "text": "table " * (1 + n % 9) + f"column{n}"} for n in range(300))
    docs.add([{"id": "wanted", "text": "one table among many others with a longer text about invoices"}])
    ranked = [hit.document_id for hit in docs.search("table invoices", mode="keyword")]
    assert ranked[0] == "wanted"
    assert len(ranked) == 10


def test_scores_are_above_0_and_higher_is_better(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    """BM25 scores that are negative, be it by sign or for words in most documents (VectorChord-bm25)."""
    everywhere = docs.search("year team job certificate the", k=50, mode="keyword")
    scores = [hit.score for hit in everywhere]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    with pgretrieve.connect(sql.info.dsn) as db:
        own = db.create_collection("own", encoder=None, dimensions=1, language="simple")
        own.add({"id": str(n), "text": "all of them alike"} for n in range(20))
        assert {hit.score > 0 for hit in own.search("all alike", k=20, mode="keyword")} == {True}


def test_repeating_a_word_in_a_long_text_does_not_win(docs: pgretrieve.Collection) -> None:
    """What is called BM25 knows neither rarity nor length, and puts long texts first (llama_index#9427)."""
    ranked = [hit.document_id for hit in docs.search("certificate year", mode="keyword")]
    assert ranked.index("rotation") < ranked.index("long")
    report = docs.explain("certificate", mode="keyword")
    [told] = report["terms"]
    assert told["df"] == 3
    assert math.isclose(told["idf"], math.log(1 + (report["chunks"] - 3 + 0.5) / (3 + 0.5)))


def test_rarity_is_counted_over_the_collection_and_not_over_the_candidates(docs: pgretrieve.Collection) -> None:
    """Statistics of the candidates turned rare and common words round (plur#732)."""
    free = {hit.document_id: hit.score for hit in docs.search("certificate dough year", mode="keyword")}
    for filter_ in ({"size": {"$lt": 100}}, {"$ids": ["rotation", "renewal"]}, {"$ids": ["long"]}):
        filtered = docs.search("certificate dough year", mode="keyword", filter=filter_)
        assert filtered
        assert {hit.document_id: hit.score for hit in filtered}.items() <= free.items()
    paged = [hit for page in docs.pages("certificate dough year", page_size=1, mode="keyword") for hit in page]
    assert {hit.document_id: hit.score for hit in paged} == free


def test_a_word_of_a_field_is_as_rare_as_it_is_where_there_is_such_a_field(db: pgretrieve.Client) -> None:
    """Rarity within a field was counted over documents that do not have it (infino#756)."""
    docs = db.create_collection("docs", encoder=None, dimensions=1, fields={"keywords": 1})
    docs.add({"id": str(n), "text": "tea", "fields": {"keywords": "green"} if n < 5 else {}} for n in range(100))
    docs.add([{"id": "rare", "text": "tea", "fields": {"keywords": "oolong"}}])
    docs.delete(["99"])
    for term, df, n in (("keywords:green", 5, 6), ("keywords:oolong", 1, 6), ("text:tea", 100, 100), ("green", 5, 100)):
        [told] = docs.explain(term, mode="keyword")["terms"]
        assert (told["term"], told["df"]) == (term, df)
        assert math.isclose(told["idf"], math.log(1 + (n - df + 0.5) / (df + 0.5)))
    docs.set_synonyms({"matcha": ["green"]})
    [told] = docs.explain("keywords:matcha", mode="keyword")["synonyms"]
    assert math.isclose(told["weight"], 2.2 * math.log(1 + (6 - 5 + 0.5) / (5 + 0.5)))


def test_scores_are_right_at_once_and_after_every_write(db: pgretrieve.Client) -> None:
    """Statistics that wait for a rebuild, or for a full scan in each search (plpgsql_bm25, pgEdge#53)."""
    grown = db.create_collection("grown", encoder=None, dimensions=1)
    grown.add([{"id": f"old{n}", "text": f"certificate number {n}"} for n in range(40)])
    for key, text in TEXTS.items():
        grown.add([{"id": key, "text": text}])
        grown.search("certificate", mode="keyword")
    grown.delete([f"old{n}" for n in range(40)])
    fresh = db.create_collection("fresh", encoder=None, dimensions=1)
    fresh.add([{"id": key, "text": text} for key, text in TEXTS.items()])
    for query in ("certificate year", "job night dough"):
        assert [(hit.document_id, hit.score) for hit in grown.search(query, mode="keyword")] == [
            (hit.document_id, hit.score) for hit in fresh.search(query, mode="keyword")
        ]


def test_a_word_that_stands_hundreds_of_times_keeps_counting(db: pgretrieve.Client) -> None:
    """A tsvector keeps 256 places of a word, so that frequencies end there."""
    docs = db.create_collection(
        "docs", encoder=None, dimensions=1, language="simple", b=0, chunking={"max_characters": 60_000}
    )
    docs.add([{"id": str(n), "text": "word " * n} for n in (200, 300, 3000)])
    assert [hit.document_id for hit in docs.search("word", mode="keyword")] == ["3000", "300", "200"]


def test_a_query_of_hundreds_of_words_is_answered_and_says_what_it_left_out(db: pgretrieve.Client) -> None:
    """Long queries end in 'tsquery stack too small' (R2R#2293) or take seconds (hindsight#3498)."""
    docs = db.create_collection("docs", encoder=None, dimensions=1, language="simple")
    docs.add({"id": str(n), "text": " ".join(f"w{m}" for m in range(n, 300))} for n in range(300))
    query = " ".join(f"w{m}" for m in range(300)) * 5
    assert len(docs.search(query, mode="keyword")) == 10
    report = docs.explain(query, mode="keyword")
    assert len(report["terms"]) == 64
    assert report["understood"]["dropped"]
    heaviest_left_out = max(dropped["df"] for dropped in report["understood"]["dropped"])
    assert heaviest_left_out >= max(term["df"] for term in report["terms"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"vpn certificates"', {"rotation"}),  # phrases (pg_textsearch#314)
        ('"certificates vpn"', set()),
        ("certificates -vpn", {"renewal", "long"}),  # booleans (pg_textsearch#315, #480, #491)
        ('"vpn certificates" OR dough', {"rotation", "bread"}),
        ("renew*", {"renewal"}),
        ("C++ & (vpn | ) ! <-> 'x' \\", {"rotation"}),  # operators of a tsquery are no syntax errors
    ],
)
def test_phrases_booleans_and_prefixes_are_there(docs: pgretrieve.Collection, query: str, expected: set[str]) -> None:
    """No phrases and no boolean operators beside BM25."""
    assert {hit.document_id for hit in docs.search(query, mode="keyword")} == expected


@pytest.mark.parametrize("config", ["simple", "german", "russian"])
def test_the_sessions_configuration_does_not_analyse_the_query(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any], config: str
) -> None:
    """The query is parsed with the session's configuration, the column was built with another (Supabase)."""
    expected = keyword(shared_sql, "docs", "renewing certificates")
    assert expected
    shared_sql.execute(f"set default_text_search_config = '{config}'")
    try:
        assert keyword(shared_sql, "docs", "renewing certificates") == expected
        assert one(shared_sql, "select chunks from pgretrieve.count_matches('docs', 'renewing certificates')") == 3
    finally:
        shared_sql.execute("reset default_text_search_config")


def test_every_document_may_be_in_its_own_language(db: pgretrieve.Client) -> None:
    """One language for all rows, English in the code (R2R, pg_textsearch, ParadeDB#1793)."""
    docs = db.create_collection("docs", encoder=None, dimensions=1, languages=["german"])
    docs.add([{"id": "en", "text": "Running houses"}, {"id": "de", "text": "Die Häuser", "language": "german"}])
    assert [hit.document_id for hit in docs.search("Haus", mode="keyword")] == ["de"]
    assert [hit.document_id for hit in docs.search("run", mode="keyword")] == ["en"]


def test_synonyms_need_no_index_to_be_built_anew(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    """No synonyms, and any change of the analysis is a REINDEX (ParadeDB)."""
    docs = db.create_collection("docs", encoder=None, dimensions=1)
    docs.add([{"id": "a", "text": "An automobile."}])
    before = rows(sql, "select ctid::text, * from pgretrieve_1.delta order by 2, 3, 4")
    assert not docs.search("car", mode="keyword")
    docs.set_synonyms({"car": ["automobile"]})
    assert [hit.document_id for hit in docs.search("car", mode="keyword")] == ["a"]
    assert rows(sql, "select ctid::text, * from pgretrieve_1.delta order by 2, 3, 4") == before


WRAPPED = [
    "select document_id, score from pgretrieve.search('docs', 'certificate year', mode => 'keyword') order by rank",
    "select * from found_by_function('certificate year')",
    "select * from found_by_sql('certificate year')",
    "select * from found_by_view",
    "execute found_prepared('certificate year')",
]


def test_search_works_within_functions_views_and_prepared_statements(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """Inside functions the index has to be named, or the query does so itself (pg_textsearch, VectorChord-bm25)."""
    shared_sql.execute("""
        create function found_by_function(query text) returns table (id text, score double precision)
            language plpgsql stable as $$
        begin
            return query select h.document_id, h.score
                           from pgretrieve.search('docs', query, mode => 'keyword') as h order by h.rank;
        end;
        $$;
        create function found_by_sql(query text) returns table (id text, score double precision)
            language sql stable as
            $$ select h.document_id, h.score from pgretrieve.search('docs', query, mode => 'keyword') as h
                order by h.rank $$;
        create view found_by_view as
            select h.document_id, h.score from pgretrieve.search('docs', 'certificate year', mode => 'keyword') as h
             order by h.rank;
        prepare found_prepared(text) as
            select h.document_id, h.score from pgretrieve.search('docs', $1, mode => 'keyword') as h order by h.rank;
    """)
    expected: list[Row] = rows(shared_sql, WRAPPED[0])
    assert len(expected) == 6
    for statement in WRAPPED[1:]:
        for _ in range(7):  # past the point where a session makes a generic plan
            assert rows(shared_sql, statement) == expected
    shared_sql.execute("deallocate found_prepared; drop view found_by_view")


def test_scores_are_columns_that_outlive_joins(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """Scores get lost or change once the statement joins (ParadeDB#1753, #2600)."""
    alone = rows(shared_sql, WRAPPED[0])
    shared_sql.execute(
        "create temporary table owner as select * from (values ('rotation', 'ada'), ('long', 'bob')) v (id, name)"
    )
    joined = rows(
        shared_sql,
        "select h.document_id, h.score, o.name from owner as o"
        " right join pgretrieve.search('docs', 'certificate year', mode => 'keyword') as h on h.document_id = o.id"
        " order by h.score desc, h.chunk_id",
    )
    assert [row[:2] for row in joined] == alone
    assert {(key, name) for key, _, name in joined if name} == {("rotation", "ada"), ("long", "bob")}
    lateral = rows(
        shared_sql,
        "select q.query, h.document_id, h.score from (values ('certificate year'), ('dough')) as q (query),"
        " lateral pgretrieve.search('docs', q.query, mode => 'keyword') as h order by q.query, h.rank",
    )
    assert [row[1:] for row in lateral if row[0] == "certificate year"] == alone
    assert [row[1] for row in lateral if row[0] == "dough"] == ["bread"]
