"""Queries as people type them: any text is one, and what is found is what its syntax says, after any history."""

import json
import random
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference.query_syntax import Matcher, Places, parse
from tests.reference.ranking import assert_ranking
from tests.sql.histories import Replica, Text, keyword, one, rows
from tests.sql.test_keyword_history import Step, generated, steps

PIECES = ["a", "vpn", "OR", " OR ", "-", '"', "*", " ", " ", "  ", "“", "«", "foo*", "-x", "(", "[", "5", "C++", ".",
          "#", "é", "東", "\u3000", "\t", "or", "state-of", "\\", "'", ":", "_", "😀", "%s", "$1", "^2", "^", "^.5",
          "title:", "vpn^2", "^12.5", "٣"]  # fmt: skip
WORDS = [
    "the",
    "certificate",
    "certificates",
    "rotate",
    "vpn",
    "tea",
    "naïve",
    "北京",
    "well-known",
    "3.14",
    "x",
    "cert",
]

any_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
typed = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | any_text

words = st.sampled_from(WORDS)
phrases = st.lists(words, min_size=1, max_size=3).map(lambda given: '"' + " ".join(given) + '"')
prefixes = st.sampled_from(["cert*", "certificates*", "ro*", "te*", "well*", "ze*", "the*", "北京*"])
factors = st.sampled_from(["", "", "", "^2", "^0.5", "^7.25", "^100", "^0"])
operands = st.tuples(st.one_of(words, words, phrases, prefixes), factors).map("".join)
parts = st.one_of(
    operands,
    operands,
    st.lists(operands, min_size=2, max_size=3).map(" OR ".join),
    st.one_of(words, phrases, prefixes).map("-".__add__),
)
queries = st.lists(parts, min_size=1, max_size=4).map(" ".join)
min_matches = st.sampled_from([None, None, 1, 2, 3, 0.3, 0.5, 1.0, "all"])
numbers = count()

PLAIN = "row(%s, null, null, null)"
"""A pgretrieve.keyword_query of words alone."""


def new_replica(db: pgretrieve.Client, sql: psycopg.Connection[Any], **settings: Any) -> Replica:
    name = f"syntax {next(numbers)}"
    return Replica(sql, db.create_collection(name, encoder=None, dimensions=2, index="none", **settings))


def matcher(replica: Replica) -> Matcher:
    language = replica.collection.info.language

    def analyse(text: str) -> Places:
        return dict(
            rows(replica.sql, "select lexeme, positions from unnest(to_tsvector(%s::regconfig, %s))", language, text)
        )

    return Matcher(replica.oracle(), {chunk: analyse(text) for chunk, text in replica.chunks().items()}, analyse)


def assert_finds(replica: Replica, oracle: Matcher, query: str, k: int, min_match: Any = None) -> None:
    options = json.dumps({} if min_match is None else {"min_match": min_match})
    got = [(chunk, score) for _, chunk, score in keyword(replica.sql, replica.name, query, k, options=options)]
    evidence = oracle.bm25.evidence(oracle.terms(query))
    assert_ranking(got, oracle.scores(query, min_match), k, evidence=evidence)


@settings(max_examples=200, deadline=None)
@given(query=typed)
@example('5" pipe and 6" pipe')
@example("OR a OR OR b OR")
@example('one two "of the" three four five six seven eight -nine "ten eleven"')
@example('one two "of the" OR three four five six seven eight')
@example('("a b" OR "c d") -x')
@example("東京\u3000-大阪")
@example(" ".join(f"p{n}*" for n in range(10)))
@example(" OR ".join(f"w{n}" for n in range(70)))
@example(" ".join(f'"w{n}" -v{n}' for n in range(70)))
@example('vpn^2 (vpn^3) x^2 10^6 C++^2 a+b)^2 -vpn^2 cert*^.5, "a b"^2. "a b"^2b "a"^2.5" vpn^1000 vpn^0 vpn^2^3')
@example("title:vpn^2 title:mig* -title:mig* title:x^2 title:mig*^3 OR title:5* title:**^2 text:vpn^1234567")
@example(" ".join(f"w{n}^2 title:v{n}^0.5" for n in range(70)))
@example("vpn^٣ ١vpn^2")
def test_any_text_parses_as_documented(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], query: str
) -> None:
    statement = "select pgretrieve._parsed_query(%s, %s), pgretrieve._query_syntax(%s, %s)"
    for fields in ([], ["title", "text"]):
        [(parsed, syntax)] = rows(shared_sql, statement, query, fields, query, fields)
        shown = json.loads(re.sub(r"\\u001f(\w+)\\u001f", r"\1:", json.dumps(parsed)))
        expected = parse(query, fields)
        assert (shown, syntax) == (expected, bool(expected.keys() - {"words", "quotations"}))


@pytest.mark.parametrize(
    "plain",
    ["vpn certificates", "state-of-the-art", "-5 degrees", "C++", "this or that", "Portland OR", "OR", "OR vpn",
     "a - b", "rm -- file", "--verbose", '5" pipe and 6" pipe', '"never closed', "-", "*", '""', "5*",
     "a & | ! ( <-> b", "😀", "2 * 3", "*bold*", "ORACLE", "field:word", "title:vpn", "x^2 + y^2", "10^6", "vpn^",
     "vpn^ 2", "vpn^two", "vpn^1234567", "(a+b)^2", "^2", "vpn^2x", "e^-2"],
)  # fmt: skip
def test_what_only_looks_like_syntax_is_words(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], plain: str
) -> None:
    assert one(shared_sql, "select pgretrieve._query_syntax(%s)", plain) is False


# A failing history is not made shorter, as in test_keyword_history.
@settings(max_examples=12, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(
    history=st.lists(steps, min_size=1, max_size=8),
    asked=st.lists(st.tuples(queries, min_matches), min_size=6, max_size=6),
    k=st.sampled_from([1, 7, 1000]),
    language=st.sampled_from(["english", "simple"]),
)
def test_a_query_finds_what_its_syntax_says_after_any_history(
    shared_db: pgretrieve.Client,
    shared_sql: psycopg.Connection[Any],
    history: list[Step],
    asked: list[tuple[str, Any]],
    k: int,
    language: str,
) -> None:
    replica = new_replica(shared_db, shared_sql, language=language)
    for step in history:
        step(replica)
    oracle = matcher(replica)
    for query, min_match in asked:
        assert_finds(replica, oracle, query, k, min_match)
    replica.merge_everything()
    for query, min_match in asked:
        assert_finds(replica, oracle, query, k, min_match)
    shared_db.drop_collection(replica.name)


@settings(max_examples=12, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(
    history=st.lists(steps, min_size=1, max_size=8),
    asked=st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), min_size=4, max_size=4),
    most=st.sampled_from([0, 1, 3, 20, 400]),
    to_sum=st.sampled_from([0, 3, 40, 120]),
    budget=st.sampled_from([None, 30, 300, 1e9]),
    bitmaps=st.booleans(),
    also=st.lists(st.integers(1, 60), max_size=5, unique=True),
)
def test_going_round_the_lists_of_frequent_terms_changes_no_score(
    shared_db: pgretrieve.Client,
    shared_sql: psycopg.Connection[Any],
    history: list[Step],
    asked: list[str],
    most: int,
    to_sum: int,
    budget: float | None,
    bitmaps: bool,
    also: list[int],
) -> None:
    """As in large collections: few postings are read first, whatever the rest costs, and most terms have a bitmap."""
    replica = new_replica(shared_db, shared_sql)
    for step in history:
        step(replica)
    if bitmaps:
        shared_sql.execute(f"select {replica.schema}.index_bitmaps(id, 1) from {replica.schema}.segment")
    first = "select chunk_id, score from {}.{} order by score desc, chunk_id limit %s"
    for query in asked:
        expected = rows(shared_sql, first.format(replica.schema, f"bm25({PLAIN})"), query, most)
        top = first.format(replica.schema, f"bm25_top({PLAIN}, %s, null, %s, %s)")
        assert rows(shared_sql, top, query, most, to_sum, budget, most) == expected
        everything = dict(rows(shared_sql, first.format(replica.schema, f"bm25({PLAIN})"), query, None))
        wanted = list({*also, max(everything, default=0) + 1})
        given = dict(rows(shared_sql, f"select * from {replica.schema}.bm25_top({PLAIN}, %s, %s, %s, %s)",
                          query, most, wanted, to_sum, budget))  # fmt: skip
        marked = {chunk for chunk, score in given.items() if score >= 2**20}
        assert marked == everything.keys() & set(wanted)
        assert {c: s - 2**20 if c in marked else s for c, s in given.items()}.items() <= everything.items()
        best = dict(rows(shared_sql, f"select * from {replica.schema}.bm25_best({PLAIN}, %s, %s)", query, most, wanted))
        assert best.items() <= everything.items()
        assert marked | {chunk for chunk, _ in expected} <= best.keys()
        among = rows(shared_sql, f"select * from {replica.schema}.bm25_among({PLAIN}, %s)", query, wanted)
        assert sorted(among) == sorted((chunk, everything[chunk]) for chunk in marked)
    unsorted = "chunk_ids <> (select array_agg(id order by id) from unnest(chunk_ids) as id)"
    assert not rows(shared_sql, f"select from {replica.schema}.posting where {unsorted}")
    shared_db.drop_collection(replica.name)


def test_a_term_in_most_chunks_is_looked_up_only_where_it_can_matter(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    rng = random.Random(2)
    docs = db.create_collection("docs", encoder=None, dimensions=2, language="simple", index="none")
    docs.add({"id": str(n), "text": f"all {'all ' * (n % 3)}w{rng.randrange(200)} v{n % 50}"} for n in range(21_000))
    docs.delete([str(n) for n in range(0, 21_000, 50)])
    docs.add({"id": f"new {n}", "text": f"all w{n} of it"} for n in range(200))
    schema = docs.info.schema_name
    for query, looked_up in [("all w7 v3", True), ("w7 all it", True), ("w7 v3", False), ("all w7 -v3", False)]:
        leg = docs.explain(query, mode="keyword")["legs"]["keyword"]
        top = {node["Actual Loops"] for node in functions(leg["plan"]) if node["Function Name"] == "bm25_top"}
        assert top == ({1} if looked_up else {0}), query
    for query in ("all w7 v3", "w7 all it", "all", "all nowhere", "w7 w8 w9 all v1 of"):
        living = (
            f"select b.chunk_id, b.score from {schema}.bm25({PLAIN}) as b join {schema}.chunk as c on c.id = b.chunk_id"
            " order by b.score desc, b.chunk_id limit %s"
        )
        for k in (1, 10, 150):
            assert [(chunk, score) for _, chunk, score in keyword(sql, "docs", query, k)] == rows(sql, living, query, k)


def test_a_term_in_most_chunks_changes_no_hybrid_search(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    rng = random.Random(3)
    docs = db.create_collection("docs", encoder=None, dimensions=2, language="simple", index="none")
    docs.add(
        ({"id": str(n), "text": f"all {'all ' * (n % 3)}w{rng.randrange(200)} v{n % 50}"} for n in range(21_000)),
        embeddings=[[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(21_000)],
    )
    docs.delete([str(n) for n in range(0, 21_000, 70)])
    for query in ("all w7 v3", "w7 all it", "all", "w7 w8 w9 all v1 of"):
        scores = dict(rows(sql, f"select chunk_id, score from {docs.info.schema_name}.bm25({PLAIN})", query))
        for method in one(sql, "select pgretrieve._fusion_methods()"):
            asked: dict[str, Any] = {"embedding": [0.3, 1], "k": 30, "options": {"fusion": method, "exact": True}}
            hits = docs.search(query, **asked)
            # under a filter that all documents pass, every list is read
            assert hits == docs.search(query, filter={"absent": {"$exists": False}}, **asked), (query, method)
            if method != "rrf":
                assert [hit.keyword_score for hit in hits] == [scores.get(hit.chunk_id) for hit in hits]


def test_quotes_in_a_sentence_ask_for_nothing(pies: pgretrieve.Collection) -> None:
    phrase, sentence = 'in which of these is it "apple pie"', 'in which of all these is it "apple pie" then'
    found = [{hit.document_id for hit in pies.search(query, mode="keyword")} for query in (phrase, sentence)]
    assert found == [{"apple", "titled"}, {"apple", "reversed", "cherry", "meat", "titled"}]
    told = [pies.explain(query, mode="keyword")["understood"] for query in (phrase, sentence, sentence + " -cherry")]
    assert [report.get("required") for report in told] == [[["apple pie"]], None, None]
    assert [report.get("quotations") for report in told] == [None, ["apple pie"], ["apple pie"]]
    assert told[2]["excluded"] == ["cherry"]


def functions(plan: Any) -> Iterator[dict[str, Any]]:
    """The function scans of a plan."""
    if isinstance(plan, dict):
        if "Function Name" in plan:
            yield plan
        plan = list(plan.values())
    if isinstance(plan, list):
        for part in plan:
            yield from functions(part)


@settings(max_examples=25, deadline=None)
@given(query=typed, min_match=min_matches)
def test_no_text_is_an_error_in_any_mode(
    shared_db: pgretrieve.Client, shared_sql: psycopg.Connection[Any], query: str, min_match: Any
) -> None:
    name = f"any {next(numbers)}"
    docs = shared_db.create_collection(name, encoder=None, dimensions=2)
    docs.add(
        [{"id": "a", "text": "vpn foo a"}, {"id": "b", "text": "state-of-the-art é x"}], embeddings=[[1, 0], [0, 1]]
    )
    options = {} if min_match is None else {"min_match": min_match}
    for condition in (None, {"$not": {"year": 1}}):
        docs.search(query + " vpn", embedding=[1, 1], filter=condition, options=options)
        docs.explain(query + " vpn", embedding=[1, 1], filter=condition, options=options)
    shared_db.drop_collection(name)


@pytest.fixture(scope="module")
def pies(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = shared_db.create_collection("pies", encoder=None, dimensions=2)
    docs.add(
        [
            {"id": "apple", "text": "Apple pie with a baked crust.", "metadata": {"fruit": True}},
            {"id": "reversed", "text": "A pie, and then an apple.", "metadata": {"fruit": True}},
            {"id": "cherry", "text": "Cherry pie, baked twice.", "metadata": {"fruit": True}},
            {"id": "meat", "text": "Meat pie. No fruit at all.", "metadata": {"fruit": False}},
            {"id": "titled", "title": "Apple", "text": "pies of grandmother", "metadata": {"fruit": True}},
            {"id": "bread", "text": "Bread, baked by a baker in a bakery.", "metadata": {"fruit": False}},
        ],
        embeddings=[[1, 0], [1, 0.1], [1, 0.2], [1, 0.3], [1, 0.4], [0, 1]],
    )
    return docs


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("apple pie", {"apple", "reversed", "cherry", "meat", "titled"}),
        ('"apple pie"', {"apple", "titled"}),
        ("“apple pie”", {"apple", "titled"}),
        ('bread "apple pie"', {"apple", "titled"}),
        ("pie -apple", {"cherry", "meat"}),
        ('pie -"apple pie"', {"reversed", "cherry", "meat"}),
        ('"apple pie" OR "meat pie"', {"apple", "titled", "meat"}),
        ('"apple pie" OR bread', {"apple", "titled", "bread"}),
        ('"pie" "apple"', {"apple", "reversed", "titled"}),
        ("apple OR cherry", {"apple", "reversed", "titled", "cherry"}),
        ("bake*", {"apple", "cherry", "bread"}),
        ("pie -bake*", {"reversed", "meat", "titled"}),
        ('"the" pie', {"apple", "reversed", "cherry", "meat", "titled"}),
        ("pie -the", {"apple", "reversed", "cherry", "meat", "titled"}),
        ('pie "zygote"', set()),
        ("-apple", set()),
        ("zygo*", set()),
    ],
)
def test_syntax_holds_in_every_form_of_a_search(pies: pgretrieve.Collection, query: str, expected: set[str]) -> None:
    """By words alone, fused with meaning, and under filters of few and of many."""

    def found(**arguments: Any) -> set[str]:
        return {hit.document_id for hit in pies.search(query, k=50, **arguments)}

    fruit = {"apple", "reversed", "cherry", "titled"}
    assert found(mode="keyword") == expected
    assert found(mode="keyword", filter={"fruit": True}) == expected & fruit
    assert found(mode="keyword", options={"group_by": "document"}) == expected
    hybrid = pies.search(query, embedding=[1, 0], k=50)
    assert {hit.document_id for hit in hybrid if hit.keyword_rank} == expected


@pytest.mark.parametrize("condition", [None, {"fruit": {"$in": [True, False]}}], ids=["all", "filtered"])
@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_what_is_excluded_does_not_come_back_by_meaning(
    pies: pgretrieve.Collection, mode: str, condition: dict[str, Any] | None
) -> None:
    def found(query: str) -> set[str]:
        return {hit.document_id for hit in pies.search(query, embedding=[1, 0], mode=mode, filter=condition, k=50)}

    assert found("pie -apple") == {"cherry", "meat", "bread"}
    assert found('pie -"apple pie"') == {"reversed", "cherry", "meat", "bread"}
    assert found('"apple pie"') == {"apple", "titled"}
    assert found("-bake*") == {"reversed", "meat", "titled"}


@pytest.mark.parametrize(
    ("query", "min_match", "expected"),
    [
        ("apple crust baked", 1, {"apple", "reversed", "cherry", "titled", "bread"}),
        ("apple crust baked", 2, {"apple"}),
        ("apple pie baked", 2, {"apple", "reversed", "cherry", "titled"}),
        ("apple pie baked", 0.5, {"apple", "reversed", "cherry", "titled"}),
        ("apple pie baked", 1.0, {"apple"}),
        ("apple pie baked", "all", {"apple"}),
        ("apple pie baked", 9, {"apple"}),
        ("pie zygote", "all", set()),
        ("pie of the", "all", {"apple", "reversed", "cherry", "meat", "titled"}),
        ("apple OR cherry pie", "all", {"apple", "reversed", "cherry", "titled"}),
        ("apple OR cherry baked", 2, {"apple", "cherry"}),
        ("bake* pie", 2, {"apple", "cherry"}),
        ("zygo* pie", 2, set()),
        ("pie -cherry baked", 2, {"apple"}),
    ],
)
def test_min_match_counts_distinct_terms(
    pies: pgretrieve.Collection, query: str, min_match: Any, expected: set[str]
) -> None:
    for condition in (None, {"fruit": {"$in": [True, False]}}):
        hits = pies.search(query, mode="keyword", filter=condition, options={"min_match": min_match})
        assert {hit.document_id for hit in hits} == expected


@pytest.mark.parametrize("value", [0, -1, 1.5, 2.0, "some", None, True, [2], 10**10])
def test_impossible_min_match_is_refused(pies: pgretrieve.Collection, value: Any) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="min_match"):
        pies.search("pie", mode="keyword", options={"min_match": value})


def test_a_filter_that_many_pass_keeps_the_syntax(library: pgretrieve.Collection) -> None:
    """In the form that walks candidates in order of rank."""
    many, query = {"n": {"$gte": 3}}, '"w1 w7" -w3 w9*'
    assert library.explain(query, filter=many)["legs"]["keyword"]["form"] == "filtered"
    found = library.search(query, mode="keyword", k=10_000, filter=many)
    passing = [hit for hit in library.search(query, mode="keyword", k=10_000) if hit.metadata["n"] >= 3]
    assert [hit.chunk_id for hit in found] == [hit.chunk_id for hit in passing]
    assert len(found) > 5
    assert all("w1 w7" in hit.text and "w3" not in hit.text.split() for hit in found)


def test_excluded_terms_of_recent_writes_are_excluded(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql)
    replica.load(generated(1, 300))
    replica.add({"b1": Text("vpn tea certificate")})
    oracle = matcher(replica)
    for query in ("vpn -tea", "vpn -cert*", '"vpn tea"', 'vpn -"tea certificate"'):
        assert_finds(replica, oracle, query, 1000)


def test_phrases_hold_across_title_and_text_as_they_are_indexed(pies: pgretrieve.Collection) -> None:
    assert [hit.document_id for hit in pies.search('"apple pies of grandmother"', mode="keyword")] == ["titled"]


# tsquery stack too small, three-second keyword legs: what long queries do elsewhere.
def test_the_rarest_64_terms_of_a_long_query_are_scored(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql, language="simple")
    rng = random.Random(3)
    replica.load({f"d{n}": Text(" ".join(f"w{int(rng.paretovariate(0.6))}" for _ in range(30))) for n in range(400)})
    oracle = matcher(replica)
    query = " ".join(f"w{n}" for n in range(1, 300))
    assert len(oracle.terms(query)) == 64
    for more in ("", ' "w1"', " -w2", " w1 OR w2"):
        assert_finds(replica, oracle, query + more, 1000)
        assert_finds(replica, oracle, query + more, 1000, 0.05)
    report = replica.collection.explain(query, mode="keyword")
    dropped = {term["term"] for term in report["understood"]["dropped"]}
    assert dropped == {t for t in oracle.analyse(query) if oracle.bm25.document_frequency[t]} - set(oracle.terms(query))
    assert "w1" in dropped
    assert {term["term"] for term in report["terms"]} == set(oracle.terms(query))


def test_a_prefix_stands_for_the_50_most_frequent_terms_that_begin_so(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    replica = new_replica(db, sql, language="simple")
    replica.load({f"d{n}": Text(" ".join(f"auth{m} token{m % 7}" for m in range(n, 80))) for n in range(70)})
    oracle = matcher(replica)
    for query in ("auth*", "auth* tok*", "auth7* -auth70", "auth* zzz*"):
        assert_finds(replica, oracle, query, 1000)
    report = replica.collection.explain("auth* zzz*", mode="keyword")["understood"]
    [auth, zzz] = report["prefixes"]
    assert (auth["prefix"], len(auth["terms"]), auth["left_out"]) == ("auth", 50, 30)
    assert zzz == {"prefix": "zzz", "terms": [], "left_out": 0}


@pytest.mark.parametrize("mode", ["keyword", "hybrid"])
def test_a_long_phrase_is_compared_in_its_first_64_words(db: pgretrieve.Client, mode: str) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2)
    first = " ".join(f"w{n}" for n in range(64))
    docs.add(
        [
            {"id": "first 64", "text": first},
            {"id": "first 63", "text": " ".join(f"w{n}" for n in range(63)) + " v1 v2 v3"},
            {"id": "other order", "text": " ".join(f"w{n}" for n in reversed(range(64)))},
        ],
        embeddings=[[1, 0], [1, 0.1], [1, 0.2]],
    )
    hits = docs.search(f'"{first} v1 v2 v3"', embedding=[1, 0], mode=mode)
    assert [hit.document_id for hit in hits] == ["first 64"]


def test_long_queries_with_syntax_are_answered(pies: pgretrieve.Collection) -> None:
    for query in (
        " ".join(f'"w{n} v{n}"' for n in range(5_000)),
        " OR ".join(f"w{n}" for n in range(5_000)),
        " ".join(f"-w{n}" for n in range(5_000)) + " pie",
        " ".join(f"w{n}*" for n in range(5_000)),
        '"' + " ".join(f"w{n}" for n in range(5_000)) + '" pie',
        '"' * 20_000,
        "-" * 20_000 + "pie",
    ):
        pies.search(query, embedding=[1, 1])
        pies.search(query, mode="keyword", options={"min_match": 0.5})


def test_explain_says_what_was_understood(pies: pgretrieve.Collection) -> None:
    query = 'bread "apple pie" -meat bake* cherry OR plum "the"'
    report = pies.explain(query, mode="keyword", options={"min_match": 0.5})["understood"]
    assert report["words"] == "bread apple pie cherry plum the"
    assert report["required"] == [["apple pie"], ["the"]]
    assert report["excluded"] == ["meat"]
    assert report["alternatives"] == [["cherry", "plum"]]
    assert report["without_terms"] == ["the"]
    [prefix] = report["prefixes"]
    assert prefix["prefix"] == "bake"
    assert {"bake", "baker"} <= set(prefix["terms"])
    # bread, appl, pie, bake*, (cherri or plum)
    assert report["min_match"] == {"asked": 0.5, "units": 5, "least": 3}


def test_explain_of_plain_words_says_that_they_are(pies: pgretrieve.Collection) -> None:
    assert pies.explain("apple pie", mode="keyword")["understood"] == {"words": "apple pie", "dropped": []}
