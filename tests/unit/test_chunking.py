import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pgretrieve.chunking import MOST_CHARACTERS, by_characters, by_tokens

WORD = re.compile(r"\w+")
# Everything a cut may have to do with: words, sentence ends of two scripts, runs of white space, marks beyond 16 bits.
TEXTS = st.text(st.sampled_from("ab é漢字🙂.!?。 \n\t-"), max_size=300)


def words(text):
    return [match.span() for match in WORD.finditer(text)]


def characters(text):
    """Tokens as a tokenizer of CJK makes them: each character one, white space none."""
    return [(i, i + 1) for i, c in enumerate(text) if not c.isspace()]


def pieces(text):
    """Tokens as sentencepiece makes them: the white space before a word belongs to its token."""
    return [match.span() for match in re.finditer(r"\s*\S+", text)]


TOKENIZERS = st.sampled_from([words, characters, pieces])


@st.composite
def limits(draw):
    most = draw(st.integers(1, 40))
    return most, draw(st.integers(0, most // 2))


def uncovered(text, chunks):
    covered = [False] * len(text)
    for start, end in chunks:
        covered[start:end] = [True] * (end - start)
    return [i for i, seen in enumerate(covered) if not seen]


@given(TEXTS, TOKENIZERS, limits())
def test_chunks_cover_the_text_in_order(text, tokenize, limit):
    chunks = list(by_tokens(text, tokenize(text), *limit))
    assert uncovered(text, chunks) == []
    assert chunks[0][0] == 0
    assert chunks[-1][1] == len(text)


@given(TEXTS, TOKENIZERS, limits())
def test_every_chunk_starts_and_ends_after_the_one_before(text, tokenize, limit):
    chunks = list(by_tokens(text, tokenize(text), *limit))
    assert all(first[0] < second[0] and first[1] < second[1] for first, second in pairwise(chunks))


@given(TEXTS, TOKENIZERS, limits())
def test_no_chunk_touches_more_tokens_than_allowed(text, tokenize, limit):
    spans = tokenize(text)
    for start, end in by_tokens(text, spans, *limit):
        assert sum(first < end and last > start for first, last in spans) <= limit[0]


@given(TEXTS, limits())
def test_neighbours_share_at_least_the_overlap(text, limit):
    spans = words(text)
    chunks = list(by_tokens(text, spans, *limit))
    # A chunk that a sentence end made shorter than the overlap has less to share.
    for (start, end), (following, _) in pairwise(chunks):
        own = [span for span in spans if start <= span[0] < end]
        shared = [span for span in own if span[0] >= following]
        assert len(shared) >= min(limit[1], len(own) - 1)


@given(TEXTS, TOKENIZERS, limits())
def test_a_text_within_the_limit_is_one_chunk(text, tokenize, limit):
    spans = tokenize(text)
    assume(len(spans) <= limit[0])
    assert list(by_tokens(text, spans, *limit)) == [(0, len(text))]


def test_several_tokens_on_one_character_still_make_progress():
    text = "ﷺ then more words"
    spans = [(0, 1)] * 18 + words(text)[1:]
    chunks = list(by_tokens(text, spans, 4, 1))
    assert uncovered(text, chunks) == []
    assert all(start < end for start, end in chunks)


def test_a_chunk_ends_after_a_sentence_in_its_last_third():
    text = "One two three four five. Six seven eight nine ten"
    assert [text[a:b] for a, b in by_tokens(text, words(text), 6, 0)] == [
        "One two three four five. ", "Six seven eight nine ten"]  # fmt: skip


def test_a_sentence_that_ends_early_does_not_end_a_chunk():
    text = "One. Two three four five six seven"
    first, *_ = by_tokens(text, words(text), 6, 0)
    assert text[slice(*first)] == "One. Two three four five six "


def test_white_space_after_a_sentence_is_in_some_chunk_without_overlap():
    text = "One two three four five.    Six seven eight nine ten"
    assert uncovered(text, by_tokens(text, words(text), 6, 0)) == []


def test_chinese_is_cut_after_its_full_stop():
    text = "今天天气很好。\n明天会下雨吗"
    first, *_ = by_tokens(text, characters(text), 9, 0)
    assert text[slice(*first)] == "今天天气很好。\n"


def test_a_text_without_tokens_is_one_chunk():
    assert list(by_tokens("\u200b\u200b", [], 5, 1)) == [(0, 2)]


def test_one_token_over_five_megabytes_is_cut_to_what_can_be_analysed():
    text = "x" * 5_000_000
    chunks = list(by_tokens(text, [(0, len(text))], 254, 32))
    assert uncovered(text, chunks) == []
    assert max(end - start for start, end in chunks) == MOST_CHARACTERS
    assert [a[1] for a in chunks[:-1]] == [b[0] for b in chunks[1:]]


def test_a_long_token_among_short_ones_is_cut_too():
    text = "one " + "x" * 200_000 + " two three"
    chunks = list(by_tokens(text, words(text), 2, 0))
    assert uncovered(text, chunks) == []
    assert max(end - start for start, end in chunks) <= MOST_CHARACTERS


@given(TEXTS, st.integers(1, 50))
def test_character_chunks_join_to_the_text(text, most):
    chunks = list(by_characters(text, most))
    assert "".join(text[a:b] for a, b in chunks) == text
    assert all(0 < b - a <= most for a, b in chunks)


@given(TEXTS, st.integers(2, 50))
def test_a_character_chunk_is_cut_within_a_word_only_if_its_last_half_is_one(text, most):
    chunks = list(by_characters(text, most))
    for start, end in chunks[:-1]:
        if not text[end - 1].isspace():
            assert not re.search(r"\s", text[start + most // 2 : start + most])


@pytest.mark.parametrize("text", ["", " "])
def test_hardly_any_text_makes_hardly_any_character_chunks(text):
    assert list(by_characters(text, 100)) == [(0, 1)] * len(text)
