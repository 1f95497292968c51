import math
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgretrieve import Document, InvalidDocument
from pgretrieve.documents import Source, checked, content_hash, field_text

GOOD = {"id": "a", "text": "words"}
DEEP: dict[str, object] = {}
for _ in range(100_000):
    DEEP = {"d": DEEP}


def only(documents):
    [(document, *_)] = checked(documents)
    return document


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("text", "document 1 is not an object but str"),
        (None, "document 1 is not an object but NoneType"),
        (("a", "words"), "document 1 is not an object but tuple"),
        ({"text": "words"}, "document 1 has no id"),
        ({"id": None, "text": "words"}, "document 1 has no id"),
        ({"id": True, "text": "words"}, "neither string nor number: True"),
        ({"id": 1.5, "text": "words"}, "neither string nor number: 1.5"),
        ({"id": ["a"], "text": "words"}, "neither string nor number: ['a']"),
        ({"id": "", "text": "words"}, "(id '') has an id that is not 1 to 1000 bytes long"),
        ({"id": "é" * 501, "text": "words"}, "not 1 to 1000 bytes long"),
        ({"id": 10**5000, "text": "words"}, "document 1 has an id"),
        ({"id": "a\0b", "text": "words"}, "holds a NUL byte"),
        ({"id": "a\ud800", "text": "words"}, "half a character (a lone surrogate) at 1"),
        ({"id": "a"}, "document 1 (id 'a') has no text"),
        ({"id": "a", "text": None}, "(id 'a') has no text"),
        ({"id": "a", "text": 7}, "(id 'a') has text that is 7"),
        ({"id": "a", "text": b"words"}, "(id 'a') has text that is b'words'"),
        ({"id": "a", "text": ""}, "(id 'a') has an empty text"),
        ({"id": "a", "text": " \n\u2003"}, "(id 'a') has an empty text"),
        ({"id": "a", "text": "a\0b"}, "(id 'a') holds a NUL byte"),
        ({"id": "a", "text": "ab\udfff"}, "(id 'a') holds half a character (a lone surrogate) at 2"),
        (GOOD | {"title": 3}, "(id 'a') has a title that is not a string: 3"),
        (GOOD | {"title": "t\0"}, "(id 'a') holds a NUL byte"),
        (GOOD | {"title": "\udc00"}, "half a character"),
        (GOOD | {"fields": ["x"]}, "(id 'a') has fields that are not an object: ['x']"),
        (GOOD | {"fields": {"abstract": 3}}, "(id 'a') has a field 'abstract' that is not a string: 3"),
        (GOOD | {"fields": {3: "x"}}, "(id 'a') has a field 3 that is not a string: 'x'"),
        (GOOD | {"fields": {"abstract": "\0"}}, "(id 'a') holds a NUL byte"),
        (GOOD | {"metadata": ["x"]}, "metadata that is not an object: ['x']"),
        (GOOD | {"metadata": "x"}, "metadata that is not an object: 'x'"),
        (GOOD | {"metadata": {"x": math.nan}}, "metadata that is not JSON"),
        (GOOD | {"metadata": {"x": [{"y": math.inf}]}}, "metadata that is not JSON"),
        (GOOD | {"metadata": {"x": {1, 2}}}, "metadata that is not JSON: Object of type set"),
        (GOOD | {"metadata": {(1, 2): "x"}}, "metadata that is not JSON"),
        (GOOD | {"metadata": DEEP}, "metadata that is not JSON: nested too deep"),
        (GOOD | {"metadata": {"x": ["a\0"]}}, "has metadata that holds a NUL byte"),
        (GOOD | {"metadata": {"a\0": 1}}, "has metadata that holds a NUL byte"),
        (GOOD | {"metadata": {"x": "\ud83d"}}, "has metadata that holds half a character (a lone surrogate)"),
        (Document("a", ""), "(id 'a') has an empty text"),
        (Document("a", "words", metadata={"x": math.nan}), "metadata that is not JSON"),
    ],
)  # fmt: skip
def test_a_bad_document_is_refused_with_what_is_wrong_and_a_hint(given, message):
    with pytest.raises(InvalidDocument) as refused:
        list(checked([given]))
    assert message in refused.value.message
    assert refused.value.hint
    assert isinstance(refused.value, ValueError)


def test_a_bad_document_is_named_by_its_position():
    with pytest.raises(InvalidDocument, match=r"^document 3 \(id 'c'\) has no text"):
        list(checked([GOOD, {"id": "b", "text": "x"}, {"id": "c"}]))


def test_a_bad_document_of_a_file_is_named_by_its_line():
    with pytest.raises(InvalidDocument, match=r"^news\.jsonl line 7 \(id 'c'\) has no text"):
        list(checked([(Source("news.jsonl line 7"), {"id": "c"})]))


def test_documents_before_a_bad_one_come_out_first():
    documents = checked([GOOD, {"id": "b"}])
    assert next(documents)[0].id == "a"
    with pytest.raises(InvalidDocument):
        next(documents)


def test_an_id_may_stand_once():
    with pytest.raises(InvalidDocument, match=r"document 3 has the id 'a', as document 1 has\. Keep one"):
        list(checked([GOOD, {"id": "b", "text": "x"}, {"_id": "a", "text": "other"}]))


def test_a_number_and_its_text_are_the_same_id():
    with pytest.raises(InvalidDocument, match="document 2 has the id '1', as document 1 has"):
        list(checked([{"id": 1, "text": "x"}, {"id": "1", "text": "x"}]))


@pytest.mark.parametrize("documents", [GOOD, "text", b"text", Document("a", "words"), 5, None])
def test_one_thing_in_place_of_a_list_is_refused(documents):
    with pytest.raises(InvalidDocument, match=f"documents are one {type(documents).__name__}, not a list") as refused:
        list(checked(documents))
    assert '{"id": "a"' in refused.value.hint


@pytest.mark.parametrize(("given", "identifier"), [(7, "7"), (-7, "-7"), (np.int64(7), "7"), ("x" * 1000, "x" * 1000)])
def test_ids_become_text(given, identifier):
    assert only([{"id": given, "text": "words"}]).id == identifier


def test_every_form_of_a_document_is_the_same_document():
    document = Document("a", "words", "t", {"m": 1})
    assert only([document]) == document
    assert only([{"id": "a", "text": "words", "title": "t", "metadata": {"m": 1}}]) == document
    assert only([{"_id": "a", "text": "words", "title": "t", "metadata": MappingProxyType({"m": 1})}]) == document


def test_title_and_metadata_may_be_absent_or_null():
    expected = Document("a", "words")
    assert only([GOOD]) == expected
    assert only([GOOD | {"title": None, "metadata": None}]) == expected


def test_an_embedding_comes_out_beside_its_document():
    assert [embedding for _, embedding, _ in checked([GOOD | {"embedding": [1, 2]}, {"id": "b", "text": "x"}])] == [
        [1, 2], None]  # fmt: skip


def test_embeddings_of_fields_come_out_beside_their_document():
    given = [GOOD | {"field_embeddings": {"x": [1, 2], "y": None}}, {"id": "b", "text": "x", "field_embeddings": None}]
    assert [of_fields for *_, of_fields in checked(given)] == [{"x": [1, 2]}, {}]
    with pytest.raises(InvalidDocument, match="field_embeddings that are not an object"):
        list(checked([GOOD | {"field_embeddings": [[1, 2]]}]))


@pytest.mark.parametrize("text", [r"\u0000", r"a\\u0000", "\\" * 4 + "u0000", r"\ud800", "🙂", "\u2028\x01"])
def test_metadata_that_only_looks_like_a_bad_byte_is_kept(text):
    assert only([GOOD | {"metadata": {"x": text}}]).metadata == {"x": text}


def test_documents_are_read_one_at_a_time():
    def endless():
        number = 0
        while True:
            number += 1
            yield {"id": number, "text": "words"}

    documents = checked(endless())
    assert [next(documents)[0].id for _ in range(3)] == ["1", "2", "3"]


TEXT = st.text(max_size=20)


@given(TEXT, TEXT, TEXT, TEXT)
def test_hashes_are_equal_only_for_equal_title_and_text(title, text, other_title, other_text):
    first, second = Document("a", text, title), Document("b", other_text, other_title, {"m": 1})
    assert (content_hash(first, b"") == content_hash(second, b"")) == ((title, text) == (other_title, other_text))


def test_a_hash_tells_what_shaped_the_chunks():
    document = Document("a", "text")
    parts = [(b"",), (b"encoder",), (b"other",), (b"", b"\1"), (b"", b"\2"), (b"encoder", b"\1")]
    assert len({content_hash(document, *part) for part in parts}) == len(parts)


def test_hashes_stay_the_same_between_releases():
    # Another value here means that every collection of every user is encoded anew by its next load.
    assert content_hash(Document("a", "Text 🙂", "Title"), b"shape") == (
        "daaa2764095292afa39dd69416c43540749ba233221bb8baf3f4a9b6e90eb3bf"
    )


def test_fields_without_text_are_no_fields():
    assert only([GOOD | {"fields": {"abstract": None, "keywords": "", "notes": "x"}}]).fields == {"notes": "x"}
    assert only([GOOD | {"fields": None}]).fields == {}


def test_fields_shape_the_content():
    bare = Document("a", "words")
    assert content_hash(bare) == content_hash(Document("a", "words", fields={}))
    given = [bare, Document("a", "words", fields={"x": "one"}), Document("a", "words", fields={"y": "one"}),
             Document("a", "words", fields={"x": "on", "y": "e"})]  # fmt: skip
    assert len({content_hash(document) for document in given}) == 4
    assert content_hash(Document("a", "w", fields={"x": "1", "y": "2"})) == content_hash(
        Document("a", "w", fields={"y": "2", "x": "1"})
    )


def test_vectors_of_fields_shape_the_content():
    document = Document("a", "words")
    given = [{}, {"x": b"12"}, {"y": b"12"}, {"x": b"1", "y": b"2"}, {"x": b"1", "y": b"3"}]
    assert len({content_hash(document, b"", b"", vectors) for vectors in given}) == len(given)
    assert content_hash(document, b"", b"", {}) == content_hash(document)
    assert content_hash(document, b"", b"", {"x": b"1", "y": b"2"}) == content_hash(
        document, b"", b"", {"y": b"2", "x": b"1"}
    )


def test_what_stands_in_a_field():
    document = Document("a", "words", "Title", fields={"x": "one", "y": " \n"})
    assert [field_text(document, name) for name in ("title", "x", "y", "z")] == ["Title", "one", None, None]
