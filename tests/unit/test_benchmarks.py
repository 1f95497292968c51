"""What a benchmark takes for granted: that its controls are controls, and that pages keep what is not theirs."""

import pytest

pytest.importorskip("ir_measures")

from benchmarks import report, reranking
from benchmarks.corpora import Corpus


def test_an_answer_of_another_question_never_belongs_to_the_same_document():
    qrels = {f"q{n}": {f"d{n // 3}": 1, f"d{n // 3 + 1}": 0} for n in range(12)}
    corpus = Corpus("c", [], {query: query for query in qrels}, qrels)
    answers = {query: f"answer of {query}" for query in qrels}
    drawn = reranking._of_others(corpus, answers)
    assert set(drawn) == set(answers)
    whose = {query: int(answer.rpartition("q")[2]) for query, answer in drawn.items()}
    assert all(int(query[1:]) // 3 != other // 3 for query, other in whose.items())


def test_sentences_leave_out_what_is_no_sentence_and_never_all():
    text = "Of vpns. Certificates are to be rotated every single year. Tea takes three minutes in the cafeteria!"
    assert reranking._sentences(text) == [
        "Certificates are to be rotated every single year.", "Tea takes three minutes in the cafeteria!"
    ]  # fmt: skip
    assert reranking._sentences("Short.") == ["Short."]


def test_a_query_without_rows_counts_zero():
    corpus = Corpus("c", [], {"a": "", "b": ""}, {"a": {"x": 1}, "b": {"y": 1}})
    values = reranking._values(corpus, ["a", "b"], {"a": ["z", "x"], "b": []})
    assert values.tolist() == [[0.5, 0.0], [pytest.approx(0.6309, abs=1e-4), 0.0]]


def test_only_what_stands_between_the_markers_of_a_page_is_written(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a -->\nold\n<!-- z -->\nafter\n")
    report.write_page(page, ("<!-- a -->", "<!-- z -->"), "new\n")
    assert page.read_text() == "before\n<!-- a -->\n\nnew\n\n<!-- z -->\nafter\n"
    with pytest.raises(ValueError, match="lacks the markers"):
        report.write_page(page, ("<!-- b -->", "<!-- c -->"), "new\n")
