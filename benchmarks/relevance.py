"""Is a hit relevant, and can a query be answered at all? Calibrated probabilities on four judged collections.

Fitted on what people may have: judgements, in five folds, or a dozen of them; passages of the collection, which need
none and are judged by them; and passages beside one half of the queries, unjudged, for the other half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from rich.table import Table

from benchmarks.corpora import CollectionMissing, data_folder, judged
from benchmarks.database import fill
from benchmarks.embeddings import embed, vectors_of
from benchmarks.terminal import terminal_table
from benchmarks.timing import Contender, backend_clock, interleaved
from pgretrieve import calibrating, statements
from pgretrieve.calibration import adapter, figures, fitting, passages
from pgretrieve.calibration.evidence import stacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    import pgretrieve
    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from pgretrieve.calibration.evidence import Query
    from pgretrieve.encoders import Encoder
    from pgretrieve.flow import Flow

COLLECTIONS = ("chorus_products", "scifact", "cranfield", "cosqa")
FOREIGN = (*COLLECTIONS, "hotpotqa_sample")
FOREIGN_EACH = 60
RECALL = 0.95
TIMED_QUERIES = 40
TIMED_DOCUMENTS = 7_000
"""Larger collections are not indexed a second time for the sake of timing."""
MODES = ("keyword", "dense", "hybrid")
FEW = 12
"""Judged queries where somebody has judged but a handful."""
DRAWS = 6
"""Of such a handful; and of the folds, for the calibration error, which on a few dozen queries hangs on them."""
BARS = {"calibration_error": 0.05, "precision_gain": 4 / 3, "foreign_empty": 0.80, "time": 1.15}
SHOWN = (
    "value", "baseline", "list_z", "gap_to_top", "calibration_error", "recall_kept", "precision_uncut", "precision",
    "precision_gain", "foreign_empty",
)  # fmt: skip


class Cached:
    """The encoder of the benchmarks as the product asks for one; what was encoded before comes from the cache."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts, (texts, dimensions); documents are encoded alike."""
        return embed(texts).astype(np.float32)

    encode_documents = encode_queries


def load(data: Path | None, on_missing: Callable[[str, Exception], None]) -> Iterator[tuple[Corpus, list[str]]]:
    """Load the collections that are there, each with the queries of others that it is judged by."""
    rng = np.random.default_rng(0)
    found: dict[str, Corpus] = {}
    asked: dict[str, list[str]] = {}
    for name in FOREIGN:
        try:
            corpus = judged(name, data_folder(data))
        except CollectionMissing as missing:
            on_missing(name, missing)
            continue
        texts = list(corpus.queries.values())
        asked[name] = [texts[i] for i in rng.permutation(len(texts))[:FOREIGN_EACH]]
        if name in COLLECTIONS:
            found[name] = corpus
    for name, corpus in found.items():
        yield corpus, [text for other, texts in asked.items() if other != name for text in texts]


def measure(bench: Bench, corpus: Corpus, others: list[str], progress: Label) -> dict[str, Any]:
    """Index a collection, fit on judgements and on passages, and judge both by judgements and by foreign queries."""
    vectors, query_vectors = vectors_of(corpus, progress)
    settings: dict[str, Any] = {"encoder": None, "dimensions": vectors.shape[1]}
    with bench.collection(f"bench_{corpus.name}", corpus, **settings) as collection:
        fill(collection, corpus, vectors, progress(f"{corpus.name}: add"))
        info, encoder = collection.info, Cached()
        asked = _asked(info, corpus.queries.values(), query_vectors)
        labels = [{d for d, grade in corpus.qrels[q].items() if grade > 0} for q in corpus.queries]
        cuts, sources = bench.db._run(calibrating._own_passages(info, cast("Encoder", encoder)))
        texts = passages.foreign_queries()
        fitted_foreign = _asked(info, texts, encoder.encode_queries(texts))
        judging_foreign = _asked(info, others, encoder.encode_queries(others))

        def evidence(queries: Sequence[Any], relevant: Sequence[Any], mode: str) -> list[Query]:
            progress(f"{corpus.name}: evidence, {mode}")
            found = bench.db._run(_evidence(info.name, queries, relevant, mode))
            return [q for q in found if len(q.relevant)]

        def nothing(queries: Sequence[Any]) -> list[set[str]]:
            return [set() for _ in queries]

        result: dict[str, Any] = {"collection": corpus.name, "queries": len(asked)}
        for mode in ("hybrid", "dense", "keyword"):
            own = evidence(asked, labels, mode)
            taken = evidence(cuts, sources, mode)
            foreign = evidence(fitted_foreign, nothing(fitted_foreign), mode)
            judging = evidence(judging_foreign, nothing(judging_foreign), mode)
            unanswered = len(judging_foreign) - len(judging)
            families = (None, *adapter.FAMILIES) if mode == "dense" else (None,)
            for family in families:
                how = fitting.How(mode, "judgements", family)
                result["/".join(filter(None, [mode, "judgements", family]))] = _by_folds(
                    fitting.fit(how, own, foreign), own, judging, unanswered
                )
            if mode == "hybrid":
                how = fitting.How(mode, "judgements")
                result["calibration_errors"] = [
                    fitting.fit(how, own, foreign, seed=seed).figures["calibration_error"] for seed in range(DRAWS)
                ]
                result[f"{mode}/{FEW} judged"] = _few(how, foreign, own, judging, unanswered)
            for way in ("passages", "queries"):
                how = fitting.How(mode, way, relevant_hits=calibrating.RELEVANT_HITS)
                result[f"{mode}/{way}"] = _by_labels(how, taken, foreign, own, judging, unanswered)
        if len(corpus.documents) <= TIMED_DOCUMENTS:
            result["time"] = _time(
                bench, collection, corpus, settings, evidence, (asked, labels, fitted_foreign), progress
            )
    return result


def _asked(info: Any, texts: Any, vectors: Any) -> list[Any]:
    return [(t, calibrating._as_query(info, v), None, None, None) for t, v in zip(texts, vectors, strict=True)]


def _evidence(name: str, asked: Sequence[Any], labels: Sequence[Any], mode: str) -> Flow[list[Query]]:
    queries = []
    for one, label in zip(asked, labels, strict=True):
        rows = yield statements.evidence(name, mode, one, fitting.HITS)
        queries.append(calibrating._query(rows, label, one[1], mode))
    return queries


def _model(fitted: fitting.Fitted) -> fitting._Model:
    return fitting._Model(fitted.hit, fitted.query, fitted.family, fitted.rows)


def _least(fitted: fitting.Fitted) -> float:
    return next(least for target, least in fitted.thresholds["recall"] if target == RECALL)


def _empty(fitted: fitting.Fitted, foreign: Sequence[Query], unanswered: int) -> float:
    """Share of foreign queries of which no hit passes the cut that is stored with the model."""
    least = _least(fitted)
    empty = [not (p >= least).any() for p in _model(fitted).probabilities(foreign)]
    return float((sum(empty) + unanswered) / (len(empty) + unanswered))


def _by_folds(
    fitted: fitting.Fitted, own: Sequence[Query], foreign: Sequence[Query], unanswered: int
) -> dict[str, Any]:
    row = dict(fitted.figures)
    row["foreign_empty"] = _empty(fitted, foreign, unanswered)
    row["precision_gain"] = row["precision"] / row["precision_uncut"]
    row["curve"] = _curve(stacked(own)[1], fitted.probabilities)
    return row


def _by_labels(
    how: fitting.How,
    taken: Sequence[Query],
    fitted_foreign: Sequence[Query],
    own: Sequence[Query],
    foreign: Sequence[Query],
    unanswered: int,
) -> dict[str, Any]:
    """What models that saw no judgement are worth by them: half of the queries by a model shown the other half."""
    half = np.random.default_rng(0).permutation(len(own)) % 2
    parts: list[Any] = [None] * len(own)
    kept: list[Any] = [None] * len(own)
    empty = []
    for side in (0, 1):
        asked = [q for q, h in zip(own, half, strict=True) if h != side] if how.evidence == "queries" else ()
        fitted = fitting.fit(how, taken, fitted_foreign, asked)
        for place in np.flatnonzero(half == side):
            [parts[place]] = _model(fitted).probabilities([own[place]])
            kept[place] = parts[place] >= _least(fitted)
        empty.append(_empty(fitted, foreign, unanswered))
    return _row(own, parts, kept, float(np.mean(empty)))


def _few(
    how: fitting.How, fitted_foreign: Sequence[Query], own: Sequence[Query], foreign: Sequence[Query], unanswered: int
) -> dict[str, float]:
    """What a handful of judged queries is worth by the others; means over several handfuls."""
    rows = []
    for draw in range(DRAWS):
        order = np.random.default_rng(draw).permutation(len(own))
        fitted = fitting.fit(how, [own[i] for i in order[:FEW]], fitted_foreign)
        others = [own[i] for i in order[FEW:]]
        parts = _model(fitted).probabilities(others)
        kept = [p >= _least(fitted) for p in parts]
        rows.append(_row(others, parts, kept, _empty(fitted, foreign, unanswered)))
    return {figure: float(np.mean([row[figure] for row in rows])) for figure in SHOWN}


def _row(own: Sequence[Query], parts: Sequence[Any], kept: Sequence[Any], foreign_empty: float) -> dict[str, Any]:
    """Figures of probabilities by judgements that they have not seen."""
    _, labels, _ = stacked(own)
    p = np.concatenate(parts)
    row: dict[str, Any] = {
        "value": figures.average_precision(labels, p),
        "baseline": figures.average_precision(labels, np.concatenate([q.raw for q in own])),
        "list_z": figures.average_precision(labels, figures.list_z(own)),
        "gap_to_top": figures.average_precision(labels, figures.gap_to_top(own)),
        "calibration_error": figures.calibration_error(labels, p),
        "reliability": figures.reliability(labels, p),
        "foreign_empty": foreign_empty,
        "curve": _curve(labels, p),
        **figures.at_cut(labels, np.concatenate(kept)),
    }
    return row | {"precision_gain": row["precision"] / row["precision_uncut"]}


def _curve(labels: Any, p: Any) -> list[tuple[float, float]]:
    """Recall and precision at a hundred cuts."""
    order = np.argsort(-p, kind="stable")
    found = np.cumsum(labels[order])
    places = np.unique(np.linspace(0, len(order) - 1, 100).astype(int))
    return [(float(found[i] / found[-1]), float(found[i] / (i + 1))) for i in places]


def _time(
    bench: Bench, plain: pgretrieve.Collection, corpus: Corpus, settings: dict[str, Any], evidence: Any, known: Any,
    progress: Label,
) -> dict[str, list[float]]:  # fmt: skip
    """Median time of a search of a calibrated twin over the same search of the collection without, by mode."""
    vectors, query_vectors = vectors_of(corpus, progress)
    asked, labels, foreign = known
    wish = calibrating.Wish("bench", MODES, None, calibrating.RELEVANT_HITS, activate=True)
    clock = backend_clock(bench.connection)
    ratios = {}
    with bench.collection(f"bench_{corpus.name}_calibrated", corpus, **settings) as twin:
        fill(twin, corpus, vectors, progress(f"{corpus.name}: add again"))
        for mode in MODES:
            own, other = evidence(asked, labels, mode), evidence(foreign, [set() for _ in foreign], mode)
            bench.db._run(calibrating._fit(twin.info, wish, mode, own, other, []))
        queries = list(zip(corpus.queries.values(), query_vectors, strict=True))[:TIMED_QUERIES]
        for mode in MODES:
            ways = [
                Contender(name, _search(collection, mode), clock)
                for name, collection in (("plain", plain), ("calibrated", twin))
            ]
            ratio = interleaved(ways, queries).ratio("calibrated", "plain")
            ratios[mode] = [ratio.value, ratio.low, ratio.high]
        if any(hit.relevance is None for hit in twin.search(queries[0][0], embedding=queries[0][1])):
            raise RuntimeError("the calibrated collection gives no relevance: the times are of the same search twice")
    return ratios


def _search(collection: pgretrieve.Collection, mode: str) -> Callable[[tuple[str, Any]], object]:
    return lambda asked: collection.search(asked[0], embedding=asked[1], mode=mode)


def results(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows, and the mean of each figure with a 95% bootstrap interval over collections; empty if there was none."""
    if not measured:
        return {}
    ways = [way for way in measured[0] if "/" in way]
    picks = np.random.default_rng(0).integers(0, len(measured), (2000, len(measured)))
    mean: dict[str, dict[str, list[float]]] = {}
    for way in ways:
        mean[way] = {}
        for figure in SHOWN:
            values = np.array([row[way][figure] for row in measured])
            low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
            mean[way][figure] = [float(values.mean()), float(low), float(high)]
    return {"collections": measured, "mean": mean}


def rows(result: dict[str, Any], way: str) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of one way of fitting, the same for a terminal and for the page."""
    heading = [
        way, "average precision", "raw score", "list z", "gap to top", "calibration error", "recall kept",
        "precision before", "after", "gain", "foreign empty",
    ]  # fmt: skip
    cells = [[r["collection"], *(f"{r[way][figure]:.3f}" for figure in SHOWN)] for r in result["collections"]]
    mean = result["mean"][way]
    cells.append(["mean", *(f"{mean[figure][0]:.3f}" for figure in SHOWN)])
    cells.append(["95% interval", *(f"{mean[figure][1]:.3f}-{mean[figure][2]:.3f}" for figure in SHOWN)])
    return heading, cells


def draws(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of the calibration error in several draws of the folds."""
    cells = [
        [row["collection"], *(f"{of(row['calibration_errors']):.3f}" for of in (min, np.mean, max))]
        for row in result["collections"]
    ]
    return [f"calibration error, hybrid/judgements, {DRAWS} draws of the folds", "least", "mean", "most"], cells


def times(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of the ratios of time."""
    timed = [row for row in result["collections"] if "time" in row]
    cells = [
        [row["collection"], *(f"{v:.2f} [{low:.2f}, {high:.2f}]" for v, low, high in (row["time"][m] for m in MODES))]
        for row in timed
    ]
    return ["time, calibrated to not", *MODES], cells


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    parts = [*(rows(result, way) for way in result["mean"]), draws(result), times(result)]
    return [terminal_table(f"Relevance: {heading[0]}", heading, cells) for heading, cells in parts]


def draw(path: Path, result: dict[str, Any]) -> None:
    """A reliability diagram above a curve of precision over recall, for each collection."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    measured = result["collections"]
    figure: Figure
    figure, axes = plt.subplots(2, len(measured), figsize=(3.3 * len(measured), 6.4), squeeze=False)
    for column, row in enumerate(measured):
        for way, colour in (
            ("hybrid/judgements", "#55A868"), ("hybrid/queries", "#4C72B0"), ("hybrid/passages", "#DD8452"),
        ):  # fmt: skip
            means, shares, _ = zip(*row[way]["reliability"], strict=True)
            axes[0][column].plot(means, shares, "o-", color=colour, label=way.partition("/")[2], markersize=4)
            recall, precision = zip(*row[way]["curve"], strict=True)
            axes[1][column].plot(recall, precision, color=colour)
        axes[0][column].plot([0, 1], [0, 1], color="#BBBBBB", linewidth=0.8)
        axes[0][column].set_title(row["collection"], loc="left", fontsize=11, fontweight="bold")
        for line, (x, y) in enumerate((("probability", "share relevant"), ("recall of the first 20", "precision"))):
            axes[line][column].set(xlabel=x, ylabel=y if column == 0 else "", xlim=(0, 1), ylim=(0, 1.02))
    axes[0][0].legend(frameon=False)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)
