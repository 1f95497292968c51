"""Fields with vectors of their own: the legs over them, exact where exact is asked for, after any history of writes."""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference import knn
from tests.reference.ranking import assert_ranking
from tests.sql.histories import one, rows
from tests.sql.test_dense import METRICS, vectors

DIMENSIONS = 16
FIELDS = {"abstract": {"weight": 2, "vector": True}, "title": {"vector": True}, "keywords": 3}
ADD = "select pgretrieve.add_documents(%s, %s::jsonb)"

names = count()


class Shelf:
    """A collection with vectors of two fields, written from SQL, and what should be in it.

    Attributes:
        held: for each document its vectors by field, as they were given.
    """

    def __init__(self, sql: psycopg.Connection[Any], **named: Any) -> None:
        self.sql = sql
        self.name = f"shelf {next(names)}"
        self.settings = {"storage": "halfvec", "distance": "cosine", "index": "hnsw", "dimensions": DIMENSIONS} | named
        arguments = "".join(f", {key} => %({key})s" for key in self.settings)
        sql.execute(
            "select pgretrieve.create_collection(%(name)s, encoder => null, fields => %(fields)s::jsonb,"
            f""" chunking => '{{"max_tokens": 256, "overlap_tokens": 32, "max_characters": 100}}'{arguments})""",
            {"name": self.name, "fields": json.dumps(FIELDS), **self.settings},
        )
        self.schema = one(sql, "select schema_name from pgretrieve.collections where name = %s", self.name)
        self.held: dict[str, dict[str, knn.Matrix]] = {}

    def add(self, given_: Mapping[str, Mapping[str, knn.Matrix]], metadata: Mapping[str, Any] | None = None) -> None:
        """Writes documents of one to four chunks."""
        documents = [
            {
                "id": key,
                "text": "one two three four " * (2 + 6 * (int(key[1:]) % 4)),
                "title": "T" if "title" in fields else "",
                "fields": {"abstract": "words"} if "abstract" in fields else {},
                "metadata": {"n": int(key[1:])} | dict(metadata or {}),
                "field_embeddings": {field: [float(x) for x in vector] for field, vector in fields.items()},
            }
            for key, fields in given_.items()
        ]
        self.sql.execute(ADD, [self.name, json.dumps(documents)])
        self.held |= {key: dict(fields) for key, fields in given_.items()}

    def delete(self, keys: Sequence[str]) -> None:
        rows(self.sql, "select pgretrieve.delete_documents(%s, %s)", self.name, list(keys))
        for key in keys:
            self.held.pop(key, None)

    def first_chunks(self) -> dict[str, int]:
        return dict(
            rows(self.sql, f"select d.external_id, c.id from {self.schema}.document as d"
                           f" join {self.schema}.chunk as c on c.document_id = d.id and c.ordinal = 0")
        )  # fmt: skip

    def oracle(self, field: str, query: knn.Matrix, keys: set[str] | None = None) -> tuple[dict[int, float], Any]:
        """Scores by first chunk, and what they hang on, of the documents that have the field, or of given ones."""
        storage, distance = self.settings["storage"], self.settings["distance"]
        chunks = self.first_chunks()
        having = [key for key, fields in self.held.items() if field in fields and (keys is None or key in keys)]
        if not having:
            return {}, {}
        matrix = np.array([self.held[key][field] for key in having], dtype=np.float32)
        scores = knn.scores(matrix, query, storage, distance)
        kept = knn.stored(matrix, storage)
        evidence = {
            chunks[key]: scores[n].tobytes() if storage == "bit" else kept[n].tobytes() for n, key in enumerate(having)
        }
        return {chunks[key]: float(scores[n]) for n, key in enumerate(having)}, evidence

    def call(self, function: str, field: str, query: knn.Matrix, *arguments: Any) -> list[tuple[int, float]]:
        """(chunk_id, score) of a leg, whose ranks are 1..n."""
        marks = ", %s" * len(arguments)
        found = rows(
            self.sql, f"select chunk_id, score, rank from {self.schema}.{function}(%s, %s::text::vector{marks})"
                      " order by rank", field, json.dumps([float(x) for x in query]), *arguments,
        )  # fmt: skip
        assert [rank for *_, rank in found] == list(range(1, len(found) + 1))
        return [(chunk, score) for chunk, score, _ in found]

    def assert_finds(self, field: str, query: knn.Matrix, k: int, function: str = "dense_field", *more: Any,
                     keys: set[str] | None = None) -> None:  # fmt: skip
        scores, evidence = self.oracle(field, query, keys)
        got = self.call(function, field, query, k, *more)
        assert_ranking(got, scores, k, evidence=evidence, tolerance=1e-5)


def some(size: int, seed: int = 0) -> dict[str, dict[str, knn.Matrix]]:
    """Documents d0, d1, ...: two of three have an abstract and half a title. Some vectors stand twice."""
    abstracts, titles = vectors(size, seed), vectors(size, seed + 1)
    return {
        f"d{n}": ({"abstract": abstracts[n]} if n % 3 else {}) | ({"title": titles[n]} if n % 2 else {})
        for n in range(size)
    }


@pytest.mark.parametrize("index", ["none", "hnsw", "ivfflat"])
@pytest.mark.parametrize(("storage", "distance"), METRICS)
def test_legs_over_fields_are_exact_for_every_storage_and_distance(
    shared_sql: psycopg.Connection[Any], storage: str, distance: str, index: str
) -> None:
    shelf = Shelf(shared_sql, storage=storage, distance=distance, index=index)
    shelf.add(some(200))
    # rewritten: their chunks come last, their documents first
    shelf.add({key: shelf.held[key] for key in ("d1", "d10", "d11", "d20", "d40")})
    few = {f"d{n}" for n in range(0, 200, 4)}
    chunks = rows(
        shared_sql, f"select c.id from {shelf.schema}.chunk c join {shelf.schema}.document d on d.id = c.document_id"
                    " where d.external_id = any (%s)", sorted(few),
    )  # fmt: skip
    many = {f"d{n}" for n in range(50, 200)}
    for query in (vectors(1, seed=7)[0], shelf.held["d11"]["abstract"]):
        for field in ("abstract", "title"):
            for k in (1, 11, 1000):
                shelf.assert_finds(field, query, k)
                shelf.assert_finds(field, query, k, "dense_field", True)
                shelf.assert_finds(field, query, k, "dense_field_among", [c for (c,) in chunks], keys=few)
            # more than there are: all that pass are compared
            shelf.assert_finds(field, query, 7, "dense_field_filtered", "$.n >= 50", 1000, keys=many)
        assert shelf.call("dense_field", "keywords", query, 10) == []
        assert shelf.call("dense_field", "nothing", query, 10) == []
        assert shelf.call("dense_field_among", "abstract", query, 10, []) == []


def test_chunks_have_the_score_of_their_document(sql: psycopg.Connection[Any]) -> None:
    shelf = Shelf(sql)
    shelf.add(some(50))
    query = vectors(1, seed=7)[0]
    scores, _ = shelf.oracle("abstract", query)
    of = dict(rows(sql, f"select c.id, first.id from {shelf.schema}.chunk as c join {shelf.schema}.chunk as first"
                        " on first.document_id = c.document_id and first.ordinal = 0"))  # fmt: skip
    assert len(of) > len(set(of.values()))
    statement = f"select chunk_id, score from {shelf.schema}.field_scores('abstract', %s::text::vector, %s)"
    found = dict(rows(sql, statement, json.dumps(query.tolist()), [*of, 10**9]))
    assert found == pytest.approx({chunk: scores[first] for chunk, first in of.items() if first in scores}, abs=1e-5)
    assert rows(sql, statement.replace("abstract", "keywords"), json.dumps(query.tolist()), list(of)) == []


keys = st.sampled_from([f"d{n}" for n in range(12)])
places = st.integers(0, 39)
documents = st.dictionaries(keys, st.dictionaries(st.sampled_from(["abstract", "title"]), places), max_size=6)
steps = st.one_of(
    documents.map(lambda given_: ("add", given_)),
    st.lists(keys, min_size=1, max_size=4).map(lambda given_: ("delete", given_)),
)


@settings(max_examples=15, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(history=st.lists(steps, min_size=1, max_size=6), place=places, k=st.sampled_from([1, 3, 100]))
def test_legs_over_fields_are_exact_after_any_history(
    shared_sql: psycopg.Connection[Any], history: list[tuple[str, Any]], place: int, k: int
) -> None:
    shelf = Shelf(shared_sql)
    pool = vectors(40, seed=3)
    for kind, given_ in history:
        if kind == "add":
            shelf.add({key: {field: pool[n] for field, n in fields.items()} for key, fields in given_.items()})
        else:
            shelf.delete(given_)
        for field in ("abstract", "title"):
            shelf.assert_finds(field, pool[place], k)
    held = sum(len(fields) for fields in shelf.held.values())
    stats = "select field_embeddings, pending_field_embeddings from pgretrieve.collection_stats where name = %s"
    assert rows(shared_sql, stats, shelf.name) == [(held, 0)]
    shelf.delete(list(shelf.held))
    for number in (1, 2):
        assert one(shared_sql, f"select count(*) from {shelf.schema}.field_embedding_{number}") == 0
    shared_sql.execute("select pgretrieve.drop_collection(%s)", [shelf.name])


def test_a_tie_at_the_end_of_the_list_goes_to_the_lower_chunk(sql: psycopg.Connection[Any]) -> None:
    shelf = Shelf(sql)
    vector = vectors(1)[0]
    shelf.add({f"d{n}": {"abstract": vector} for n in range(20)})
    shelf.add({"d0": {"abstract": vector}})
    for function, more in (("dense_field", []), ("dense_field_filtered", ["$.n >= 0", 100])):
        found = [chunk for chunk, _ in shelf.call(function, "abstract", vector, 19, *more)]
        assert found == sorted(shelf.first_chunks().values())[:19]
        assert shelf.first_chunks()["d0"] not in found


@pytest.fixture(scope="module")
def large(shared_sql: psycopg.Connection[Any]) -> Shelf:
    """3,000 documents with abstracts, 1,000 of them with titles."""
    shelf = Shelf(shared_sql)
    abstracts, titles = vectors(3000), vectors(3000, 1)
    shelf.add({f"d{n}": {"abstract": abstracts[n]} | ({"title": titles[n]} if n % 3 == 0 else {}) for n in range(3000)})
    shared_sql.execute("vacuum analyze")
    for setting in ("hnsw.ef_search = 200", "hnsw.iterative_scan = relaxed_order", "enable_seqscan = off"):
        shared_sql.execute(f"set {setting}")  # as searches have it
    return shelf


PREPARED = {
    "dense_field": "prepare leg (text, vector) as select * from {}.dense_field($1, $2, 10)",
    "exact": "prepare leg (text, vector) as select * from {}.dense_field($1, $2, 10, true)",
    "lateral": "prepare leg (text, vector) as select l.* from unnest(array[$1, 'keywords'], array[$2, $2])"
    " as q (field, e), lateral {}.dense_field(q.field, q.e, 10) as l",
    "filtered": "prepare leg (text, vector) as select * from {}.dense_field_filtered($1, $2, 10, '$.n >= 100', 10)",
}


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
def test_legs_over_fields_read_their_index(
    shared_dsn: str, shared_sql: psycopg.Connection[Any], large: Shelf, plan: str
) -> None:
    query = json.dumps(vectors(1, seed=7)[0].tolist())
    with psycopg.connect(shared_dsn, autocommit=True) as session:
        session.execute(f"set plan_cache_mode = {plan}")
        session.execute("set enable_seqscan = off")  # as searches have it
        for named, field, index in [
            ("dense_field", "abstract", ["field_embedding_1_ann"]),
            ("lateral", "abstract", ["field_embedding_1_ann"]),
            ("filtered", "abstract", ["field_embedding_1_ann"]),
            ("filtered", "title", ["field_embedding_2_ann"]),
            ("exact", "abstract", []),
            ("dense_field", "title", []),  # not above 1,000
            ("dense_field", "keywords", []),
        ]:
            session.execute(PREPARED[named].format(large.schema))
            explain = f"explain (analyze, costs off, timing off) execute leg ('{field}', '{query}')"
            lines = [line for (line,) in rows(session, explain)]
            read = [line for line in lines if "_ann" in line and "never executed" not in line]
            assert [line.split("using ")[1].split(" ")[0] for line in read] == index, "\n".join(lines)
            assert not [line for line in lines if "Seq Scan on chunk" in line or "Seq Scan on document" in line]
            session.execute("deallocate leg")
    assert one(shared_sql, f"select indisvalid from pg_index where indexrelid = '{large.schema}.field_embedding_1_ann'"
                           "::regclass")  # fmt: skip


def test_approximate_legs_over_fields_find_nearly_all_of_the_true_ten(large: Shelf) -> None:
    for more in ((), ("$.n >= 0", 5)):
        recalls = []
        for query in vectors(20, seed=7):
            exact = large.call("dense_field", "abstract", query, 10, True)
            near = large.call("dense_field_filtered" if more else "dense_field", "abstract", query, 10, *more)
            assert len(near) == 10
            recalls.append(len({chunk for chunk, _ in exact} & {chunk for chunk, _ in near}) / 10)
        assert np.mean(recalls) >= 0.95


def test_a_filter_that_many_pass_is_tested_document_by_document(large: Shelf) -> None:
    few, wanted = vectors(1, seed=9)[0], {f"d{n}" for n in range(1500, 3000)}
    allowed = {large.first_chunks()[key] for key in wanted}
    for field in ("abstract", "title"):
        found = large.call("dense_field_filtered", field, few, 50, "$.n >= 1500", 25)
        assert len(found) == 50
        assert {chunk for chunk, _ in found} <= allowed
        scores, _ = large.oracle(field, few, wanted)
        assert all(score == pytest.approx(scores[chunk], abs=1e-5) for chunk, score in found)


def test_a_collection_without_such_fields_has_the_functions_and_nothing_in_them(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    for name, fields in (("none", None), ("weights", {"abstract": 2})):
        db.create_collection(name, encoder=None, dimensions=3, fields=fields)
        schema = one(sql, "select schema_name from pgretrieve.collections where name = %s", name)
        assert rows(sql, "select vector_fields from pgretrieve.collections where name = %s", name) == [([],)]
        for call in (
            "dense_field('abstract', '[1,2,3]', 5)", "dense_field('abstract', '[1,2,3]', 5, true)",
            "dense_field_among('abstract', '[1,2,3]', 5, array[1])", "field_scores('abstract', '[1,2,3]', array[1])",
            "dense_field_filtered('abstract', '[1,2,3]', 5, '$.n > 1', 3)",
        ):  # fmt: skip
            assert rows(sql, f"select * from {schema}.{call}") == []
        plan = str(rows(sql, f"explain select * from {schema}.dense_field('abstract', '[1,2,3]', 5)"))
        assert "One-Time Filter: false" in plan
        named = (
            f"select from pg_class where relnamespace = '{schema}'::regnamespace and relname like 'field_embedding%%'"
        )
        assert rows(sql, named) == []


def test_tables_say_which_field_they_hold(sql: psycopg.Connection[Any]) -> None:
    shelf = Shelf(sql)
    assert rows(sql, "select fields, vector_fields from pgretrieve.collections") == [
        ({"abstract": 2, "title": 1, "text": 1, "keywords": 3}, ["abstract", "title"])
    ]
    for number, field in enumerate(("abstract", "title"), 1):
        comment = one(sql, f"select obj_description('{shelf.schema}.field_embedding_{number}'::regclass)")
        assert f"of its field {field};" in comment
    stored = "select attstorage::text from pg_attribute where attrelid = %s::regclass and attname = 'embedding'"
    assert one(sql, stored, f"{shelf.schema}.field_embedding_1") == "p"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ('{"abstract": {"vector": true}}', ({"abstract": 1, "text": 1, "title": 1}, ["abstract"])),
        ('{"abstract": {"weight": 3, "vector": false}}', ({"abstract": 3, "text": 1, "title": 1}, [])),
        ('{"abstract": {}}', ({"abstract": 1, "text": 1, "title": 1}, [])),
        ('{"text": {"weight": 3}, "title": {"weight": 0.5, "vector": true}}', ({"text": 3, "title": 0.5}, ["title"])),
        ('{"b": {"vector": true}, "aa": {"vector": true}, "_": 1}',
         ({"b": 1, "aa": 1, "_": 1, "text": 1, "title": 1}, ["aa", "b"])),
    ],
)  # fmt: skip
def test_fields_are_declared_with_weight_and_vector(
    sql: psycopg.Connection[Any], fields: str, kept: tuple[Any, ...]
) -> None:
    sql.execute("select pgretrieve.create_collection('docs', encoder => null, dimensions => 3, fields => %s)", [fields])
    assert rows(sql, "select fields, vector_fields from pgretrieve.collections") == [kept]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('{"abstract": {"weight": 0}}', "field 'abstract' cannot weigh 0"),
        ('{"abstract": {"weight": "2"}}', """field 'abstract' cannot weigh "2\""""),
        ('{"abstract": {"weight": null}}', "field 'abstract' cannot weigh null"),
        ('{"abstract": {"vector": "yes"}}', """field 'abstract' cannot have the vector "yes\""""),
        ('{"abstract": {"vector": null}}', "field 'abstract' cannot have the vector null"),
        ('{"abstract": {"vector": 1}}', "field 'abstract' cannot have the vector 1"),
        ('{"abstract": {"vectors": true}}', "field 'abstract' has no setting 'vectors'"),
        ('{"text": {"vector": true}}', "field 'text' cannot have a vector"),
        ('{"abstract": [true]}', "field 'abstract' cannot weigh [true]"),
        ('{"abstract": true}', "field 'abstract' cannot weigh true"),
        ('{"Abstract": {"vector": true}}', "field 'Abstract' cannot have this name"),
    ],
)
def test_fields_that_cannot_be_are_refused(sql: psycopg.Connection[Any], fields: str, message: str) -> None:
    with pytest.raises(psycopg.Error) as refused:
        sql.execute(
            "select pgretrieve.create_collection('docs', encoder => null, dimensions => 3, fields => %s)", [fields]
        )
    assert (refused.value.sqlstate, refused.value.diag.message_primary) == ("RT400", message)
    assert refused.value.diag.message_hint
    assert rows(sql, "select from pgretrieve.collections") == []


@pytest.mark.parametrize(
    ("part", "state", "message"),
    [
        ({"field_embeddings": [1]}, "RT422", "has field_embeddings that are not an object"),
        ({"field_embeddings": {"nothing": [1, 0, 0]}}, "RT422", "of field 'nothing', of which collection 'docs'"),
        ({"field_embeddings": {"keywords": [1, 0, 0]}}, "RT422", "of field 'keywords', of which collection 'docs'"),
        ({"field_embeddings": {"text": [1, 0, 0]}}, "RT422", "of field 'text', of which collection 'docs' keeps none"),
        ({"field_embeddings": {"title": [1, 0, 0]}}, "RT422", "of field 'title', in which it has nothing"),
        ({"field_embeddings": {"abstract": [1, 0, 0]}, "fields": {"abstract": " \n"}}, "RT422", "it has nothing"),
        ({"field_embeddings": {"abstract": [1, 0]}, "fields": {"abstract": "x"}}, "RT421",
         "document 'a' has an embedding of field 'abstract' of 2 dimensions, the collection stores 3"),
        ({"field_embeddings": {"abstract": [0, 0, 0]}, "fields": {"abstract": "x"}}, "RT421",
         "document 'a' has an embedding of field 'abstract' that is all zeros, which has no direction"),
    ],
)  # fmt: skip
def test_vectors_of_fields_that_cannot_be_are_refused(
    sql: psycopg.Connection[Any], part: dict[str, Any], state: str, message: str
) -> None:
    sql.execute("select pgretrieve.create_collection('docs', encoder => null, dimensions => 3, fields => %s)",
                [json.dumps(FIELDS)])  # fmt: skip
    with pytest.raises(psycopg.Error) as refused:
        sql.execute(ADD, ["docs", json.dumps([{"id": "a", "text": "x"} | part])])
    assert refused.value.sqlstate == state
    assert message in (refused.value.diag.message_primary or "")
    assert (refused.value.diag.message_hint or "").endswith("Nothing was written.")
    assert rows(sql, "select documents from pgretrieve.collection_stats") == [(0,)]


def test_fields_without_a_vector_wait_for_one(sql: psycopg.Connection[Any]) -> None:
    shelf = Shelf(sql, dimensions=3)
    documents = [
        {"id": "a", "text": "x", "title": "T", "fields": {"abstract": "words"}},
        {"id": "b", "text": "x", "title": " ", "fields": {"abstract": "words"}, "field_embeddings": None},
        {"id": "c", "text": "x", "title": "T", "fields": {"abstract": "words", "keywords": "words"},
         "field_embeddings": {"abstract": [1, 0, 0], "title": None}},
    ]  # fmt: skip
    sql.execute(ADD, [shelf.name, json.dumps(documents)])
    stats = "select field_embeddings, pending_field_embeddings from pgretrieve.collection_stats"
    assert rows(sql, stats) == [(1, 4)]
    waiting = rows(sql, f"select external_id, texts from {shelf.schema}.field_pending(10) order by 1")
    assert waiting == [("a", {"abstract": "words", "title": "T"}), ("b", {"abstract": "words"}), ("c", {"title": "T"})]
    before = one(sql, "select embedding_bytes from pgretrieve.collection_stats")
    sql.execute(ADD, [shelf.name, json.dumps(documents)])  # a write from SQL always rewrites
    assert rows(sql, stats) == [(1, 4)]
    assert one(sql, "select embedding_bytes from pgretrieve.collection_stats") >= before > 0


def test_the_index_of_a_field_is_made_again_where_it_is_missing(sql: psycopg.Connection[Any]) -> None:
    shelf = Shelf(sql, index_settings='{"m": 8}')
    table = f"{shelf.schema}.field_embedding_2"
    built = (
        f"create index concurrently field_embedding_2_ann on {table} using hnsw (embedding public.halfvec_cosine_ops)"
    )
    assert one(sql, "select pgretrieve._index_statement(%s, 'title')", shelf.name) is None
    sql.execute(f"drop index {shelf.schema}.field_embedding_2_ann")
    statement = one(sql, "select pgretrieve._index_statement(%s, 'title')", shelf.name)
    assert f"{built} with (m = 8)" in statement
    assert one(sql, "select pgretrieve._index_statement(%s, 'abstract')", shelf.name) is None
    assert one(sql, "select pgretrieve._index_statement(%s)", shelf.name) is None
    sql.execute(statement)
    assert one(sql, "select pgretrieve._index_statement(%s, 'title')", shelf.name) is None
