"""Does it find what people judged relevant? nDCG@10 and Recall@100 on five public test collections."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import ir_measures
import numpy as np
from ir_measures import R, nDCG
from rich.table import Table
from scipy import stats

from benchmarks.corpora import CollectionMissing, judged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus

MODES = ("keyword", "dense", "hybrid")
MEASURES = (nDCG @ 10, R @ 100)
DEPTH = 100

# (nDCG@10, Recall@100) of an independent BM25 (Lucene's variant, k1 1.2, b 0.75, English stemmer and stop words),
# from the notes that come with the test collections. A right BM25 lands close to them.
BM25_ELSEWHERE = {
    "cranfield": (0.3594, 0.7322),
    "medline": (0.6947, 0.7909),
    "scifact": (0.6915, 0.9285),
    "hotpotqa_sample": (0.7835, 0.9620),
    "vaswani": (0.4342, 0.6039),
}


@dataclass(frozen=True)
class Quality:
    """Means over the judged queries of one collection; a query without results counts zero."""

    collection: str
    documents: int
    queries: int
    ndcg: dict[str, float]  # by mode
    recall: dict[str, float]
    bm25_ndcg: float
    bm25_recall: float
    better_leg: str
    p_value: float  # hybrid against the better leg, nDCG@10, paired randomisation test, two-sided


def measure(corpus: Corpus, search: Callable[[str, str], list[str]]) -> Quality:
    """Score the rankings that `search(query_id, mode)` gives for every judged query: ids of documents, best first."""
    values = {mode: _per_query(corpus, {q: search(q, mode) for q in corpus.queries}) for mode in MODES}
    ndcg = {mode: float(values[mode][0].mean()) for mode in MODES}
    recall = {mode: float(values[mode][1].mean()) for mode in MODES}
    better_leg = max(("keyword", "dense"), key=ndcg.__getitem__)
    elsewhere = BM25_ELSEWHERE[corpus.name]
    return Quality(
        corpus.name, len(corpus.documents), len(corpus.queries), ndcg, recall, *elsewhere, better_leg,
        _randomisation_test(values["hybrid"][0], values[better_leg][0]),
    )  # fmt: skip


def _per_query(corpus: Corpus, rankings: dict[str, list[str]]) -> NDArray[np.float64]:
    """Values of `MEASURES`, (measures, queries), in the order of the corpus' queries."""
    run = {
        query: {document: float(DEPTH - place) for place, document in enumerate(ranking[:DEPTH])}
        for query, ranking in rankings.items()
    }
    position = {query: i for i, query in enumerate(corpus.queries)}
    values = np.zeros((len(MEASURES), len(position)))
    for found in ir_measures.iter_calc(MEASURES, corpus.qrels, run):
        values[MEASURES.index(found.measure), position[found.query_id]] = found.value
    return values


def _randomisation_test(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How often chance alone, swapping the two sides query by query, makes a difference of means this large."""
    if np.array_equal(one, other):
        return 1.0
    result = stats.permutation_test(
        (one, other),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=9_999,
        rng=np.random.default_rng(0),
    )
    return float(result.pvalue)


def results(measured: list[Quality]) -> dict[str, Any]:
    """As JSON: a row a collection, and the mean over collections."""
    mean = {
        name: {mode: float(np.mean([getattr(row, name)[mode] for row in measured])) for mode in MODES}
        for name in ("ndcg", "recall")
    }
    return {"collections": [asdict(row) for row in measured], "mean": mean}


def load(names: list[str], data: Path, size: int | None, warn: Callable[[str], None]) -> list[Corpus]:
    """Load the collections that are there; of those with more than `size` documents nothing can be judged: left out."""
    found = []
    for name in names:
        try:
            corpus = judged(name, data)
        except CollectionMissing as missing:
            warn(f"skipped {name}: {missing}")
            continue
        if size is None or len(corpus.documents) <= size:
            found.append(corpus)
        else:
            warn(f"skipped {name}: more than {size} documents")
    return found


def table(result: dict[str, Any]) -> Table:
    """The figures for a terminal."""
    shown = Table(
        title="Quality: nDCG@10 / Recall@100",
        caption="BM25 +-: keyword minus an independent BM25. p: hybrid against the better leg, nDCG@10, paired randomisation test.",
    )
    for heading in ("collection", "queries", "keyword", "dense", "hybrid", "BM25 +-", "better leg", "hybrid +-", "p"):
        shown.add_column(heading, justify="left" if heading in {"collection", "better leg"} else "right")
    for row in result["collections"]:
        ndcg, recall = row["ndcg"], row["recall"]
        shown.add_row(
            row["collection"], str(row["queries"]), *(f"{ndcg[m]:.3f} / {recall[m]:.3f}" for m in MODES),
            f"{ndcg['keyword'] - row['bm25_ndcg']:+.3f} / {recall['keyword'] - row['bm25_recall']:+.3f}",
            row["better_leg"], f"{ndcg['hybrid'] - ndcg[row['better_leg']]:+.3f}", f"{row['p_value']:.3f}",
        )  # fmt: skip
    mean = result["mean"]
    shown.add_section()
    shown.add_row("mean", "", *(f"{mean['ndcg'][m]:.3f} / {mean['recall'][m]:.3f}" for m in MODES))
    return shown
