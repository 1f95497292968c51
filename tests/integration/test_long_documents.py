"""Long texts: chunks with exact offsets, whoever writes them."""

from itertools import pairwise

import pytest

import pgretrieve
from tests import encoders

PROSE = "".join(
    f"Chapter {i} tells of café {i % 13}.  It was {'very ' * (i % 9)}cold 🙂!\n\n" for i in range(120)
)  # fmt: skip


def chunks(sql, collection, document_id):
    schema = collection.info.schema_name
    return sql.execute(
        f"select c.start_offset, c.end_offset, c.text from {schema}.chunk c join {schema}.document d "
        "on d.id = c.document_id where d.external_id = %s order by c.ordinal",
        [document_id],
    ).fetchall()


def assert_covers(found, text):
    assert found[0][0] == 0
    assert found[-1][1] == len(text)
    assert all(text[start:end] == piece for start, end, piece in found)
    assert all(following[0] <= before[1] for before, following in pairwise(found))


@pytest.mark.parametrize("overlap", [0, 4, 10])
def test_chunks_reproduce_the_text_at_their_offsets(db, sql, overlap):
    collection = db.create_collection("long", encoder=encoders.NAME, chunking={"overlap_tokens": overlap})
    result = collection.add([{"id": "a", "text": PROSE}])
    found = chunks(sql, collection, "a")
    assert len(found) == result.chunks > 30
    assert_covers(found, PROSE)
    encoder = encoders.HashingEncoder()
    assert max(len(spans) for spans in encoder.token_spans([piece for _, _, piece in found])) <= 30


def test_a_title_takes_its_room_from_every_chunk(db, sql):
    collection = db.create_collection("long", encoder=encoders.NAME)
    title = " ".join(f"title{i}" for i in range(10))
    collection.add([{"id": "a", "title": title, "text": PROSE}])
    encoder = encoders.HashingEncoder()
    found = chunks(sql, collection, "a")
    assert_covers(found, PROSE)
    assert max(len(spans) for spans in encoder.token_spans([piece for _, _, piece in found])) <= 20


def test_a_title_longer_than_a_chunk_leaves_room_for_the_text(db, encoded):
    collection = db.create_collection("long", encoder=encoders.NAME)
    collection.add([{"id": "a", "title": "title " * 100, "text": "needle " + "hay " * 40}])
    encoder = encoders.HashingEncoder()
    assert max(len(spans) for spans in encoder.token_spans(encoded)) <= 30
    assert any("needle" in text for text in encoded)


def test_without_an_encoder_chunks_are_cut_by_characters(own, sql):
    own.add([{"id": "a", "text": PROSE}])
    found = chunks(sql, own, "a")
    assert_covers(found, PROSE)
    assert "".join(piece for _, _, piece in found) == PROSE
    assert max(end - start for start, end, _ in found) <= own.info.chunking["max_characters"]


def test_sql_and_python_cut_by_characters_alike(own, sql):
    own.add([{"id": "python", "text": PROSE}])
    sql.execute("select pgretrieve.add_document('own', 'sql', %s)", [PROSE])
    assert chunks(sql, own, "python") == chunks(sql, own, "sql")


def test_a_document_of_five_megabytes_is_chunked_and_searchable(db, sql):
    # One word of a million characters among many: no part may exceed what PostgreSQL can analyse.
    text = "alpha beta. " * 160_000 + "x" * 1_000_000 + " needle " + "gamma delta " * 170_000
    collection = db.create_collection("long", encoder=encoders.NAME, index="none", chunking={"max_tokens": 4000})
    collection.add([{"id": "big", "text": text}], embeddings=None)
    assert_covers(chunks(sql, collection, "big"), text)
    [hit] = collection.search("needle", mode="keyword")
    assert "needle" in hit.text
    assert collection.search("gamma delta", mode="dense", k=1)[0].text.strip().startswith("gamma")
    assert collection.stats().pending_embeddings == 0


def test_a_document_of_five_megabytes_from_sql_is_found_by_word(db, sql):
    own = db.create_collection("own", encoder=None, dimensions=3)
    text = "one two " * 310_000 + "needle " + "three four " * 240_000
    sql.execute("select pgretrieve.add_document('own', 'big', %s)", [text])
    assert ["needle" in hit.text for hit in own.search("needle", mode="keyword")] == [True]
    assert "".join(piece for _, _, piece in chunks(sql, own, "big")) == text


def test_one_hit_for_a_document_if_asked(db):
    collection = db.create_collection("long", encoder=encoders.NAME)
    collection.add([{"id": "a", "text": PROSE}, {"id": "b", "text": "It was cold in one place only."}])
    hits = collection.search("cold", options={"group_by": "document"})
    assert sorted(hit.document_id for hit in hits) == ["a", "b"]
    assert len({hit.document_id for hit in collection.search("cold", k=20)}) < 20
    assert isinstance(hits, pgretrieve.Result)
