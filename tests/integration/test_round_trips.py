"""What goes in comes out: added, found, changed, deleted, by both clients."""

from datetime import UTC, datetime, timedelta

import pytest

import pgretrieve
from tests import encoders
from tests.integration.conftest import WORDS


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_a_document_comes_back_as_it_was_given(docs, mode):
    assert docs.add(WORDS) == pgretrieve.AddResult(written=3, unchanged=0, chunks=3)
    best, *_ = docs.search("rotate vpn certificates", mode=mode)
    assert (best.document_id, best.title, best.text, best.metadata) == (
        "a", "Certificates", "Rotate the vpn certificates every year.", {"team": "infra"})  # fmt: skip
    assert best.rank == 1
    assert best.relevance is None
    assert (best.dense_rank is None) == (mode == "keyword")
    assert (best.keyword_rank is None) == (mode == "dense")


def test_text_of_every_script_comes_back_byte_for_byte(docs):
    text = "Größe 漢字 🙂 \u0645\u0631\u200f\u2028 ﷺ e\u0301 \\N \\. \t\r\n 'quoted' \"%s\" %(x)s {schema} @schema@"
    metadata = {"schlüssel 🙂": ["\\u0000", 1.5, None, {"ж": True}], "": 10**30}
    docs.add([{"id": "id 🙂/\\'", "title": "タイトル\t", "text": text, "metadata": metadata}])
    [hit] = docs.search("漢字")
    assert (hit.document_id, hit.title, hit.text, hit.metadata) == ("id 🙂/\\'", "タイトル\t", text, metadata)


def test_a_changed_text_is_found_and_the_old_one_is_not(docs):
    docs.add(WORDS)
    assert docs.add([{"id": "b", "text": "Tonight there is pizza."}]).written == 1
    assert docs.count() == 3
    assert [h.document_id for h in docs.search("pizza", mode="keyword")] == ["b"]
    assert list(docs.search("soup", mode="keyword")) == []
    assert {h.text for h in docs.search("soup", mode="dense")}.isdisjoint({WORDS[1]["text"]})


def test_a_deleted_document_is_in_neither_leg(docs):
    docs.add(WORDS)
    assert docs.delete(["a", "nobody"]) == 1
    assert docs.count() == 2
    for mode in ("hybrid", "dense", "keyword"):
        assert "a" not in {hit.document_id for hit in docs.search("rotate vpn certificates", mode=mode)}
    assert docs.delete(["a"]) == 0


def test_sql_deletes_what_python_added(docs, sql):
    docs.add(WORDS)
    assert sql.execute("select pgretrieve.delete_documents('docs', '{a,nobody,null}')").fetchone() == (1,)
    assert sql.execute("select pgretrieve.delete_document('docs', 'b')").fetchone() == (True,)
    assert sql.execute("select pgretrieve.delete_document('docs', 'b')").fetchone() == (False,)
    assert [hit.document_id for hit in docs.search("vpn soup holidays")] == ["c"]


def test_a_deleted_document_can_be_added_again(docs):
    docs.add(WORDS)
    docs.delete(["a"])
    assert docs.add(WORDS) == pgretrieve.AddResult(written=1, unchanged=2, chunks=1)
    assert [h.document_id for h in docs.search("vpn", mode="keyword")] == ["a"]


def test_nothing_to_do_is_nothing_done(docs):
    assert docs.add([]) == pgretrieve.AddResult()
    assert docs.add(iter(())) == pgretrieve.AddResult()
    assert docs.delete([]) == 0
    assert docs.count() == 0
    assert list(docs.search("anything")) == []


def test_ids_to_delete_are_a_list_and_numbers_are_ids(docs):
    docs.add([{"id": 7, "text": "seven"}, {"id": 8, "text": "eight"}])
    with pytest.raises(pgretrieve.InvalidInput, match=r"ids are one string, '7'. Give a list: \['7'\]"):
        docs.delete("7")
    assert docs.delete([7]) == 1


def test_filters_keep_what_passes(docs):
    docs.add(WORDS)
    hits = docs.search("holidays soup vpn", filter={"team": "office"})
    assert {hit.document_id for hit in hits} == {"b", "c"}


def test_progress_counts_every_document_and_ends_at_all(docs, small_batches):
    seen = []
    documents = [{"id": i, "text": f"number {i}"} for i in range(10)]
    docs.add(documents[:3])
    docs.add(documents, on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 10


def test_statistics_say_what_is_stored(docs):
    docs.add(WORDS)
    stats = docs.stats()
    assert (stats.name, stats.documents, stats.chunks) == ("docs", 3, 3)
    assert (stats.embeddings, stats.pending_embeddings) == (3, 0)
    assert stats.average_chunk_terms > 1


def test_the_statement_of_a_search_gives_its_hits(docs, sql):
    docs.add(WORDS)
    statement, parameters = docs.sql("rotate vpn certificates", k=2, filter={"team": {"$ne": "none"}})
    found = [pgretrieve.Hit(*row) for row in sql.execute(statement, parameters)]
    assert found == list(docs.search("rotate vpn certificates", k=2, filter={"team": {"$ne": "none"}}))
    assert len(found) == 2


def test_explain_tells_of_the_same_hits(docs):
    docs.add(WORDS)
    report = docs.explain("rotate vpn certificates", k=2)
    assert [hit["document_id"] for hit in report["hits"]] == [
        hit.document_id for hit in docs.search("rotate vpn certificates", k=2)]  # fmt: skip
    assert report["query"] == "rotate vpn certificates"


def test_collections_are_listed_with_their_settings_and_can_be_dropped(client, docs):
    client.create_collection("Другая 'one'; --", encoder=None, dimensions=5, language="simple", storage="bit")
    infos = client.collections()
    assert [info.name for info in infos] == ["docs", "Другая 'one'; --"]
    assert infos[0] == docs.info == client.collection("docs").info
    assert (infos[0].encoder, infos[0].dimensions, infos[0].chunking) == (
        encoders.NAME, 64, {"max_tokens": 32, "overlap_tokens": 4, "max_characters": 128})  # fmt: skip
    assert (infos[1].encoder, infos[1].dimensions, infos[1].distance) == (None, 5, "hamming")
    assert abs(datetime.now(UTC) - infos[0].created_at) < timedelta(hours=1)
    client.drop_collection("Другая 'one'; --")
    assert [info.name for info in client.collections()] == ["docs"]


def test_a_name_dropped_is_free_again_and_empty(client, docs):
    docs.add(WORDS)
    client.drop_collection("docs")
    assert client.create_collection("docs", encoder=encoders.NAME).count() == 0


@pytest.mark.parametrize("storage", ["vector", "halfvec", "bit"])
@pytest.mark.parametrize("index", ["hnsw", "ivfflat", "none"])
def test_every_storage_and_index_finds_what_was_added(db, storage, index):
    collection = db.create_collection("docs", encoder=encoders.NAME, storage=storage, index=index)
    collection.add([*WORDS, *({"id": i, "text": f"{i} {i * i} {i % 7} {i**3} filler"} for i in range(50))])
    assert collection.search("holidays two weeks ahead", mode="dense", k=3)[0].document_id == "c"


def test_compaction_changes_no_answer(docs):
    docs.add([{"id": i, "text": f"common words and number{i % 7}"} for i in range(40)])
    docs.delete(["3", "4"])
    before = docs.search("common number5", mode="keyword", k=50)
    assert docs.compact() is True
    assert docs.search("common number5", mode="keyword", k=50) == before
    assert len(before) == 38
