"""Collections with fields: BM25F over title, text and what else documents have, exact after any history of writes."""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

import pgretrieve
from tests import encoders
from tests.reference.bm25 import BM25F, analysed
from tests.reference.ranking import assert_ranking
from tests.sql.histories import Replica, Text, keyword, rows

# The scores agree to about 1e-9; what a field adds is rounded to 2^-32 before it is saturated.
TOLERANCE = 1e-6

WORDS = ["the", "certificate", "certificates", "rotate", "vpn", "tea", "naïve", "北京", "well-known", "3.14", "x"]
FIELDS = {"abstract": 1, "keywords": 3.5, "title": 2}

numbers = count()
words = st.sampled_from(WORDS)
sentences = st.lists(words, min_size=1, max_size=30).map(" ".join)
parts = st.one_of(st.just(""), st.just("the"), st.lists(words, max_size=4).map(" ".join))
texts = st.builds(Text, sentences, parts, st.fixed_dictionaries({}, optional={"abstract": parts, "keywords": parts}))
ids = st.sampled_from([f"d{n}" for n in range(8)])
seeds = st.integers(0, 2**32)
weights = st.one_of(st.just(0), st.sampled_from([0.001, 0.3, 1, 2, 7, 1000]))

Step = Callable[["FieldReplica"], None]


class FieldReplica(Replica):
    """A collection with fields, and what should be in it."""

    def oracle(self) -> Any:
        info = self.collection.info
        chunks = {
            chunk: {field: text for field, text in texts_.items() if text} for chunk, texts_ in self.parts().items()
        }
        flat = [(chunk, field, text) for chunk, fields in chunks.items() for field, text in fields.items()]
        terms: dict[int, dict[str, Counter[str]]] = {chunk: {} for chunk in chunks}
        counted = analysed(self.sql, info.language, [text for *_, text in flat])
        for (chunk, field, _), counts in zip(flat, counted, strict=True):
            terms[chunk][field] = counts
        return BM25F(terms, info.fields, info.k1, info.b)

    def assert_finds(
        self, queries: Sequence[str], k: int = 10, given_weights: Mapping[str, float] | None = None
    ) -> None:
        """Fails unless keyword searches with the given weights have the oracle's rankings and scores."""
        oracle = self.oracle()
        options = "{}" if given_weights is None else Jsonb({"fields": given_weights})
        for query in queries:
            [terms] = analysed(self.sql, self.collection.info.language, [query])
            got = [(chunk, score) for _, chunk, score in keyword(self.sql, self.name, query, k, options=options)]
            assert_ranking(
                got, oracle.scores(terms, given_weights), k, evidence=oracle.evidence(terms), tolerance=TOLERANCE
            )

    def assert_field_counts_right(self) -> None:
        """Fails unless the statistics of the fields are what a count of the texts, and of the lists, gives."""
        expected = self.oracle().average_lengths()
        counted = rows(
            self.sql,
            f"select field, sum(chunks)::int, sum(tokens)::int from {self.schema}.field_statistic"
            " group by field having sum(chunks) <> 0 or sum(tokens) <> 0",
        )
        assert {field: (chunks, tokens) for field, chunks, tokens in counted} == expected


def new_replica(db: pgretrieve.Client, sql: psycopg.Connection[Any], **named: Any) -> FieldReplica:
    name = f"fields {next(numbers)}"
    settings_ = {"fields": FIELDS, "encoder": None, "dimensions": 3, "index": "none"} | named
    return FieldReplica(sql, db.create_collection(name, **settings_))


def generated(seed: int, size: int) -> dict[str, Text]:
    """Documents b0, b1, ... that a load takes as one batch: 256 chunks go straight into blocks."""
    rng = random.Random(seed)

    def some(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, most)))

    return {
        f"b{n}": Text("x " + some(12), some(3), {"abstract": some(8), "keywords": some(2)} if n % 3 else {})
        for n in range(size)
    }


def rolled_back(replica: FieldReplica, steps: list[Step]) -> None:
    before = dict(replica.documents)
    with replica.sql.transaction(force_rollback=True):
        for step in steps:
            step(replica)
    replica.documents = before


writes: st.SearchStrategy[Step] = st.one_of(
    st.dictionaries(ids, texts, min_size=1, max_size=5).map(lambda given: lambda r: r.add(given)),
    st.lists(ids, min_size=1, max_size=4).map(lambda given: lambda r: r.delete(given)),
    st.sampled_from(["vpn " * 1000, "tea x " * 300]).map(
        lambda text: lambda r: r.add({"repeats": Text("tea", text, {"abstract": text})})
    ),
    st.just(lambda r: r.compact()),
)
steps: st.SearchStrategy[Step] = st.one_of(
    writes,
    writes,
    st.lists(writes, min_size=1, max_size=3).map(lambda inner: lambda r: rolled_back(r, inner)),
    seeds.map(lambda seed: lambda r: r.load(generated(seed, 256))),
    seeds.map(lambda seed: lambda r: r.delete([f"b{n}" for n in random.Random(seed).sample(range(256), 100)])),
    st.just(lambda r: r.merge_everything()),
)


# A failing history is not made shorter: that takes minutes, and the steps are told apart by the failing check.
@settings(max_examples=10, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(
    history=st.lists(steps, min_size=1, max_size=8),
    queries=st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), min_size=3, max_size=3),
    given_weights=st.dictionaries(st.sampled_from(["title", "text", "abstract"]), weights, min_size=1),
    k=st.sampled_from([1, 7, 1000]),
    k1=st.sampled_from([0, 0.9, 1.2]),
    b=st.sampled_from([0, 0.4, 0.75, 1]),
    own_b=st.dictionaries(st.sampled_from(["title", "text", "abstract"]), st.sampled_from([0, 0.3, 1])),
)
def test_scores_are_bm25f_after_any_history(
    shared_db: pgretrieve.Client,
    shared_sql: psycopg.Connection[Any],
    history: list[Step],
    queries: list[str],
    given_weights: dict[str, float],
    k: int,
    k1: float,
    b: float,
    own_b: dict[str, float],
) -> None:
    fields = FIELDS | {name: {"weight": FIELDS.get(name, 1), "b": own} for name, own in own_b.items()}
    replica = new_replica(shared_db, shared_sql, k1=k1, b=b, chunking={"max_characters": 100}, fields=fields)
    for step in history:
        step(replica)
        replica.assert_finds(queries, k)
        replica.assert_finds(queries, k, given_weights)
    replica.assert_counts_right()
    replica.assert_field_counts_right()
    replica.compact()
    replica.assert_field_counts_right()
    replica.merge_everything()
    replica.assert_nothing_dead_is_kept()
    replica.assert_counts_right()
    replica.assert_finds(queries, k)
    shared_db.drop_collection(replica.name)


@pytest.mark.parametrize("size", [20, 300], ids=["delta", "blocks"])
def test_weights_come_from_the_collection_and_from_the_query(
    db: pgretrieve.Client, sql: psycopg.Connection[Any], size: int
) -> None:
    replica = new_replica(db, sql)
    replica.load(generated(2, size))
    for given_weights in ({}, {"title": 1000}, {"title": 0}, {"text": 0, "abstract": 0}, {"keywords": 0.001}):
        replica.assert_finds(["vpn", "rotate tea x", "vpn vpn certificate"], 15, given_weights)
    replica.load({"b1": Text("vpn"), "b2": Text("x", "", {"keywords": "vpn"})})
    replica.delete(["b3", "b4"])
    replica.compact()
    replica.assert_finds(["vpn", "rotate tea x"], 15)
    replica.assert_field_counts_right()


def test_a_word_in_many_fields_counts_once_and_more_where_the_weight_is_larger(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1, fields={"keywords": 4})
    docs.add(
        [
            {"id": "keyword", "text": "roses and other plants", "fields": {"keywords": "tunnel"}},
            {"id": "text", "text": "roses and a tunnel", "fields": {"keywords": "plants"}},
            {"id": "none", "text": "roses and other plants", "fields": {"keywords": "plants"}},
        ]
    )
    assert [hit.document_id for hit in docs.search("tunnel", mode="keyword")] == ["keyword", "text"]
    turned = docs.search("tunnel", mode="keyword", options={"fields": {"keywords": 0.1}})
    assert [hit.document_id for hit in turned] == ["text", "keyword"]
    without = docs.search("tunnel", mode="keyword", options={"fields": {"keywords": 0}})
    assert [hit.document_id for hit in without] == ["text"]


def test_title_and_text_alone_can_be_weighed(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql, fields={"title": 5})
    assert replica.collection.info.fields == {"title": 5, "text": 1}
    replica.load({"a": Text("vpn report", "tea"), "b": Text("tea report tea", "vpn vpn"), "c": Text("report")})
    replica.assert_finds(["vpn tea", "report"])


def test_equal_chunks_are_tied_in_whatever_order_a_plan_sums_their_fields(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    replica = new_replica(db, sql, language="simple", fields={"f": 0.7, "g": 1.3, "title": 2.1, "text": 0.9})
    equal = Text("a b c d e", "a b", {"f": "b c a", "g": "e d a a"})
    rest = {f"rest {n}": Text("a b " * (n % 7 + 1), "c", {"f": "d " * (n % 3)}) for n in range(100)}
    replica.load({f"equal{n:03}": equal for n in range(300)} | rest)
    sql.execute("set enable_hashagg = off")  # the sort that takes its place puts equal keys in no order
    found = keyword(sql, replica.name, "a b c d e", k=300)
    scores = [score for key, _, score in found if key.startswith("equal")]
    assert len(set(scores)) == 1
    tied = [chunk for key, chunk, _ in found if key.startswith("equal")]
    assert tied == sorted(tied)


def test_frequent_terms_are_looked_up_with_the_same_scores(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    replica = new_replica(db, sql, fields=FIELDS)
    replica.load(generated(5, 600))
    replica.add({"new": Text("x tea", "vpn", {"keywords": "rotate"})})
    replica.delete(["b7", "b8"])
    first = (
        "select chunk_id, score from (select chunk_id, score from {}.{}) as s order by score desc, chunk_id limit 20"
    )
    for query in ("x vpn", "x certificate 3.14 tea", "x"):
        for given_weights in (None, Jsonb({"title": 0, "abstract": 7})):
            expected = rows(sql, first.format(replica.schema, "bm25(row(%s, null, null, %s))"), query, given_weights)
            for to_sum in (0, 100, 400):
                top = first.format(replica.schema, "bm25_top(row(%s, null, null, %s), 20, null, %s, 1e9)")
                assert rows(sql, top, query, given_weights, to_sum) == expected


QUERIES_WITH_SIGNS = [
    ("tunnel -costs", {"a", "c"}),
    ('"vpn certificates"', {"a"}),
    ('"costs of tunnels"', {"b"}),
    ("tunnel -vpn*", {"c"}),
    ("cost*", {"b"}),
    ("title*", set()),
    ("\x1ftitle*", set()),
    ("tunnel -\x1ftitle*", {"a", "b", "c"}),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES_WITH_SIGNS)
def test_signs_of_a_query_hold_over_all_fields(papers: pgretrieve.Collection, query: str, expected: set[str]) -> None:
    for options in ({}, {"group_by": "document"}):
        assert {hit.document_id for hit in papers.search(query, mode="keyword", options=options)} == expected


def test_a_sign_changes_no_score(papers: pgretrieve.Collection) -> None:
    for options in ({}, {"fields": {"keywords": 9, "title": 0.5}}):
        plain = {h.document_id: h.score for h in papers.search("vpn certificates", mode="keyword", options=options)}
        signed = papers.search("vpn certificates -sea", mode="keyword", options=options)
        assert {hit.document_id: hit.score for hit in signed} == plain
        counted = papers.search("vpn certificates", mode="keyword", options=options | {"min_match": 2})
        assert {hit.document_id: hit.score for hit in counted} == plain


def test_what_a_query_leaves_out_is_not_found_by(papers: pgretrieve.Collection) -> None:
    options = {"fields": {"keywords": 0}}
    assert {h.document_id for h in papers.search("vpn", mode="keyword", options=options)} == {"b"}
    assert {h.document_id for h in papers.search('"vpn"', mode="keyword", options=options)} == {"b"}
    matched = papers.search("vpn tunnels", mode="keyword", options=options | {"min_match": "all"})
    assert {h.document_id for h in matched} == {"b"}


def test_synonyms_are_counted_in_each_field(papers: pgretrieve.Collection) -> None:
    oracle = {h.document_id: h.score for h in papers.search("tunnel", mode="keyword")}
    papers.set_synonyms({"passage": ["tunnel"]})
    found = {h.document_id: h.score for h in papers.search("passage", mode="keyword")}
    assert found == pytest.approx(oracle)
    papers.set_synonyms({"vpn": ["sea", "under sea"]})
    for query in ("vpn", "vpn rotate", "vpn -trains", '"report" vpn'):
        for options in ({}, {"fields": {"text": 0}}):
            for hit in papers.explain(query, mode="keyword", options=options)["hits"]:
                total = sum(term["contribution"] for term in hit["terms"])
                assert math.isclose(total, hit["keyword_score"], abs_tol=1e-9)
    assert {h.document_id for h in papers.search("vpn", mode="keyword")} == {"a", "b", "c"}
    left = papers.search("vpn", mode="keyword", options={"fields": {"text": 0}})
    assert {h.document_id for h in left} == {"a", "b"}


def test_explain_tells_what_each_field_gives(papers: pgretrieve.Collection) -> None:
    report = papers.explain("vpn tunnels", mode="keyword", options={"fields": {"abstract": 2}})
    assert {hit["document_id"] for hit in report["hits"]} == {"a", "b", "c"}
    for hit in report["hits"]:
        assert math.isclose(sum(t["contribution"] for t in hit["terms"]), hit["keyword_score"], abs_tol=1e-9)
        for term in hit["terms"]:
            shares = [part["share"] for part in term["fields"].values()]
            assert math.isclose(sum(shares), term["tf"], abs_tol=1e-9)
            weight = term["idf"] * term["query_frequency"] * 2.2
            assert math.isclose(term["contribution"], weight * term["tf"] / (term["tf"] + 1.2), abs_tol=1e-9)
    [of_b] = [hit["terms"] for hit in report["hits"] if hit["document_id"] == "b"]
    told = {term["term"]: {field: (p["tf"], p["length"], p["weight"]) for field, p in term["fields"].items()}
            for term in of_b}  # fmt: skip
    assert told == {"vpn": {"title": (1, 1, 2)}, "tunnel": {"abstract": (1, 2, 2)}}
    assert report["unknown_terms"] == []


def test_fields_hold_in_every_form_of_a_search(papers: pgretrieve.Collection) -> None:
    for options in ({}, {"fields": {"title": 6}}):
        expected = {h.document_id: h.score for h in papers.search("vpn tunnels", mode="keyword", options=options)}
        for more in ({"group_by": "document"}, {"boosts": []}, {"depth": 30}):
            found = papers.search("vpn tunnels", mode="keyword", options=options | more)
            assert {h.document_id: h.score for h in found} == expected
        for filter_ in ({"x": {"$exists": False}}, {"$ids": ["a", "b", "c"]}):
            found = papers.search("vpn tunnels", mode="keyword", filter=filter_, options=options)
            assert {h.document_id: h.score for h in found} == expected
        for filter_ in (None, {"$ids": ["a", "b", "c"]}):
            cut = papers.search("vpn tunnels", mode="keyword", filter=filter_, options=options | {"cut": "gap"})
            assert cut
            assert {h.document_id: h.score for h in cut}.items() <= expected.items()
        pages = papers.pages("vpn tunnels", page_size=1, mode="keyword", options=options)
        assert {h.document_id: h.score for page in pages for h in page} == expected
    assert papers.count_matches("vpn").documents == 2
    assert "tunnel" in papers.explain("", mode="keyword", options={"like": {"positive": ["b"]}})["like"]["query"]


def test_hybrid_search_has_the_keyword_scores_of_the_fields(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    docs = db.create_collection("docs", encoder=encoders.NAME, fields={"abstract": 1, "keywords": 5})
    docs.add(
        {"id": key, "title": text.title, "text": text.text, "fields": text.fields}
        for key, text in generated(3, 60).items()
    )
    for options in ({}, {"fields": {"keywords": 0}}):
        scores = {h.chunk_id: h.score for h in docs.search("vpn tea", k=100, mode="keyword", options=options)}
        for more in ({}, {"fusion": "zscore"}, {"exact": True}, {"group_by": "document"}):
            hits = docs.search("vpn tea", k=20, options=options | more)
            assert len(hits) == 20
            assert {h.chunk_id: h.keyword_score for h in hits} == {h.chunk_id: scores.get(h.chunk_id) for h in hits}
        filtered = docs.search("vpn tea", filter={"x": {"$exists": False}}, options=options)
        assert [h.keyword_score for h in filtered] == [scores.get(h.chunk_id) for h in filtered]
        # the short statement, which so small a collection does not run
        called = sql.execute(
            f"""
            select s.chunk_id, s.keyword_score
              from pgretrieve._search_request(pgretrieve._find_collection('docs'), 'vpn tea', %s::vector, 20, 'hybrid',
                                              null, null, %s) as r,
                   {docs.info.schema_name}.search_hybrid(r.query, r.embedding, 20, r) as s""",
            (str(encoders.HashingEncoder().encode_queries(["vpn tea"])[0].tolist()), Jsonb(options)),
        ).fetchall()
        assert len(called) == 20
        assert dict(called) == {chunk: scores.get(chunk) for chunk, _ in called}


@pytest.mark.parametrize("size", [40, 900], ids=["among", "filtered"])
def test_filtered_searches_score_by_fields(db: pgretrieve.Client, sql: psycopg.Connection[Any], size: int) -> None:
    replica = new_replica(db, sql)
    replica.load(generated(6, size))
    for query in ("vpn tea", "x rotate", '"vpn" tea'):
        for options in ({}, {"fields": {"keywords": 0, "title": 9}}):
            arguments = {"mode": "keyword", "k": 8, "options": options}
            expected = [(h.document_id, h.score) for h in replica.collection.search(query, **arguments)]
            filter_ = {"x": {"$exists": False}}
            found = replica.collection.search(query, filter=filter_, **arguments)
            assert [(h.document_id, h.score) for h in found] == expected
            report = replica.collection.explain(query, filter=filter_, **arguments)
            assert report["legs"]["keyword"]["form"] == ("among" if size == 40 else "filtered")
            assert [(h["document_id"], h["score"]) for h in report["hits"]] == expected
            assert report["legs"]["keyword"]["rows"] == len(expected)


def test_documents_in_languages_of_their_own_have_fields_in_them(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=1, languages=["german", "cjk"], fields={"abstract": 1})
    docs.add(
        [
            {"id": "de", "text": "Ein Bericht.", "language": "german", "fields": {"abstract": "Die Zertifikate."}},
            {"id": "ja", "text": "報告", "language": "cjk", "fields": {"abstract": "東京都の中央駅"}},
            {"id": "en", "text": "A report."},
        ]
    )
    for query, expected in (("Zertifikat", {"de"}), ("東京", {"ja"}), ("reports", {"en"})):
        assert {hit.document_id for hit in docs.search(query, mode="keyword")} == expected
    docs.delete(["de", "ja"])
    assert not docs.search("Zertifikat 東京", mode="keyword")
    assert docs.compact(rewrite=True)
    assert docs.stats().average_chunk_terms == 1


def test_fields_are_written_anew_when_they_change_and_only_then(db: pgretrieve.Client) -> None:
    docs = db.create_collection("docs", encoder=encoders.NAME, fields={"abstract": 1})
    document = {"id": "a", "text": "A report.", "fields": {"abstract": "Of tunnels."}}
    assert docs.add([document]).written == 1
    assert docs.add([document]).unchanged == 1
    assert docs.add([document | {"fields": {"abstract": "Of trains."}}]).written == 1
    assert not docs.search("tunnel", mode="keyword")
    assert len(docs.search("train", mode="keyword")) == 1
    assert docs.add([document | {"fields": {"abstract": None}}]).written == 1
    assert docs.add([{"id": "a", "text": "A report."}]).unchanged == 1
    assert not docs.search("train", mode="keyword")


def test_fields_written_from_sql_stay_when_vectors_follow(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=encoders.NAME, fields={"abstract": 1})
    sql.execute("""select pgretrieve.add_document('docs', 'a', 'A report.', fields => '{"abstract": "Of tunnels."}')""")
    assert docs.embed_pending() == 1
    assert docs.stats().pending_embeddings == 0
    assert [hit.document_id for hit in docs.search("tunnel", mode="keyword")] == ["a"]
    assert docs.add([{"id": "a", "text": "A report.", "fields": {"abstract": "Of tunnels."}}]).unchanged == 1


def test_a_field_may_have_a_length_normalisation_of_its_own(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    given = {"title": {"weight": 2, "b": 0}, "abstract": {"b": 0.5}, "keywords": {"weight": 3}}
    replica = new_replica(db, sql, fields=given)
    assert replica.collection.info.fields == {
        "title": {"weight": 2, "b": 0}, "abstract": {"weight": 1, "b": 0.5}, "keywords": 3, "text": 1,
    }  # fmt: skip
    replica.load(generated(6, 60))
    replica.add({"short": Text("x", "zebra"), "long": Text("x", "zebra " + "tea " * 40)})
    for weights_ in (None, {"title": 5}, {"title": 0, "abstract": 7}):
        replica.assert_finds(["zebra", "vpn tea zebra", "x certificates"], 100, weights_)
    # a long title is held back no more than a short one
    scores = {key: score for key, _, score in keyword(sql, replica.name, "zebra")}
    assert scores["short"] == scores["long"]
    listed = {"fields": ["title", "text^3"]}
    weighed = replica.collection.explain("zebra", mode="keyword", options=listed)["request"]["field_weights"]
    assert weighed == {"title": 2, "text": 3, "abstract": 0, "keywords": 0}


def test_a_collection_without_fields_has_nothing_of_them(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    for name, fields in (("none", None), ("empty", {})):
        docs = db.create_collection(name, encoder=None, dimensions=1, fields=fields)
        assert docs.info.fields == {}
        docs.add([{"id": str(n), "title": "T", "text": "tunnels", "fields": {}} for n in range(300)])
        schema = docs.info.schema_name
        assert not rows(sql, f"select from {schema}.field_statistic")
        assert not rows(sql, f"select from {schema}.posting where pgretrieve._is_field_list(lexeme)")
        assert not rows(
            sql,
            "select from pg_proc where pronamespace = %s::regnamespace"
            " and proname like 'field%%' and proname <> 'field_scores'",
            schema,
        )
