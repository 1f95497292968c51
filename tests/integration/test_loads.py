"""Loads that are run again, changed, broken off, and finished: nothing is done twice and nothing is lost."""

import asyncio

import pytest

import pgretrieve
from pgretrieve import loading
from tests import encoders
from tests.integration.conftest import WORDS

TEN = [{"id": str(i), "text": f"text number {i}"} for i in range(10)]

pytestmark = pytest.mark.usefixtures("small_batches")


def stored(sql, collection):
    """Documents with the number of their chunks and of their vectors."""
    schema = collection.info.schema_name
    return {
        row[0]: row[1:]
        for row in sql.execute(
            f"select d.external_id, count(c.id), count(e.chunk_id) from {schema}.document d "
            f"left join {schema}.chunk c on c.document_id = d.id left join {schema}.embedding e on e.chunk_id = c.id "
            "group by 1"
        )
    }


def assert_complete(sql, collection, documents=TEN):
    assert stored(sql, collection) == {d["id"]: (1, 1) for d in documents}
    stats = collection.stats()
    assert (stats.documents, stats.chunks, stats.embeddings) == (len(documents),) * 3
    for document in documents:
        number = document["text"].split()[-1]
        assert [h.document_id for h in collection.search(number, mode="keyword")] == [document["id"]]


def test_the_same_load_again_is_unchanged_and_encodes_nothing(docs, encoded):
    docs.add(TEN)
    assert sorted(encoded) == sorted(d["text"] for d in TEN)
    encoded.clear()
    assert docs.add(iter(TEN)) == pgretrieve.AddResult(written=0, unchanged=10, chunks=0)
    assert encoded == []


def test_only_what_changed_is_encoded(docs, encoded):
    docs.add(TEN)
    encoded.clear()
    changed = [*TEN[:4], {"id": "4", "text": "new text"}, *TEN[5:], {"id": "10", "text": "one more"}]
    assert docs.add(changed) == pgretrieve.AddResult(written=2, unchanged=9, chunks=2)
    assert sorted(encoded) == ["new text", "one more"]


def test_a_new_title_is_encoded_and_found(docs, encoded):
    docs.add(WORDS)
    encoded.clear()
    assert docs.add([WORDS[0] | {"title": "Renewal"}]).written == 1
    assert encoded == ["Renewal\n" + WORDS[0]["text"]]
    assert [h.title for h in docs.search("renewal", mode="keyword")] == ["Renewal"]
    assert list(docs.search("certificates holidays", mode="keyword", filter={"team": "infra"}))


def test_new_metadata_is_stored_without_encoding(docs, encoded):
    docs.add(WORDS)
    encoded.clear()
    before = docs.search("vpn", mode="keyword")[0]
    assert docs.add([WORDS[0] | {"metadata": {"team": "net"}}]) == pgretrieve.AddResult(unchanged=1)
    assert encoded == []
    [hit] = docs.search("vpn", mode="keyword", filter={"team": "net"})
    assert (hit.chunk_id, hit.metadata) == (before.chunk_id, {"team": "net"})


def test_a_bad_document_leaves_the_batches_before_and_nothing_of_its_own(docs, sql):
    with pytest.raises(pgretrieve.InvalidDocument, match=r"document 7 \(id '6'\) has no text") as refused:
        docs.add([*TEN[:6], {"id": "6"}, *TEN[7:]])
    assert refused.value.hint.endswith("The 4 documents of the batches before are stored; a new run skips them")
    assert_complete(sql, docs, TEN[:4])
    assert docs.add(TEN) == pgretrieve.AddResult(written=6, unchanged=4, chunks=6)
    assert_complete(sql, docs)


def test_a_bad_document_in_the_first_batch_leaves_nothing(docs, sql):
    with pytest.raises(pgretrieve.InvalidDocument) as refused:
        docs.add([TEN[0], TEN[0]])
    assert refused.value.hint.endswith("Nothing was written")
    assert stored(sql, docs) == {}


def test_the_next_batch_of_a_list_is_checked_while_the_server_is_at_work(own, monkeypatch):
    order = []
    fetch, take = loading.Ahead.fetch, loading.Ahead.take
    monkeypatch.setattr(loading.Ahead, "fetch", lambda self: (order.append("fetch"), fetch(self))[1])
    monkeypatch.setattr(loading.Ahead, "take", lambda self: (order.append("take"), take(self))[1])
    ten = [document | {"embedding": [1, 2, 3]} for document in TEN]
    own.add(ten)
    assert order == ["take", "fetch"] + ["fetch", "take", "fetch"] * 3
    order.clear()
    own.add(document | {"embedding": [3, 2, 1]} for document in ten)  # another iterable might block
    assert order == ["take", "fetch"] * 4


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interruption_while_the_next_batch_is_checked_leaves_whole_batches(db, sql, monkeypatch, interrupt):
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    ten = [document | {"embedding": [1, 2, 3]} for document in TEN]
    original = loading.Ahead.fetch
    calls = []

    def interrupted(self):
        calls.append(1)
        if len(calls) == 4:  # while the second batch is written
            raise interrupt
        original(self)

    monkeypatch.setattr(loading.Ahead, "fetch", interrupted)
    with pytest.raises(interrupt):
        docs.add(ten)
    assert_complete(sql, docs, TEN[:4])
    assert docs.add(ten) == pgretrieve.AddResult(written=6, unchanged=4, chunks=6)
    assert_complete(sql, docs)


class SourceFailedError(Exception):
    """An error of the user's own."""


def test_a_source_that_fails_midway_leaves_whole_batches_and_its_own_error(docs, sql):
    def source():
        yield from TEN[:6]
        raise SourceFailedError("the disk is gone")

    with pytest.raises(SourceFailedError, match="the disk is gone") as raised:
        docs.add(source())
    assert "The 4 documents of the batches before are stored" in raised.value.__notes__[0]
    assert_complete(sql, docs, TEN[:4])
    docs.add(TEN)
    assert_complete(sql, docs)


def test_an_encoder_that_fails_leaves_no_trace_of_its_batch(docs, sql, monkeypatch):
    docs.add([WORDS[0]])
    original = encoders.HashingEncoder.encode_documents

    def fails(self, texts):
        raise SourceFailedError("out of memory")

    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", fails)
    with pytest.raises(SourceFailedError):
        docs.add([WORDS[0] | {"metadata": {"team": "new"}}, WORDS[1]])
    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", original)
    assert stored(sql, docs) == {"a": (1, 1)}
    assert docs.search("vpn", mode="keyword")[0].metadata == WORDS[0]["metadata"]


@pytest.mark.parametrize("place", ["iterable", "encoder"])
def test_an_interrupted_load_is_finished_by_running_it_again(db, sql, indexes, monkeypatch, place):
    docs = db.create_collection("docs", encoder=encoders.NAME)
    original = encoders.HashingEncoder.encode_documents

    def source():
        yield from TEN[:6]
        raise KeyboardInterrupt

    def interrupted(self, texts):
        if any("5" in text for text in texts):
            raise KeyboardInterrupt
        return original(self, texts)

    if place == "encoder":
        monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", interrupted)
    with pytest.raises(KeyboardInterrupt):
        docs.add(source() if place == "iterable" else TEN)
    assert_complete(sql, docs, TEN[:4])

    monkeypatch.setattr(encoders.HashingEncoder, "encode_documents", original)
    assert docs.add(TEN) == pgretrieve.AddResult(written=6, unchanged=4, chunks=6)
    assert_complete(sql, docs)
    assert indexes(docs) == [True]


def test_a_load_of_which_nothing_new_remains_still_builds_the_index(db, indexes):
    docs = db.create_collection("docs", encoder=encoders.NAME)

    def source():
        yield from TEN[:8]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        docs.add(source())
    assert docs.add(TEN[:8]).written == 0
    assert indexes(docs) == [True]


def test_a_cancelled_load_is_finished_by_running_it_again(dsn, sql, runner, indexes):
    async def cancel():
        async with await pgretrieve.connect_async(dsn) as db:
            docs = await db.create_collection("docs", encoder=encoders.NAME)
            seen = asyncio.Event()

            def watch(done):
                if done >= 4:
                    seen.set()

            load = asyncio.create_task(docs.add(TEN, on_progress=watch))
            await seen.wait()
            load.cancel()
            with pytest.raises(asyncio.CancelledError):
                await load
            before = await docs.count()
            result = await docs.add(TEN)
            return before, result

    before, result = runner.run(cancel())
    assert (result.unchanged, result.written) == (before, 10 - before)
    with pgretrieve.connect(dsn) as db:
        docs = db.collection("docs")
        assert_complete(sql, docs)
        assert indexes(docs) == [True]


def test_an_index_that_a_crash_left_invalid_is_built_anew(db, sql, indexes):
    docs = db.create_collection("docs", encoder=encoders.NAME)
    docs.add(TEN)
    # What a broken CREATE INDEX CONCURRENTLY leaves behind.
    sql.execute(
        "update pg_index set indisvalid = false where indexrelid = to_regclass(%s)",
        [f"{docs.info.schema_name}.embedding_ann"],
    )
    assert indexes(docs) == [False]
    assert docs.build_index() is True
    assert indexes(docs) == [True]
    assert docs.build_index() is False


def test_two_loads_at_once_lose_nothing(dsn, sql, runner):
    async def both():
        async with await pgretrieve.connect_async(dsn) as db:
            docs = await db.create_collection("docs", encoder=encoders.NAME)
            return await asyncio.gather(docs.add(TEN), docs.add(TEN[::-1]), docs.add(TEN[3:7]))

    results = runner.run(both())
    assert sum(result.written + result.unchanged for result in results) == 24
    with pgretrieve.connect(dsn) as db:
        assert_complete(sql, db.collection("docs"))


def test_a_load_without_vectors_leaves_the_vector_index_alone(own, sql):
    index = f"select to_regclass('{own.info.schema_name}.embedding_ann')::oid"
    before = sql.execute(index).fetchone()
    assert own.add([{"id": "a", "text": "words only"}]).written == 1
    assert sql.execute(index).fetchone() == before
