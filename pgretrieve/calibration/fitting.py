"""Fits the relevance model of one mode, and sees on held-out queries what it is worth."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pgretrieve import errors
from pgretrieve.calibration import adapter, figures, logistic
from pgretrieve.calibration.evidence import HIT_NUMBERS, QUERY_NUMBERS, Floats, Query, stacked

HITS = 20
"""Of each query, at most: those that a calibration looks at."""

FOLDS = 5
LEAST_QUERIES = 10
TRIMMED = 0.1
"""Of the foreign queries this share is left out after a first fit: those that look most as if they had an answer."""

_HIT_PENALTY = {"judgements": 1.0, "passages": 0.1}
_QUERY_PENALTY = 10.0
# Judged queries look like queries, and what tells them from foreign ones best is how near anything is. Passages do not:
# of those every number is taken.
_QUERY_USED = {
    ("judgements", "hybrid"): (1, 2),
    ("judgements", "dense"): (1, 2),
    ("judgements", "keyword"): (3, 4, 5),
}


@dataclass(frozen=True)
class Fitted:
    """A relevance model.

    Attributes:
        hit, query: weights of the numbers of hits and queries, as evidence.HIT_NUMBERS and QUERY_NUMBERS name them.
        family, rows: of a Cosine Adapter, which stands in the place of ``hit``; None without.
        figures: what was seen on held-out queries.
        thresholds: cuts by target, chosen on held-out queries.
        probabilities: of all hits of all queries, each by a model that had not seen the query; (hits,).
    """

    hit: Floats
    query: Floats
    family: str | None
    rows: Floats | None
    figures: dict[str, Any]
    thresholds: dict[str, list[list[float]]]
    probabilities: Floats


@dataclass(frozen=True)
class _Model:
    hit: Floats
    query: Floats
    family: str | None = None
    rows: Floats | None = None

    def probabilities(self, queries: Sequence[Query]) -> list[Floats]:
        answerable = logistic.probability(np.stack([q.numbers for q in queries]), self.query)
        if self.family is not None and self.rows is not None:
            of_hits = [
                1 / (1 + np.exp(-np.clip(z, -30, 30))) for z in adapter.log_odds(self.family, self.rows, queries)
            ]
        else:
            of_hits = [logistic.probability(q.hits, self.hit) for q in queries]
        return [share * p for share, p in zip(answerable, of_hits, strict=True)]


@dataclass(frozen=True, slots=True)
class How:
    """What is fitted.

    Attributes:
        mode: 'hybrid', 'dense' or 'keyword'.
        evidence: 'judgements' or 'passages', where the queries come from.
        family: of a Cosine Adapter; None: the logistic model of all numbers.
        relevant_hits: how many of the first 20 are taken to be relevant on average: of passages only the source is
            known, so the log-odds are shifted to that rate, which moves no hit past another. None: as labelled.
    """

    mode: str
    evidence: str
    family: str | None = None
    relevant_hits: float | None = None


def fit(how: How, queries: Sequence[Query], foreign: Sequence[Query], seed: int = 0) -> Fitted:
    """Fits on all queries; figures and thresholds come from five folds, each judged by a model fitted on the other
    four.

    Args:
        how: what is fitted.
        queries: with their hits, of which some are relevant and some are not.
        foreign: queries that the collection cannot answer, with what it finds for them.
        seed: of the folds.

    Raises:
        InvalidInput: too few queries, or hits of one class only.
    """
    queries = [q for q in queries if len(q.relevant)]
    foreign = [q for q in foreign if len(q.relevant)]
    _, labels, owner = stacked(queries)
    _require(len(queries), labels)
    folds = np.random.default_rng(seed).permutation(len(queries)) % FOLDS
    foreign_folds = np.random.default_rng(seed + 1).permutation(len(foreign)) % FOLDS
    parts: list[Floats] = [np.empty(0)] * len(queries)
    as_labelled: list[Floats] = [np.empty(0)] * len(queries)
    of_foreign: list[Floats] = [np.empty(0)] * len(foreign)
    for fold in range(FOLDS):
        seen = [q for q, f in zip(queries, folds, strict=True) if f != fold]
        others = [q for q, f in zip(foreign, foreign_folds, strict=True) if f != fold]
        unshifted = _fit(how, seen, others)
        model = _shifted(unshifted, seen, how.relevant_hits)
        for i, p in _of_fold(model, queries, folds, fold):
            parts[i] = p
        for i, p in _of_fold(unshifted, queries, folds, fold):
            as_labelled[i] = p
        for i, p in _of_fold(model, foreign, foreign_folds, fold):
            of_foreign[i] = p
    probabilities = np.concatenate(parts)
    cuts = figures.thresholds(labels, probabilities)
    model = _shifted(_fit(how, queries, foreign), queries, how.relevant_hits)
    seen_of_them = _figures(queries, labels, owner, probabilities, folds, of_foreign)
    # of the rate that was taken for granted nothing can be seen in the labels
    seen_of_them["calibration_error"] = figures.calibration_error(labels, np.concatenate(as_labelled))
    seen_of_them["reliability"] = figures.reliability(labels, np.concatenate(as_labelled))
    return Fitted(model.hit, model.query, how.family, model.rows, seen_of_them, cuts, probabilities)


def digest(queries: Sequence[Query]) -> str:
    """The same for the same labels: figures of different evidence are not compared."""
    _, labels, owner = stacked(queries)
    return hashlib.sha256(labels.astype("u1").tobytes() + owner.astype("<u4").tobytes()).hexdigest()[:16]


def _require(n_queries: int, labels: Floats) -> None:
    if n_queries < LEAST_QUERIES:
        raise errors.InvalidInput(
            f"there are {n_queries} queries with hits to fit on, and {LEAST_QUERIES} are needed", "Judge more queries"
        )
    if labels.all() or not labels.any():
        kind = "relevant" if labels.all() else "not relevant"
        raise errors.InvalidInput(
            f"all {len(labels)} hits of the {n_queries} queries are {kind}, and both kinds are needed",
            "Check the ids of the judged documents, and that some of what is found is judged otherwise",
        )


def _fit(how: How, queries: Sequence[Query], foreign: Sequence[Query]) -> _Model:
    numbers, labels, _ = stacked(queries)
    if not labels.any() or labels.all():  # of a fold: nothing to tell apart
        hit = np.zeros(len(HIT_NUMBERS))
        hit[0] = 2.0 if labels.any() else -2.0
    else:
        hit = logistic.fit(numbers, labels, inverse_penalty=_HIT_PENALTY[how.evidence])
    rows = adapter.fit(how.family, queries) if how.family else None
    return _Model(hit, _gate(how, queries, foreign), how.family, rows)


def _gate(how: How, queries: Sequence[Query], foreign: Sequence[Query]) -> Floats:
    """Weights of whether a query can be answered here; foreign ones that look as if they could are left out."""
    if not foreign:
        weights = np.zeros(len(QUERY_NUMBERS))
        weights[0] = 30.0  # nothing is known against any
        return weights
    used = _QUERY_USED.get((how.evidence, how.mode), ())
    own = np.stack([q.numbers for q in queries])
    other = np.stack([q.numbers for q in foreign])

    def fitted(against: Floats) -> Floats:
        labels = np.repeat([1.0, 0.0], [len(own), len(against)])
        return logistic.fit(np.vstack([own, against]), labels, inverse_penalty=_QUERY_PENALTY, used=used, balanced=True)

    looks = logistic.probability(other, fitted(other))
    return fitted(other[looks <= np.quantile(looks, 1 - TRIMMED)])


def _shifted(model: _Model, queries: Sequence[Query], relevant_hits: float | None) -> _Model:
    """With another constant, so that the mean probability of hits, where there is an answer, is that many of 20."""
    if relevant_hits is None:
        return model
    if model.family is not None and model.rows is not None:
        log_odds = np.concatenate(adapter.log_odds(model.family, model.rows, queries))
    else:
        log_odds = np.concatenate([q.hits @ model.hit for q in queries])
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        if np.mean(1 / (1 + np.exp(-np.clip(log_odds + middle, -30, 30)))) < relevant_hits / HITS:
            low = middle
        else:
            high = middle
    hit, rows = model.hit.copy(), None if model.rows is None else model.rows.copy()
    hit[0] += low
    if rows is not None:
        rows[1, -1] += low
    return _Model(hit, model.query, model.family, rows)


def _of_fold(model: _Model, queries: Sequence[Query], folds: Any, fold: int) -> list[tuple[int, Floats]]:
    """Places of the queries of a fold, and what the model makes of them."""
    places = np.flatnonzero(folds == fold)
    if not len(places):
        return []
    return list(zip(places, model.probabilities([queries[int(i)] for i in places]), strict=True))


def _figures(
    queries: Sequence[Query], labels: Floats, owner: Any, probabilities: Floats, folds: Any, of_foreign: list[Floats]
) -> dict[str, Any]:
    """Of each fold the cut at 95% of the recall is chosen on the other folds, as a user would choose it."""
    raw = np.concatenate([q.raw for q in queries])
    z, gap = figures.list_z(queries), figures.gap_to_top(queries)
    kept = np.zeros(len(labels), dtype=bool)
    fold_of_hit = folds[owner]
    cuts: list[float] = []
    for fold in range(FOLDS):
        mine = fold_of_hit == fold
        if labels[~mine].any():
            cuts.append(figures.cut_for_recall(labels[~mine], probabilities[~mine], 0.95))
            kept[mine] = probabilities[mine] >= cuts[-1]
    empty = [not (p >= np.median(cuts)).any() for p in of_foreign]
    return {
        "measure": "average precision",
        "value": figures.average_precision(labels, probabilities),
        "baseline": figures.average_precision(labels, raw),
        "list_z": figures.average_precision(labels, z),
        "gap_to_top": figures.average_precision(labels, gap),
        "foreign_empty": float(np.mean(empty)) if empty else None,
        "queries": len(queries),
        "hits": len(labels),
        "relevant": int(labels.sum()),
        **figures.at_cut(labels, kept),
    }
