"""Vectors of fields: encoded, brought along, made later, and gone with their document."""

import asyncio
import json

import numpy as np
import psycopg
import pytest

import pgretrieve
from pgretrieve import DimensionMismatch, InvalidDocument, InvalidInput
from tests import encoders

FIELDS = {"abstract": {"weight": 2, "vector": True}, "title": {"vector": True}, "keywords": 3}
PAPERS = [
    {
        "id": "a",
        "title": "Tunnels",
        "text": "How to rotate.",
        "fields": {"abstract": "vpn certificates", "keywords": "x"},
    },
    {"id": "b", "title": " ", "text": "A report.", "fields": {"abstract": "Costs of tunnels."}},
    {"id": "c", "text": "A tunnel under the sea.", "fields": {"keywords": "trains"}},
]
AXES = np.eye(3, dtype=np.float32)
NONE = np.full(3, np.nan, dtype=np.float32)


@pytest.fixture
def papers(client):
    """An empty collection with vectors of two fields and an encoder."""
    return client.create_collection("papers", encoder=encoders.NAME, fields=FIELDS)


@pytest.fixture
def own(client):
    """An empty collection with vectors of two fields, to bring vectors to."""
    return client.create_collection("own", encoder=None, dimensions=3, fields=FIELDS)


@pytest.fixture
def held(sql):
    """The stored vectors of a field, by document."""

    def held(collection, field):
        schema = collection.info.schema_name
        table = f"field_embedding_{collection.info.vector_fields.index(field) + 1}"
        return {
            key: np.array(json.loads(vector))
            for key, vector in sql.execute(
                f"select d.external_id, v.embedding::text from {schema}.{table} as v"
                f" left join {schema}.document as d on d.id = v.document_id"
            )
        }

    return held


def near(sql, collection, field, vector):
    """Documents in the order of the leg over a field."""
    schema = collection.info.schema_name
    return [
        row[0]
        for row in sql.execute(
            f"select d.external_id from {schema}.dense_field(%s, %s::text::vector, 10) as l"
            f" join {schema}.chunk as c on c.id = l.chunk_id join {schema}.document as d on d.id = c.document_id"
            " order by l.rank",
            [field, json.dumps([float(x) for x in vector])],
        )
    ]


def counts(collection):
    stats = collection.stats()
    return stats.field_embeddings, stats.pending_field_embeddings


def assert_encoded(held, collection, documents=PAPERS):
    """Fails unless each text of a field has the encoder's vector, and nothing else has one."""
    for field in ("abstract", "title"):
        texts = {d["id"]: d.get("title") if field == "title" else d.get("fields", {}).get(field) for d in documents}
        texts = {key: text for key, text in texts.items() if (text or "").strip()}
        vectors = encoders.HashingEncoder().encode_documents(list(texts.values()))
        found = held(collection, field)
        assert found.keys() == texts.keys()
        for key, vector in zip(texts, vectors, strict=True):
            assert found[key] == pytest.approx(vector, abs=1e-3)


def test_info_tells_weights_and_vectors(papers):
    assert papers.info.fields == {"abstract": 2, "title": 1, "text": 1, "keywords": 3}
    assert papers.info.vector_fields == ["abstract", "title"]


def test_fields_are_encoded_with_the_texts_and_found(papers, sql, encoded, held):
    assert papers.add(PAPERS).written == 3
    assert sorted(encoded) == sorted(
        [
            "Tunnels\nHow to rotate.", " \nA report.", "A tunnel under the sea.",
            "vpn certificates", "Costs of tunnels.", "Tunnels",
        ]
    )  # fmt: skip
    assert_encoded(held, papers)
    assert counts(papers) == (3, 0)
    [query] = encoders.HashingEncoder().encode_queries(["costs of a vpn"])
    assert near(sql, papers, "abstract", query)[0] == "b"
    assert [hit.document_id for hit in papers.search("sea", mode="dense", k=1)] == ["c"]


def test_what_is_unchanged_is_not_encoded_and_what_changed_replaces_the_old(papers, encoded, held):
    papers.add(PAPERS)
    encoded.clear()
    assert papers.add(PAPERS).unchanged == 3
    assert encoded == []
    changed = [PAPERS[0] | {"fields": {"abstract": "trains"}}, PAPERS[1] | {"fields": {}}, PAPERS[2] | {"title": "Sea"}]
    assert papers.add(changed).written == 3
    assert_encoded(held, papers, changed)
    assert papers.add([PAPERS[0] | {"metadata": {"n": 1}, "fields": {"abstract": "trains"}}]).unchanged == 1
    assert_encoded(held, papers, changed)


def test_deleted_documents_leave_no_vectors(papers, held):
    papers.add(PAPERS)
    assert papers.delete(["a", "b"]) == 2
    assert held(papers, "abstract") == held(papers, "title") == {}
    assert counts(papers) == (0, 0)


def test_a_field_of_many_words_is_cut_to_what_the_encoder_reads(papers, held):
    long = [{"id": "a", "text": "x", "fields": {"abstract": " ".join(f"word{n}" for n in range(5000))}}]
    papers.add(long)
    assert_encoded(held, papers, long)


def test_documents_of_many_chunks_have_one_vector_a_field(papers, sql, held):
    documents = [{"id": str(n), "title": f"T{n}", "text": f"word{n} " * 200} for n in range(5)]
    assert papers.add(documents).chunks > 10
    assert_encoded(held, papers, documents)
    [query] = encoders.HashingEncoder().encode_queries(["T3"])
    found = near(sql, papers, "title", query)
    assert found[0] == "3"
    assert len(found) == 5


def test_vectors_in_arrays_are_found(own, sql, held):
    abstracts, titles = np.array([AXES[0], AXES[1], NONE]), [AXES[2].tolist(), [np.nan] * 3, [np.nan] * 3]
    given = {"field_embeddings": {"abstract": abstracts, "title": titles}}
    assert own.add(PAPERS, embeddings=AXES, **given).written == 3
    assert {key: value.tolist() for key, value in held(own, "abstract").items()} == {"a": [1, 0, 0], "b": [0, 1, 0]}
    assert near(sql, own, "abstract", [0.1, 0.9, 0]) == ["b", "a"]
    assert near(sql, own, "title", [1, 0, 0]) == ["a"]
    assert own.add(PAPERS, embeddings=AXES, **given).unchanged == 3
    given["field_embeddings"]["abstract"] = abstracts[::-1].copy()[[2, 1, 0]] * [[1], [-1], [1]]
    assert own.add(PAPERS, embeddings=AXES, **given) == pgretrieve.AddResult(written=1, unchanged=2, chunks=1)
    assert near(sql, own, "abstract", [0.1, 0.9, 0]) == ["a", "b"]
    assert own.add(PAPERS, embeddings=AXES).written == 2
    assert counts(own) == (0, 3)


def test_vectors_in_documents_are_found(own, sql):
    documents = [
        PAPERS[0] | {"embedding": [1, 0, 0], "field_embeddings": {"abstract": [0, 1, 0], "title": None}},
        PAPERS[1] | {"embedding": [1, 0, 0], "field_embeddings": {"abstract": [0, 0, 1]}},
        PAPERS[2] | {"embedding": [1, 0, 0], "field_embeddings": None},
    ]
    assert own.add(iter(documents)).written == 3
    assert near(sql, own, "abstract", [0, 0.2, 1]) == ["b", "a"]
    assert counts(own) == (2, 1)
    assert own.add(documents).unchanged == 3


def test_vectors_that_come_along_take_the_place_of_the_encoder(papers, encoded, held):
    vectors = np.eye(64, dtype=np.float32)
    papers.add(
        PAPERS,
        embeddings=vectors[:3],
        field_embeddings={"abstract": np.array([vectors[5], vectors[6], vectors[7] * np.nan])},
    )
    assert encoded == ["Tunnels"]
    assert int(held(papers, "abstract")["b"].argmax()) == 6
    assert papers.embed_pending() == 0


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"keywords": AXES}, InvalidInput, "collection 'own' keeps no vectors of field 'keywords'"),
        ({"text": AXES}, InvalidInput, "keeps no vectors of field 'text'"),
        (AXES, InvalidInput, "field_embeddings are a dictionary of arrays by field, got ndarray"),
        ({"abstract": np.ones((3, 4))}, DimensionMismatch, "got an array of shape (3, 4)"),
        ({"abstract": np.ones(3)}, DimensionMismatch, "got an array of shape (3,)"),
        ({"abstract": None}, DimensionMismatch, "got an array of shape ()"),
        ({"abstract": "abc"}, DimensionMismatch, "not numbers"),
        ({"abstract": [AXES[0], NONE, [1, np.nan, 1]]}, DimensionMismatch,
         "the embedding of field 'abstract' in row 3 holds NaN"),
        ({"abstract": [NONE, [0, 0, 0], NONE]}, DimensionMismatch, "field 'abstract' in row 2 is all zeros"),
        ({"abstract": AXES[:2]}, DimensionMismatch, "more documents than the 2 embeddings of field 'abstract'"),
        ({"abstract": [*AXES[:2], NONE, NONE]}, DimensionMismatch,
         "there are 4 embeddings of field 'abstract' for 3 documents"),
        ({"abstract": AXES}, InvalidDocument, "'c' has an embedding of field 'abstract', in which it has nothing"),
        ({"title": [AXES[0], AXES[1], NONE]}, InvalidDocument, "'b' has an embedding of field 'title', in which"),
    ],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_refused_and_nothing_is_written(own, given, kind, message):
    with pytest.raises(kind) as refused:
        own.add(iter(PAPERS), field_embeddings=given)
    assert message in refused.value.message
    assert refused.value.hint
    assert own.count() == 0


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ([1, 0, 0], InvalidDocument, "has field_embeddings that are not an object"),
        ({"keywords": [1, 0, 0]}, InvalidDocument, "of field 'keywords', of which collection 'own' keeps none"),
        ({"abstract": [1, 0]}, DimensionMismatch, "got an array of shape (1, 2)"),
        ({"abstract": [1, 0, None]}, DimensionMismatch, "field 'abstract' of document 'a' holds NaN"),
        ({"abstract": "x"}, DimensionMismatch, "not numbers"),
        ({"abstract": [0, 0, 0]}, DimensionMismatch, "field 'abstract' of document 'a' is all zeros"),
    ],
)
def test_vectors_in_documents_that_do_not_fit_are_refused_by_name(own, given, kind, message):
    with pytest.raises(kind) as refused:
        own.add([PAPERS[0] | {"field_embeddings": given}])
    assert message in refused.value.message
    assert own.count() == 0


def test_a_collection_without_such_fields_says_so(client):
    collection = client.create_collection("plain", encoder=None, dimensions=3)
    assert collection.info.vector_fields == []
    with pytest.raises(InvalidInput, match="keeps no vectors of field 'abstract'") as refused:
        collection.add(PAPERS, field_embeddings={"abstract": AXES})
    assert refused.value.hint == "It keeps none of any field: create_collection declares them"
    assert counts(collection) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"abstract": {"vector": "yes"}}, "cannot have the vector"),
        ({"abstract": {"weight": 2, "vectors": True}}, "has no setting 'vectors'"),
        ({"text": {"vector": True}}, "field 'text' cannot have a vector"),
        ({"abstract": {"weight": float("nan")}}, "fields "),
        ({"abstract": {1, 2}}, "fields "),
    ],
)
def test_fields_that_cannot_be_are_refused(client, fields, message):
    with pytest.raises(InvalidInput, match=message):
        client.create_collection("docs", encoder=None, dimensions=3, fields=fields)
    assert client.collections() == []


def add(sql, *documents):
    sql.execute("select pgretrieve.add_documents('papers', %s::jsonb)", [json.dumps(documents)])


def test_documents_from_sql_are_what_python_would_have_added(papers, sql, encoded, held):
    add(sql, *PAPERS)
    assert counts(papers) == (0, 3)
    assert papers.embed_pending() == 3
    assert_encoded(held, papers)
    assert counts(papers) == (3, 0)
    encoded.clear()
    assert papers.add(PAPERS).unchanged == 3
    assert papers.embed_pending() == 0
    assert encoded == []


def test_where_only_fields_wait_nothing_else_is_written(papers, sql, encoded, held):
    vector = [1.0] + [0.0] * 63
    add(sql, *({**document, "embedding": vector} for document in PAPERS))
    schema = papers.info.schema_name
    chunks = f"select id, embedding::text from {schema}.chunk join {schema}.embedding on chunk_id = id order by id"
    before = sql.execute(chunks).fetchall()
    seen = []
    assert papers.embed_pending(on_progress=seen.append) == 2
    assert seen[-1] == 2
    assert sorted(encoded) == ["Costs of tunnels.", "Tunnels", "vpn certificates"]
    assert_encoded(held, papers)
    assert sql.execute(chunks).fetchall() == before
    assert papers.embed_pending() == 0


def test_fields_that_somebody_else_changes_meanwhile_keep_the_change(papers, sql, monkeypatch, held):
    vector = [1.0] + [0.0] * 63
    add(sql, *({**document, "embedding": vector} for document in PAPERS))
    original = encoders.HashingEncoder.encode_documents
    rounds = []
    new = PAPERS[0] | {"fields": {"abstract": "new words"}, "embedding": vector}

    def meanwhile(self, texts):
        if not rounds:
            add(sql, new)
            sql.execute("select pgretrieve.delete_document('papers', 'b')")
        rounds.append(sorted(texts))
        return original(self, texts)

    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", meanwhile)
    assert papers.embed_pending() == 1
    assert rounds == [["Costs of tunnels.", "Tunnels", "vpn certificates"], ["Tunnels", "new words"]]
    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", original)
    assert_encoded(held, papers, [new, PAPERS[2]])


def test_two_workers_at_once_embed_every_field_once(dsn, sql, runner):
    vector = [1.0] + [0.0] * 63

    async def both():
        async with await pgretrieve.connect_async(dsn) as db:
            papers = await db.create_collection("papers", encoder=encoders.NAME, fields=FIELDS)
            documents = [{"id": str(n), "title": f"T{n}", "text": "x", "embedding": vector} for n in range(40)]
            await asyncio.to_thread(add, sql, *documents)
            counted = await asyncio.gather(papers.embed_pending(), papers.embed_pending())
            return sum(counted), await papers.stats()

    done, stats = runner.run(both())
    assert done == 40
    assert (stats.field_embeddings, stats.pending_field_embeddings) == (40, 0)


@pytest.fixture
def valid(sql):
    """The vector indexes of a collection that are valid."""

    def valid(collection):
        return sorted(
            row[0]
            for row in sql.execute(
                "select c.relname from pg_index as i join pg_class as c on c.oid = i.indexrelid"
                " where c.relnamespace = %s::regnamespace and i.indisvalid and c.relname like '%%\\_ann'",
                [collection.info.schema_name],
            )
        )

    return valid


ALL = ["embedding_ann", "field_embedding_1_ann", "field_embedding_2_ann"]


def test_indexes_are_dropped_before_the_first_load_and_built_after_it(papers, sql, monkeypatch, valid):
    monkeypatch.setattr("pgretrieve.loading.ENCODED_PER_BATCH", 2)
    assert valid(papers) == ALL
    there = []

    def documents():
        for document in [*PAPERS, {"id": "d", "text": "one more"}]:
            there.append(valid(papers))
            yield document

    papers.add(documents())
    assert there == [ALL, ALL, [], []]
    assert valid(papers) == ALL
    there.clear()
    papers.add({**document, "id": document["id"] + "2"} for document in documents())
    assert there == [ALL] * 4


def test_an_index_of_a_field_that_is_missing_is_built_anew(papers, sql, valid):
    papers.add(PAPERS)
    schema = papers.info.schema_name
    sql.execute(f"drop index {schema}.field_embedding_1_ann")
    sql.execute(f"update pg_index set indisvalid = false where indexrelid = '{schema}.field_embedding_2_ann'::regclass")
    assert valid(papers) == ["embedding_ann"]
    assert papers.build_index() is True
    assert valid(papers) == ALL
    assert papers.build_index() is False


@pytest.mark.parametrize("storage", ["vector", "halfvec", "bit"])
def test_every_storage_and_no_index(client, sql, storage):
    collection = client.create_collection("s", encoder=None, dimensions=3, storage=storage, index="none", fields=FIELDS)
    collection.add(PAPERS, field_embeddings={"abstract": [[1, -1, 1], [-1, 1, 1], NONE]})
    assert near(sql, collection, "abstract", [-1, 1, 0.5]) == ["b", "a"]
    assert collection.build_index() is False


def test_a_load_that_fails_leaves_no_vectors(own, sql, held):
    sql.execute(f"alter table {own.info.schema_name}.field_embedding_1 add check (document_id < 0)")
    with pytest.raises(psycopg.errors.CheckViolation):
        own.add(PAPERS, embeddings=AXES, field_embeddings={"abstract": [AXES[0], AXES[1], NONE],
                                                           "title": [AXES[0], NONE, NONE]})  # fmt: skip
    assert own.count() == 0
    assert held(own, "abstract") == held(own, "title") == {}
