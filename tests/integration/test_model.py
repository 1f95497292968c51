"""With the real encoder: words and meaning, limits of the real tokenizer, and the very vectors of the model."""

import numpy as np
import pytest

from pgretrieve.encoders import DEFAULT_ENCODER

pytestmark = pytest.mark.model

PASSAGES = {
    "physician": "The physician examined the patient and prescribed medicine.",
    "error": "Error code E4711 appears when the fuse is blown.",
    "cooking": "Simmer the tomatoes with basil for twenty minutes.",
    "travel": "The night train to Vienna leaves at ten.",
    "doctor": "Doctor Who is a television series about a time traveller.",
}


@pytest.fixture
def docs(db, real_encoder):
    return db.create_collection("docs")


def chunk_texts(sql, collection):
    schema = collection.info.schema_name
    return sql.execute(
        f"select d.title, c.text, e.embedding::vector::text from {schema}.chunk c "
        f"join {schema}.document d on d.id = c.document_id join {schema}.embedding e on e.chunk_id = c.id order by c.id"
    ).fetchall()


def tokens(encoder, text):
    """As the model counts them, special tokens included."""
    return len(encoder._tokenizer(text, truncation=False, verbose=False)["input_ids"])


def test_hybrid_finds_what_only_words_or_only_meaning_find(docs):
    docs.add({"id": name, "text": text} for name, text in PASSAGES.items())
    assert docs.search("E4711", mode="keyword")[0].document_id == "error"
    # By words this is the television series; by meaning it is the physician, who shares no word with it.
    query = "the doctor treated a sick person"
    assert docs.search(query, mode="keyword", k=1)[0].document_id == "doctor"
    assert docs.search(query, mode="dense", k=1)[0].document_id == "physician"
    hybrid = docs.search(query, k=2)
    assert {hit.document_id for hit in hybrid} == {"physician", "doctor"}
    physician = next(hit for hit in hybrid if hit.document_id == "physician")
    assert (physician.dense_rank, physician.keyword_rank) == (1, None)


TEXTS = {
    "prose": ("", "The committee met again on Tuesday. Nothing was decided, as usual! " * 60),
    "one sentence": ("Minutes", "internationalization of counterintuitive electroencephalographic terms " * 80),
    "long title": ("a very long title indeed " * 60, "The text itself is found here. " * 40),
    "hangul": ("", "한국어 문장은 음절마다 여러 토큰이 됩니다 " * 9),
    "hangul and a title": ("제목이 있는 문서입니다", "한국어 문장은 음절마다 여러 토큰이 됩니다 " * 9),
    "chinese": ("标题", "今天天气很好。我们去公园散步，然后回家吃饭。" * 40),
    "no spaces": ("", "pneumonoultramicroscopicsilicovolcanoconiosis" * 40),
    "emoji": ("", "🙂🚀 été naïve ½ ﷺ " * 80),
    "one word": ("", "x" * 5000),
}


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_of_a_chunk_is_cut_off_by_the_model(docs, sql, real_encoder, name):
    title, text = TEXTS[name]
    docs.add([{"id": "a", "title": title, "text": text}])
    room = real_encoder.max_tokens
    assert room == 256
    for _, chunk, _ in chunk_texts(sql, docs):
        # Of a title, half the room is encoded at most.
        title_tokens = min(tokens(real_encoder, title) - 2, (room - 2) // 2)
        assert title_tokens + tokens(real_encoder, chunk) <= room


def test_stored_vectors_are_those_of_sentence_transformers(docs, sql, real_encoder):
    from sentence_transformers import SentenceTransformer

    from pgretrieve.encoders.sentence_transformers import _location

    docs.add([*({"id": name, "text": text} for name, text in PASSAGES.items()), {"id": "t", "title": "T", "text": "x"}])
    rows = chunk_texts(sql, docs)
    stored = np.array([np.fromstring(vector[1:-1], sep=",") for _, _, vector in rows])
    model = SentenceTransformer(_location(DEFAULT_ENCODER), local_files_only=True)
    direct = model.encode([f"{title}\n{text}" if title else text for title, text, _ in rows], normalize_embeddings=True)
    # halfvec keeps eleven bits of each number
    assert np.abs(stored - direct).max() < 2**-11
    assert (stored * direct).sum(axis=1).min() > 0.9999


def test_the_encoder_is_what_the_collection_thinks_it_is(docs, real_encoder):
    assert docs.info.dimensions == real_encoder.dimensions == 384
    assert docs.info.chunking["max_tokens"] == real_encoder.max_tokens
    vectors = real_encoder.encode_queries(["one", "two"])
    assert (vectors.shape, vectors.dtype) == ((2, 384), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert real_encoder.encode_documents([]).shape == (0, 384)


def test_token_spans_lie_in_the_text(real_encoder):
    text = "Größe  und 漢字 🙂 end"
    [spans] = real_encoder.token_spans([text])
    assert [text[a:b] for a, b in spans][-1] == "end"
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert real_encoder.token_spans([]) == []
