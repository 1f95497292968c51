"""Reranking by an answer, in plain Python: a chunk is worth its share of the best similarity and of the best BM25."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """What is known of a chunk: its cosine with question and answer, its BM25 for them, and its text."""

    id: int
    similarity: float
    keyword: float
    text: str


def numbers(text: str) -> set[str]:
    """Numbers that stand as words of their own; a comma before three digits is a sign of thousands."""
    found = re.findall(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)", text)
    return {re.sub(r",(?=\d{3}(?!\d))", "", number) for number in found}


def rerank(
    passages: Sequence[Passage],
    answer: str,
    null: Passage | None = None,
    dense_weight: float = 0.6,
    keyword_weight: float = 0.4,
    number_factor: float = 0.4,
    keep_ratio: float = 0.7,
) -> list[tuple[int, float, int]]:
    """(id, score, numbers shared) of those that stay, best first."""
    shared = {p.id: len(numbers(p.text) & numbers(answer)) for p in passages}
    keyword = {p.id: p.keyword * (1 + number_factor * shared[p.id]) for p in passages}
    similarity = {p.id: max(0.0, p.similarity) for p in passages}
    null_similarity = max(0.0, null.similarity) if null else 0.0
    null_keyword = null.keyword if null else 0.0
    most_similar = max([*similarity.values(), null_similarity], default=0.0)
    most_keyword = max([*keyword.values(), null_keyword], default=0.0)

    def score(similar: float, words: float) -> float:
        return (dense_weight * similar / most_similar if most_similar else 0) + (
            keyword_weight * words / most_keyword if most_keyword else 0
        )

    order = sorted(passages, key=lambda p: -score(similarity[p.id], keyword[p.id]))
    kept: list[tuple[int, float, int]] = []
    for passage in order:
        worth = score(similarity[passage.id], keyword[passage.id])
        if worth == 0 or (not kept and worth < score(null_similarity, null_keyword) - 1e-9):
            break
        if kept and not worth > keep_ratio * kept[-1][1]:
            break
        kept.append((passage.id, worth, shared[passage.id]))
    return kept
