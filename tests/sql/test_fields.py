"""Collections with fields: BM25F over title, text and what else documents have, exact after any history of writes."""

import json
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
) -> None:
    replica = new_replica(shared_db, shared_sql, k1=k1, b=b, chunking={"max_characters": 100})
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
            expected = rows(sql, first.format(replica.schema, "bm25(%s, %s)"), query, given_weights)
            for frequent in (1, 100, 400):
                top = first.format(replica.schema, "bm25_top(%s, 20, %s, null, %s)")
                assert rows(sql, top, query, frequent, given_weights) == expected


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


@pytest.fixture
def papers(db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = db.create_collection("papers", encoder=None, dimensions=1, fields=FIELDS)
    docs.add(
        [
            {"id": "a", "title": "Tunnels", "text": "How to rotate.", "fields": {"keywords": "vpn certificates"}},
            {
                "id": "b",
                "title": "VPN",
                "text": "A report on certificates.",
                "fields": {"abstract": "Costs of tunnels."},
            },
            {"id": "c", "text": "A tunnel under the sea.", "fields": {"abstract": "Trains."}},
        ]
    )
    return docs


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
        pages = papers.pages("vpn tunnels", page_size=1, mode="keyword", options=options)
        assert {h.document_id: h.score for page in pages for h in page} == expected
    assert papers.count_matches("vpn").documents == 2
    assert "tunnel" in papers.explain("", mode="keyword", options={"like": {"positive": ["b"]}})["like"]["query"]


def test_hybrid_search_has_the_keyword_scores_of_the_fields(db: pgretrieve.Client) -> None:
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


def test_a_collection_without_fields_has_nothing_of_them(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    for name, fields in (("none", None), ("empty", {})):
        docs = db.create_collection(name, encoder=None, dimensions=1, fields=fields)
        assert docs.info.fields == {}
        docs.add([{"id": str(n), "title": "T", "text": "tunnels", "fields": {}} for n in range(300)])
        schema = docs.info.schema_name
        assert not rows(sql, f"select from {schema}.field_statistic")
        assert not rows(sql, f"select from {schema}.posting where pgretrieve._is_field_list(lexeme)")
        assert not rows(
            sql, "select from pg_proc where pronamespace = %s::regnamespace and proname like 'field%%'", schema
        )


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


@pytest.mark.parametrize("fields", ["abstract", ["abstract"], {"abstract": math.nan}, {1: 1}, {"a\0": 1}])
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
        ("papers", ["title"], "option 'fields' cannot be", "from 0.001 to 1000"),
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
        ("title:vpn*", {"words": "", "fielded": ["title:vpn"]}),
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
    n, k1 = len(oracle.chunks), oracle.k1
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
