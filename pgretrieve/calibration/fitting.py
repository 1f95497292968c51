"""Fits the relevance model of one mode, and sees on held-out queries what it is worth."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pgretrieve import errors
from pgretrieve.calibration import adapter, figures, logistic
from pgretrieve.calibration.evidence import HIT_NUMBERS, QUERY_NUMBERS, Floats, Query, stacked

HITS = 20
"""Of each query, at most: those that a calibration looks at."""

FOLDS = 5
LEAST_QUERIES = 10
TRIMMED = 0.1
"""Of the foreign queries this share is left out after a first fit: those that look most as if they had an answer."""

_PASSAGES_PENALTY = 0.1
_QUERY_PENALTY = 10.0
# What tells real queries from foreign ones best is how near anything is. Passages do not look like queries: of those
# every number is taken.
_QUERY_USED = {"hybrid": (1, 2), "dense": (1, 2), "keyword": (3, 4, 5)}
_ALWAYS = np.zeros(len(QUERY_NUMBERS))
_ALWAYS[0] = 30.0  # nothing is known against any query
_MORE = {
    "judgements": "Judge more queries",
    "passages": "Add documents, or judge queries",
    "queries": "Add more queries, see pgretrieve.add_queries, or leave the set out: none are needed",
}


@dataclass(frozen=True)
class Fitted:
    """A relevance model.

    Attributes:
        hit, query: weights of the numbers of hits and queries, as evidence.HIT_NUMBERS and QUERY_NUMBERS name them.
        family, rows: of a Cosine Adapter, which stands in the place of ``hit``; None without.
        figures: what was seen on held-out queries.
        thresholds: cuts by target, chosen on held-out queries.
        probabilities: of all hits of all queries (of the unjudged, if there are), each by a model that had not seen the
            query; (hits,).
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
        evidence: where the queries come from: 'judgements', 'passages', or 'queries': passages again, and besides them
            what people ask, unjudged. Those say what queries look like, and passages what a hit looks like.
        family: of a Cosine Adapter; None: the logistic model of all numbers.
        relevant_hits: how many of the first 20 are taken to be relevant on average: of passages only the source is
            known, so the log-odds are shifted to that rate, which moves no hit past another. None: as labelled.
    """

    mode: str
    evidence: str
    family: str | None = None
    relevant_hits: float | None = None


def fit(
    how: How, queries: Sequence[Query], foreign: Sequence[Query], unjudged: Sequence[Query] = (), seed: int = 0
) -> Fitted:
    """Fits on all queries; figures and thresholds come from five folds, each judged by a model fitted on the other
    four.

    Args:
        how: what is fitted.
        queries: judged queries or passages, with their hits, of which some are relevant and some are not.
        foreign: queries that the collection cannot answer, with what it finds for them.
        unjudged: with evidence 'queries', what people ask; nothing is known of what is relevant to them.
        seed: of the folds.

    Raises:
        InvalidInput: too few queries, or hits of one class only.
    """
    queries, foreign, unjudged = ([q for q in of if len(q.relevant)] for of in (queries, foreign, unjudged))
    _, labels, _ = stacked(queries)
    _require(how, len(queries), len(unjudged), labels)
    of_queries, of_foreign, of_unjudged = (
        _folds(len(of), seed + place) for place, of in enumerate((queries, foreign, unjudged))
    )
    unshifted, models = [], []
    for fold in range(FOLDS):
        seen, others, asked = (
            [q for q, f in zip(of, folds, strict=True) if f != fold]
            for of, folds in ((queries, of_queries), (foreign, of_foreign), (unjudged, of_unjudged))
        )
        unshifted.append(_fit(how, seen, others, asked))
        models.append(_shifted(unshifted[-1], asked or seen, how.relevant_hits))

    def on_labels(of_folds: Sequence[_Model]) -> list[Floats]:
        # a model that was shown what people ask does not know whether a passage can be answered
        given = [replace(one, query=_ALWAYS) for one in of_folds] if unjudged else of_folds
        return _held_out(given, queries, of_queries)

    as_labelled = np.concatenate(on_labels(unshifted))
    own, folds, relevant = on_labels(models), of_queries, labels
    seen_of_them = _order(queries, labels, np.concatenate(own))
    # of the rate that was taken for granted nothing can be seen in the labels
    seen_of_them["calibration_error"] = figures.calibration_error(labels, as_labelled)
    seen_of_them["reliability"] = figures.reliability(labels, as_labelled)
    if unjudged:
        own, folds = _held_out(models, unjudged, of_unjudged), of_unjudged
        relevant = np.concatenate(own)  # what they say of themselves stands in for judgements
    probabilities = np.concatenate(own)
    seen_of_them |= _at_cut(relevant, own, _held_out(models, foreign, of_foreign), folds)
    if unjudged:
        seen_of_them |= dict.fromkeys(("recall_kept", "precision", "precision_uncut"))
    model = _shifted(_fit(how, queries, foreign, unjudged), unjudged or queries, how.relevant_hits)
    cuts = figures.thresholds(relevant, probabilities)
    return Fitted(model.hit, model.query, how.family, model.rows, seen_of_them, cuts, probabilities)


def _held_out(models: Sequence[_Model], queries: Sequence[Query], folds: NDArray[np.intp]) -> list[Floats]:
    """Of each query what the model of its fold makes of its hits."""
    return [models[fold].probabilities([q])[0] for q, fold in zip(queries, folds, strict=True)]


def _folds(count: int, seed: int) -> NDArray[np.intp]:
    return np.random.default_rng(seed).permutation(count) % FOLDS


def digest(queries: Sequence[Query]) -> str:
    """The same for the same labels: figures of different evidence are not compared."""
    _, labels, owner = stacked(queries)
    return hashlib.sha256(labels.astype("u1").tobytes() + owner.astype("<u4").tobytes()).hexdigest()[:16]


def _require(how: How, n_queries: int, n_unjudged: int, labels: Floats) -> None:
    least = min(n_queries, n_unjudged) if how.evidence == "queries" else n_queries
    if least < LEAST_QUERIES:
        raise errors.InvalidInput(
            f"there are {least} queries with hits to fit on, and {LEAST_QUERIES} are needed", _MORE[how.evidence]
        )
    if labels.all() or not labels.any():
        kind = "relevant" if labels.all() else "not relevant"
        raise errors.InvalidInput(
            f"all {len(labels)} hits of the {n_queries} queries are {kind}, and both kinds are needed",
            "Check the ids of the judged documents, and that some of what is found is judged otherwise",
        )


def _fit(how: How, queries: Sequence[Query], foreign: Sequence[Query], unjudged: Sequence[Query]) -> _Model:
    numbers, labels, owner = stacked(queries)
    if not labels.any() or labels.all():  # of a fold: nothing to tell apart
        hit = np.zeros(len(HIT_NUMBERS))
        hit[0] = 2.0 if labels.any() else -2.0
    else:
        # of passages what is held out would be passages, which say nothing of how freely queries can be fitted
        penalty = logistic.chosen_penalty(numbers, labels, owner) if how.evidence == "judgements" else _PASSAGES_PENALTY
        hit = logistic.fit(numbers, labels, inverse_penalty=penalty)
    rows = adapter.fit(how.family, queries) if how.family else None
    return _Model(hit, _gate(how, unjudged or queries, foreign), how.family, rows)


def _gate(how: How, queries: Sequence[Query], foreign: Sequence[Query]) -> Floats:
    """Weights of whether a query can be answered here; foreign ones that look as if they could are left out."""
    if not foreign:
        return _ALWAYS
    used = () if how.evidence == "passages" else _QUERY_USED[how.mode]
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


def _order(queries: Sequence[Query], labels: Floats, probabilities: Floats) -> dict[str, Any]:
    """How well relevant hits are told from others, beside what needs nothing fitted."""
    raw = np.concatenate([q.raw for q in queries])
    return {
        "measure": "average precision",
        "value": figures.average_precision(labels, probabilities),
        "baseline": figures.average_precision(labels, raw),
        "list_z": figures.average_precision(labels, figures.list_z(queries)),
        "gap_to_top": figures.average_precision(labels, figures.gap_to_top(queries)),
        "queries": len(queries),
        "hits": len(labels),
        "relevant": int(labels.sum()),
    }


def _at_cut(
    relevant: Floats, probabilities: list[Floats], of_foreign: list[Floats], folds: NDArray[np.intp]
) -> dict[str, Any]:
    """What a cut at 95% of the recall does: of each fold chosen on the other folds, as a user would choose it."""
    fold_of_hit = np.repeat(folds, [len(p) for p in probabilities])
    found = np.concatenate(probabilities)
    kept = np.zeros(len(found), dtype=bool)
    cuts: list[float] = []
    for fold in range(FOLDS):
        mine = fold_of_hit == fold
        if relevant[~mine].any():
            cuts.append(figures.cut_for_recall(relevant[~mine], found[~mine], 0.95))
            kept[mine] = found[mine] >= cuts[-1]
    owner = np.repeat(np.arange(len(probabilities)), [len(p) for p in probabilities])
    empty = [not (p >= np.median(cuts)).any() for p in of_foreign]
    return {
        "own_empty": float(np.mean(np.bincount(owner, weights=kept) == 0)),
        "foreign_empty": float(np.mean(empty)) if empty else None,
        **figures.at_cut(relevant, kept),
    }
