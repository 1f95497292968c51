"""rerank_with_answer in both clients: what the SQL function says, with what is encoded on the way."""

import math

import numpy as np
import pytest

from pgretrieve import AnswerSource, CollectionNotFound, DimensionMismatch, InvalidInput
from tests import encoders

TEXTS = {
    "vpn": "Rotate the vpn certificates every 12 months, or every 1,250 days.",
    "tea": "Warm the pot. Tea takes 3 minutes.",
    "dough": "Knead the dough for 12 minutes, then rotate it.",
    "soup": "The cafeteria serves soup on mondays.",
}
QUESTION, ANSWER, NULL = "How often are certificates rotated?", "Rotate the vpn certificates every 12 months.", "Sorry."
FUNCTION = (
    "select document_id, chunk_id, rank, score, rank_before, similarity, keyword_score, shared_numbers, title, text,"
    " metadata from pgretrieve.rerank_with_answer(%s, %s::bigint[], %s, %s, %s::vector, %s, %s::vector{}) order by rank"
)


@pytest.fixture
def docs(client):
    made = client.create_collection("docs", encoder=encoders.NAME)
    made.add(
        {"id": name, "title": name.title(), "text": text, "metadata": {"n": len(name)}} for name, text in TEXTS.items()
    )
    return made


@pytest.fixture
def hits(docs):
    return docs.search("rotate minutes certificates", k=4)


def vector(text):
    return encoders.HashingEncoder().encode_queries([text])[0]


def literal(given):
    return None if given is None else str(np.asarray(given, dtype=float).tolist())


def by_sql(sql, hits, *, null=None, named="", question=QUESTION, answer=ANSWER):
    given = ["docs", [hit.chunk_id for hit in hits], question, answer, literal(vector(f"{question}\n{answer}"))]
    rows = sql.execute(FUNCTION.format(named), [*given, null, literal(vector(null)) if null else None]).fetchall()
    return [AnswerSource(*row) for row in rows]


def test_question_and_answer_are_encoded_and_the_rows_are_those_of_the_function(docs, hits, sql):
    found = docs.rerank_with_answer(hits, QUESTION, ANSWER)
    assert found == by_sql(sql, hits)
    first = found[0]
    assert (first.document_id, first.title, first.text, first.metadata) == ("vpn", "Vpn", TEXTS["vpn"], {"n": 3})
    assert (first.rank, first.shared_numbers) == (1, 1)
    assert hits[first.rank_before - 1].document_id == "vpn"
    assert first.similarity == pytest.approx(
        float(vector(f"{QUESTION}\n{ANSWER}") @ vector(f"Vpn\n{TEXTS['vpn']}")), abs=1e-3
    )
    found = docs.rerank_with_answer(
        hits, QUESTION, ANSWER, dense_weight=0.2, keyword_weight=2, number_factor=0, keep_ratio=0
    )
    named = ", dense_weight => 0.2, keyword_weight => 2, number_factor => 0, keep_ratio => 0"
    assert found == by_sql(sql, hits, named=named)
    assert len(found) > 1


def test_signs_of_a_query_are_words_in_an_answer(docs, hits, sql):
    asked = {"question": "certificates -rotate", "answer": 'tea^9 "the pot"'}
    found = docs.rerank_with_answer(hits, asked["question"], asked["answer"], keep_ratio=0)
    assert found == by_sql(sql, hits, named=", keep_ratio => 0", **asked)


def test_the_null_passage_is_encoded_as_a_passage_and_empties_what_it_answers(docs, hits, sql, encoded):
    assert docs.rerank_with_answer(hits, QUESTION, ANSWER, null_passage=NULL) == by_sql(sql, hits, null=NULL)
    assert encoded == [NULL]
    assert docs.rerank_with_answer(hits, "", NULL, null_passage=NULL) == []


def test_vectors_that_are_given_are_taken_and_nothing_is_encoded(docs, hits, monkeypatch):
    wanted = docs.rerank_with_answer(hits, QUESTION, ANSWER, null_passage=NULL)
    given = {"answer_embedding": vector(f"{QUESTION}\n{ANSWER}"), "null_embedding": vector(NULL).tolist()}
    monkeypatch.setattr("pgretrieve.operations.load_encoder", None)
    assert docs.rerank_with_answer(hits, QUESTION, ANSWER, null_passage=NULL, **given) == wanted


def test_without_an_encoder_words_alone_count(own):
    own.add(
        [{"id": name, "text": text} for name, text in TEXTS.items()],
        embeddings=[[2, 1, 1], [1, 2, 1], [1, 1, 2], [1, 1, 1]],
    )
    hits = own.search("rotate minutes", mode="keyword")
    found = own.rerank_with_answer(hits, QUESTION, ANSWER, null_passage=NULL)
    assert [(source.document_id, source.similarity) for source in found] == [("vpn", 0)]
    by_vector = own.rerank_with_answer(hits, "", "soup", answer_embedding=[1, 1, 2], keep_ratio=0)
    assert {source.document_id: source.similarity for source in by_vector} == pytest.approx(
        {"vpn": 5 / 6, "tea": 5 / 6, "dough": 1}, abs=1e-3
    )


def test_hits_may_be_chunks_and_ids_in_any_number(docs, hits):
    ids = [hit.chunk_id for hit in hits]
    wanted = docs.rerank_with_answer(hits, QUESTION, ANSWER)
    assert docs.rerank_with_answer((i for i in ids), QUESTION, ANSWER) == wanted
    chunks = [docs.neighbours(i, before=0, after=0)[0] for i in ids]
    assert docs.rerank_with_answer(chunks, QUESTION, ANSWER) == wanted
    assert docs.rerank_with_answer([], QUESTION, ANSWER) == []
    assert docs.rerank_with_answer([2**40], QUESTION, ANSWER) == []


@pytest.mark.parametrize(
    ("kind", "arguments", "part"),
    [
        (InvalidInput, {"hits": "abc"}, "'abc'"),
        (InvalidInput, {"hits": 5}, "5"),
        (InvalidInput, {"hits": ["abc"]}, "'abc' is no chunk"),
        (InvalidInput, {"hits": [1] * 10_001}, "10001 chunks"),
        (InvalidInput, {"query": 5}, "the query is int"),
        (InvalidInput, {"answer": 5}, "the answer is int"),
        (InvalidInput, {"answer": " "}, "the answer is empty"),
        (InvalidInput, {"answer": None}, "the answer is empty"),
        (InvalidInput, {"answer": "a\0b"}, "the answer"),
        (InvalidInput, {"null_passage": b"x"}, "the null passage is bytes"),
        (InvalidInput, {"dense_weight": -1}, "dense_weight of -1"),
        (InvalidInput, {"dense_weight": math.nan}, "dense_weight of NaN"),
        (InvalidInput, {"keyword_weight": "much"}, "keyword_weight of 'much'"),
        (InvalidInput, {"keyword_weight": 10**400}, "keyword_weight of 1000"),
        (InvalidInput, {"number_factor": True}, "number_factor of True"),
        (InvalidInput, {"number_factor": math.inf}, "number_factor of inf"),
        (InvalidInput, {"keep_ratio": 1.5}, "keep_ratio of 1.5"),
        (InvalidInput, {"keep_ratio": None}, "keep_ratio of None"),
        (InvalidInput, {"dense_weight": 0, "keyword_weight": 0}, "dense_weight and keyword_weight of 0"),
        (InvalidInput, {"null_embedding": [1.0] * 64}, "null_passage is null"),
        (DimensionMismatch, {"answer_embedding": [1.0, 2.0]}, "shape (1, 2)"),
        (DimensionMismatch, {"answer_embedding": np.ones((2, 64))}, "the answer has one embedding, got 2"),
        (DimensionMismatch, {"null_passage": "x", "null_embedding": [math.nan] * 64}, "the null passage"),
    ],
)
def test_what_cannot_be_is_refused_with_its_value_and_a_remedy(docs, kind, arguments, part):
    given = {"hits": [1], "query": QUESTION, "answer": ANSWER} | arguments
    with pytest.raises(kind) as raised:
        docs.rerank_with_answer(given.pop("hits"), given.pop("query"), given.pop("answer"), **given)
    assert part in raised.value.message
    assert raised.value.hint


def test_a_collection_that_is_gone_is_said(client, docs):
    client.drop_collection("docs")
    with pytest.raises(CollectionNotFound, match="docs"):
        docs.rerank_with_answer([1], QUESTION, ANSWER)
