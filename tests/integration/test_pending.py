"""Documents written from SQL: found by word at once, embedded later, lost never."""

import asyncio
import json

import pytest

import pgretrieve
from tests import encoders

ADD = "select pgretrieve.add_documents('docs', %s::jsonb)"
TEXT = " ".join(f"word{i}" for i in range(200))


def add(sql, *documents):
    return sql.execute(ADD, [json.dumps(documents)]).fetchone()[0]


def test_documents_from_sql_wait_for_vectors_and_are_found_by_word(docs, sql, encoded):
    soup = {"id": "b", "title": "Soup", "text": "mondays"}
    assert add(sql, {"id": "a", "text": "rotate vpn certificates"}, soup) == 2
    assert docs.count() == 2
    stats = docs.stats()
    assert (stats.pending_embeddings, stats.embeddings) == (2, 0)
    assert [hit.document_id for hit in docs.search("vpn", mode="keyword")] == ["a"]
    assert [hit.document_id for hit in docs.search("soup")] == ["b"]
    assert list(docs.search("vpn", mode="dense")) == []

    seen = []
    assert docs.embed_pending(on_progress=seen.append) == 2
    assert seen[-1] == 2
    assert sorted(encoded) == ["Soup\nmondays", "rotate vpn certificates"]
    assert docs.stats().pending_embeddings == 0
    assert docs.search("vpn", mode="dense")[0].document_id == "a"
    assert [hit.document_id for hit in docs.search("vpn", mode="keyword")] == ["a"]


def test_embedding_again_finds_nothing_to_do(docs, sql, encoded):
    add(sql, {"id": "a", "text": "rotate vpn certificates"})
    docs.embed_pending()
    encoded.clear()
    assert docs.embed_pending() == 0
    assert encoded == []


def test_what_was_embedded_is_what_python_would_have_added(docs, sql, encoded):
    document = {"id": "a", "title": "Words", "text": TEXT, "metadata": {"team": "infra", "n": [1, None]}}
    add(sql, document)
    docs.embed_pending()
    encoded.clear()
    assert docs.add([document]).unchanged == 1
    assert encoded == []
    hit, *_ = docs.search("word77", mode="keyword")
    assert (hit.title, hit.metadata) == ("Words", {"team": "infra", "n": [1, None]})


def test_a_document_that_somebody_else_changes_meanwhile_keeps_the_change(docs, sql, monkeypatch):
    add(sql, {"id": "a", "text": "old text"}, {"id": "b", "text": "other text"}, {"id": "c", "text": "gone text"})
    original = encoders.HashingEncoder.encode_documents
    rounds = []

    def meanwhile(self, texts):
        if not rounds:
            add(sql, {"id": "a", "text": "new text", "metadata": {"round": 2}})
            sql.execute("select pgretrieve.delete_document('docs', 'c')")
        rounds.append(sorted(texts))
        return original(self, texts)

    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", meanwhile)
    assert docs.embed_pending() == 2
    assert rounds == [["gone text", "old text", "other text"], ["new text"]]
    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", original)
    assert docs.stats().pending_embeddings == 0
    assert {hit.document_id: hit.text for hit in docs.search("text", k=10)} == {"a": "new text", "b": "other text"}
    assert docs.search("new", mode="keyword")[0].metadata == {"round": 2}


def test_interrupted_embedding_is_finished_by_the_next(docs, sql, monkeypatch):
    monkeypatch.setattr("pgretrieve.loading.ENCODED_PER_BATCH", 2)
    add(sql, *({"id": str(i), "text": f"text {i}"} for i in range(6)))
    original = encoders.HashingEncoder.encode_documents
    calls = []

    def stops(self, texts):
        calls.append(len(texts))
        if len(calls) == 2:
            raise OSError("the machine is going down")
        return original(self, texts)

    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", stops)
    with pytest.raises(OSError, match="going down"):
        docs.embed_pending()
    assert docs.stats().pending_embeddings == 4
    assert docs.embed_pending() == 4
    assert docs.stats().embeddings == 6
    assert docs.count() == 6


def test_a_vector_from_sql_needs_no_encoding(db, sql):
    collection = db.create_collection("docs", encoder=None, dimensions=3)
    add(sql, {"id": "a", "text": "one", "embedding": [1, 0, 0]}, {"id": "b", "text": "two"})
    assert collection.stats().pending_embeddings == 1
    assert [hit.document_id for hit in collection.search("", embedding=[1, 0, 0], mode="dense")] == ["a"]
    sql.execute("select pgretrieve.add_document('docs', 'b', 'two', embedding => '[0,1,0]')")
    assert collection.stats().pending_embeddings == 0


def test_two_workers_at_once_embed_everything_once(dsn, sql, runner):
    async def both():
        async with await pgretrieve.connect_async(dsn) as db:
            docs = await db.create_collection("docs", encoder=encoders.NAME)
            await asyncio.to_thread(add, sql, *({"id": str(i), "text": f"text {i}"} for i in range(40)))
            counts = await asyncio.gather(docs.embed_pending(), docs.embed_pending())
            return sum(counts), await docs.stats()

    done, stats = runner.run(both())
    assert done == 40
    assert (stats.documents, stats.chunks, stats.embeddings, stats.pending_embeddings) == (40, 40, 40, 0)
