"""What do fitted weights of the legs bring? nDCG@10 on the nine collections of the benchmark of fusion.

With labels: each query searched with what the other four fifths chose, as ``pgretrieve fit`` does it. Beside it the
best convex combination, its weight chosen by the same folds: min-max normalised scores, as Bruch, Gai and Ingber have
it ("An Analysis of Fusion Functions for Hybrid Retrieval", 2023).
Without labels: a logistic model of what tells the source of a passage from all other candidates, which weighs both legs
in log-odds. The product leaves it out, for what it brings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from rich.table import Table

from benchmarks import fusion
from benchmarks.database import fill
from benchmarks.embeddings import vectors_of
from benchmarks.quality import DEPTH, OPTIONS, per_query, randomisation_test, signed
from benchmarks.relevance import Cached
from pgretrieve import calibrating, evaluation, statements
from pgretrieve.calibration import logistic
from pgretrieve.evaluation import choosing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from pgretrieve.encoders import Encoder
    from pgretrieve.flow import Flow
    from pgretrieve.types import CollectionInfo

load = fusion.load
ALL = 100_000
"""More than a search has candidates."""
LEAST, MOST = 0.1, 8.0
SHARES = np.linspace(0, 1, 11)
"""Of the keyword leg in a convex combination."""
WAYS = ("keyword", "dense", "blend", "passages", "judgements", "convex")


def measure(bench: Bench, corpus: Corpus, progress: Label) -> dict[str, Any]:
    """nDCG@10 of each way, and the weights that were found, as JSON."""
    vectors, query_vectors = vectors_of(corpus, progress)
    asked = dict(zip(corpus.queries, query_vectors, strict=True))
    with bench.collection(f"bench_{corpus.name}", corpus, encoder=None, dimensions=vectors.shape[1]) as collection:
        fill(collection, corpus, vectors, progress(f"{corpus.name}: add"))

        def values(mode: str, label: str, options: dict[str, Any]) -> Any:
            report, rankings = progress(f"{corpus.name}: {label}"), {}
            for done, (query_id, text) in enumerate(corpus.queries.items(), 1):
                hits = collection.search(
                    text, k=10, mode=mode, embedding=asked[query_id], options=OPTIONS | {"depth": DEPTH} | options
                )
                rankings[query_id] = [hit.document_id for hit in hits]
                report(done, len(corpus.queries))
            return per_query(corpus, rankings)[0]

        report = progress(f"{corpus.name}: passages")
        weight = _weight(bench.db._run(_candidates(collection.info, report)))
        found = {
            "keyword": values("keyword", "keyword", {}),
            "dense": values("dense", "dense", {}),
            "blend": values("hybrid", "blend", {}),
            "passages": values("hybrid", "passages", {"weights": {"keyword": weight}}),
        }
        convex = [
            values(
                "hybrid", f"convex {share:.1f}", {"fusion": "minmax", "weights": {"dense": 1 - share, "keyword": share}}
            )
            for share in SHARES
        ]
        judged = evaluation.QuerySet(
            corpus.queries, corpus.qrels, {query: vector.tolist() for query, vector in asked.items()}
        )
        [fitted] = evaluation.fit(
            collection, judged, settings=["fusion"], activate=False, limit=10_000,
            on_progress=progress(f"{corpus.name}: judgements"),
        )  # fmt: skip
    return {
        "collection": corpus.name,
        "queries": len(corpus.queries),
        "ndcg": {way: float(of.mean()) for way, of in found.items()}
        | {"judgements": fitted.figures["value"], "convex": _held_out(convex)},
        "weights": {"passages": weight, "judgements": fitted.chosen["keyword"]},
        "p_against_blend": {
            "passages": randomisation_test(found["passages"], found["blend"]), "judgements": fitted.figures["p"],
        },
    }  # fmt: skip


def _candidates(info: CollectionInfo, report: Any) -> Flow[NDArray[np.float64]]:
    """All candidates of all passages: what meaning and words add to their scores, and whether they are the source."""
    passages, sources = yield from calibrating._own_passages(info, cast("Encoder", Cached()))
    found = []
    for done, (one, source) in enumerate(zip(passages, sources, strict=True), 1):
        rows = yield statements.evidence(info.name, "hybrid", one, ALL)
        found += [(*row[6:8], row[1] in source) for row in rows]
        report(done, len(passages))
    return np.array(found, dtype=float)


def _weight(candidates: NDArray[np.float64]) -> float:
    """What words weigh where meaning weighs 1."""
    numbers = np.column_stack([np.ones(len(candidates)), candidates[:, :2]])
    _, dense, keyword = logistic.fit(numbers, candidates[:, 2], inverse_penalty=0.1)
    return float(np.clip(keyword / dense, LEAST, MOST)) if dense > 0 else MOST


def _held_out(values: list[Any]) -> float:
    """Each fifth with the share that is best on the other four."""
    of_share = np.array(values)
    folds = choosing.folds(of_share.shape[1])
    found = np.empty(len(folds))
    for fold in range(choosing.FOLDS):
        best = int(of_share[:, folds != fold].mean(axis=1).argmax())
        found[folds == fold] = of_share[best, folds == fold]
    return float(found.mean())


def results(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows, the mean of each way, and its worst difference to the better leg; empty if there was none."""
    if not measured:
        return {}
    return {
        "collections": measured,
        "mean": {way: float(np.mean([row["ndcg"][way] for row in measured])) for way in WAYS},
        "worst": {
            way: min(row["ndcg"][way] - max(row["ndcg"]["keyword"], row["ndcg"]["dense"]) for row in measured)
            for way in WAYS
        },
        "p": {
            way: randomisation_test(*(np.array([row["ndcg"][one] for row in measured]) for one in (way, against)))
            for way, against in (("passages", "blend"), ("judgements", "convex"))
        },
    }


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    shown = Table(title="Fitted weights of the legs: nDCG@10")
    for place, name in enumerate(["", "queries", *WAYS, "weight of words: passages", "judgements"]):
        shown.add_column(name, justify="left" if place == 0 else "right")
    for row in result["collections"]:
        shown.add_row(
            row["collection"], str(row["queries"]), *(f"{row['ndcg'][way]:.3f}" for way in WAYS),
            *(f"{row['weights'][way]:.2f}" for way in ("passages", "judgements")),
        )  # fmt: skip
    shown.add_row("mean", "", *(f"{result['mean'][way]:.4f}" for way in WAYS), "", "")
    shown.add_row("worst, to the better leg", "", *(signed(result["worst"][way]) for way in WAYS), "", "")
    tests = Table(title="Over the collections, randomisation test")
    tests.add_column("")
    tests.add_column("difference", justify="right")
    tests.add_column("p", justify="right")
    for way, against in (("passages", "blend"), ("judgements", "convex")):
        difference = result["mean"][way] - result["mean"][against]
        tests.add_row(f"{way} - {against}", f"{difference:+.4f}", f"{result['p'][way]:.3f}")
    return [shown, tests]
