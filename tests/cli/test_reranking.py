"""search --rerank on the command line."""

import json

import pytest

import pgretrieve
from pgretrieve import operations
from tests.cli.conftest import Invoke


def longest(_query: str, texts: list[str]) -> list[float]:
    return [len(text) for text in texts]


@pytest.fixture
def by_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of a model: what is loaded from any folder."""
    monkeypatch.setattr(operations, "load_reranker", lambda _folder: longest)


def test_the_movement_of_hits_is_shown(invoke: Invoke, docs: pgretrieve.Collection, by_length: None) -> None:
    shown = invoke("search", "docs", "certificates", "water", "--rerank", "folder", "--mode", "keyword")
    heading, *rows = [line.split() for line in shown.stdout.splitlines() if line[:1] != " "]
    assert heading[:4] == ["rank", "score", "before", "rerank"]
    hits = docs.search("certificates water", mode="keyword", rerank=longest)
    rows = [line.split()[:4] for line in shown.stdout.splitlines() if line.split()[:1] in (["1"], ["2"], ["3"])]
    assert [(row[0], row[2], float(row[3])) for row in rows] == [
        (str(hit.rank), str(hit.rank_before), hit.rerank_score) for hit in hits
    ]
    as_json = invoke(
        "search", "docs", "certificates", "--rerank", "folder", "--rerank-depth", "1", "--json", "--mode", "keyword"
    )
    found = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert [hit["rank_before"] for hit in found] == [1, 2]
    assert found[1]["rerank_score"] is None


def test_a_reranker_that_fails_is_said(
    invoke: Invoke, docs: pgretrieve.Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_query: str, _texts: list[str]) -> list[float]:
        raise RuntimeError("out of order")

    monkeypatch.setattr(operations, "load_reranker", lambda _folder: failing)
    shown = invoke("search", "docs", "certificates", "--rerank", "folder", "--mode", "keyword")
    assert shown.exit_code == 0
    assert "the reranker failed: RuntimeError: out of order" in shown.stderr


def test_bad_arguments(invoke: Invoke, docs: pgretrieve.Collection, by_length: None) -> None:
    assert invoke("search", "docs", "tea", "--rerank", "folder", "--rerank-depth", "0").exit_code == 2
    for given in (["--rerank-depth", "5"], ["--rerank", "folder", "--rerank-budget-ms", "0"]):
        assert isinstance(invoke("search", "docs", "tea", *given).exception, pgretrieve.InvalidInput)
