"""Does it find what people judged relevant? nDCG@10 and Recall@100 on five public test collections."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import ir_measures
import numpy as np
from ir_measures import R, nDCG
from rich.table import Table
from scipy import stats

from benchmarks.corpora import CollectionMissing, data_folder, judged
from benchmarks.database import fill
from benchmarks.embeddings import vectors_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label

MODES = ("keyword", "dense", "hybrid")
MEASURES = (nDCG @ 10, R @ 100)
DEPTH = 100
OPTIONS = {"group_by": "document"}  # judgments are of documents

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


def measure(bench: Bench, corpus: Corpus, progress: Label) -> Quality:
    """Index a judged collection as a user would, put every judged query to it in every mode, and score the rankings."""
    vectors, query_vectors = vectors_of(corpus, progress)
    asked = dict(zip(corpus.queries, query_vectors, strict=True))
    with bench.collection(f"bench_{corpus.name}", corpus, encoder=None, dimensions=vectors.shape[1]) as collection:
        fill(collection, corpus, vectors, progress(f"{corpus.name}: add"))

        def ranking(query_id: str, mode: str) -> list[str]:
            hits = collection.search(
                corpus.queries[query_id], k=DEPTH, mode=mode, embedding=asked[query_id], options=OPTIONS
            )
            return [hit.document_id for hit in hits]

        progress(f"{corpus.name}: search")(0, 1)
        rankings = {mode: {query_id: ranking(query_id, mode) for query_id in corpus.queries} for mode in MODES}
    return judge(corpus, rankings)


def judge(corpus: Corpus, rankings: dict[str, dict[str, list[str]]]) -> Quality:
    """Score rankings, ids of documents best first, by mode and query."""
    values = {mode: per_query(corpus, rankings[mode]) for mode in MODES}
    ndcg = {mode: float(values[mode][0].mean()) for mode in MODES}
    recall = {mode: float(values[mode][1].mean()) for mode in MODES}
    better_leg = max(("keyword", "dense"), key=ndcg.__getitem__)
    p_value = randomisation_test(values["hybrid"][0], values[better_leg][0])
    documents, queries = len(corpus.documents), len(corpus.queries)
    elsewhere = BM25_ELSEWHERE[corpus.name]
    return Quality(corpus.name, documents, queries, ndcg, recall, *elsewhere, better_leg, p_value)


def per_query(corpus: Corpus, rankings: dict[str, list[str]]) -> NDArray[np.float64]:
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


def randomisation_test(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
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
    """As JSON: a row a collection, and the mean over collections; empty if there was none."""
    if not measured:
        return {}
    mean = {
        name: {mode: float(np.mean([getattr(row, name)[mode] for row in measured])) for mode in MODES}
        for name in ("ndcg", "recall")
    }
    return {"collections": [asdict(row) for row in measured], "mean": mean}


def load(data: Path | None, on_missing: Callable[[str, Exception], None]) -> Iterator[Corpus]:
    """Load the collections that are there, one at a time."""
    for name in BM25_ELSEWHERE:
        try:
            yield judged(name, data_folder(data))
        except CollectionMissing as missing:
            on_missing(name, missing)


def signed(difference: float) -> str:
    """A difference to three places, without a minus in front of zero."""
    return f"{round(difference, 3) + 0.0:+.3f}"


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal: one table a measure."""
    ndcg = Table(title="Quality: nDCG@10", caption="p: hybrid against the better leg, paired randomisation test")
    recall = Table(title="Quality: Recall@100")
    for shown, measure_, last in ((ndcg, "ndcg", ["hybrid +-", "p"]), (recall, "recall", [])):
        shown.add_column("collection")
        for heading in ("queries", *MODES, "BM25 elsewhere", "keyword +-", *last):
            shown.add_column(heading, justify="right")
        for row in result["collections"]:
            values = row[measure_]
            cells = [row["collection"], str(row["queries"]), *(f"{values[mode]:.3f}" for mode in MODES)]
            elsewhere = row["bm25_" + measure_]
            cells += [f"{elsewhere:.3f}", signed(values["keyword"] - elsewhere)]
            if last:
                cells += [signed(values["hybrid"] - values[row["better_leg"]]), f"{row['p_value']:.3f}"]
            shown.add_row(*cells)
        shown.add_section()
        shown.add_row("mean", "", *(f"{result['mean'][measure_][mode]:.3f}" for mode in MODES))
    return [ndcg, recall]
