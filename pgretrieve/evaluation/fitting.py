"""Weights of legs and fields, and k1 and b of BM25, fitted on judged queries by cross-validation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pgretrieve import errors, operations, statements
from pgretrieve.evaluation import choosing, measures, running
from pgretrieve.evaluation.choosing import Axis, Floats, Point
from pgretrieve.evaluation.configurations import Configuration
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.flow import Flow, Transaction, Work
from pgretrieve.types import CollectionInfo

MEASURE = "nDCG@10"
LIMIT = 500
"""Queries that are put to the collection with every setting that is tried."""

_WEIGHTS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
_FIELD_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
_K1 = (0.3, 0.6, 0.9, 1.2, 1.6, 2.0, 3.0)
_B = (0.0, 0.2, 0.4, 0.6, 0.75, 0.9, 1.0)


@dataclass(frozen=True)
class Fit:
    """A setting that was fitted, and what it is worth.

    Attributes:
        setting: 'bm25', 'fields' or 'fusion'.
        mode: of the searches that were measured.
        present: what the collection has now, by name.
        chosen: what all queries speak for.
        tried: means of the measure by name and value, with all others as they are now.
        figures: on held-out queries, see ``choosing.figures``: of each fifth with what the other four chose.
        model_id: of the model that it is stored as; None where what there is now was chosen.
        active: whether searches use it.
        refused: why they do not, if it was to be activated.
    """

    setting: str
    mode: str
    present: Mapping[str, float]
    chosen: Mapping[str, float]
    tried: Mapping[str, Sequence[tuple[float, float]]]
    figures: Mapping[str, Any]
    model_id: int | None = None
    active: bool = False
    refused: str | None = None


@dataclass(frozen=True)
class Setting:
    """Something that can be fitted.

    Attributes:
        axes: the numbers of it that a collection has, as they are now; none: it has nothing of the kind.
        parameters: of the model, with given numbers.
        needs_vectors: whether it means nothing to searches by words alone.
    """

    axes: Callable[[CollectionInfo, Mapping[str, Any]], list[Axis]]
    parameters: Callable[[Point], dict[str, Any]]
    needs_vectors: bool = False


def _fusion_axes(_: CollectionInfo, defaults: Mapping[str, Any]) -> list[Axis]:
    weights = {"dense": 1, "keyword": 1} | dict(defaults.get("weights", {}))
    # only what the legs weigh to each other moves anything
    present = weights["keyword"] / weights["dense"] if weights["dense"] else max(_WEIGHTS)
    return [Axis("keyword", float(present), _WEIGHTS)]


def _bm25_axes(target: CollectionInfo, _: Mapping[str, Any]) -> list[Axis]:
    return [Axis("k1", target.k1, _K1), Axis("b", target.b, _B, by_ratio=False)]


def _field_axes(target: CollectionInfo, defaults: Mapping[str, Any]) -> list[Axis]:
    weights = {name: float(of["weight"] if isinstance(of, Mapping) else of) for name, of in target.fields.items()} | {
        name: float(weight) for name, weight in dict(defaults.get("fields", {})).items()
    }
    # the largest stays: only what fields weigh to each other moves much
    largest = max(weights, key=lambda name: (weights[name], name), default="")
    tried = tuple(weights.get(largest, 1.0) * factor for factor in _FIELD_WEIGHTS)
    return [Axis(name, weight, () if name == largest else tried) for name, weight in weights.items()]


SETTINGS = {
    "bm25": Setting(_bm25_axes, dict),
    "fields": Setting(_field_axes, lambda point: {"fields": dict(point)}),
    "fusion": Setting(
        _fusion_axes,
        lambda point: {"fusion": "blend", "weights": {"dense": 1, "keyword": point["keyword"]}},
        needs_vectors=True,
    ),
}
"""In the order in which they are fitted: each on top of those before it that are active."""


def fit(
    target: CollectionInfo,
    queries: QuerySet,
    *,
    settings: Sequence[str] | None,
    mode: str | None,
    measure: str,
    limit: int,
    activate: bool,
    on_progress: Callable[[int, int], None] | None,
) -> Flow[list[Fit]]:
    """Fits settings of a collection on judged queries, by searching with each that is tried; see ``client``."""
    measures.parsed([measure])
    judged = queries.judged()
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < choosing.LEAST_QUERIES:
        raise errors.InvalidInput(
            f"a limit of {limit!r} is not possible", f"Give at least {choosing.LEAST_QUERIES} queries"
        )
    if len(judged.queries) < choosing.LEAST_QUERIES:
        raise errors.InvalidInput(
            f"{len(judged.queries)} queries are judged, and {choosing.LEAST_QUERIES} are needed to fit anything",
            "Judge more; docs/evaluating.md shows how",
        )
    judged = judged.sample(limit)
    vectors = {} if mode == "keyword" else (yield from running.encoded(target, judged))
    mode = mode or ("hybrid" if len(vectors) == len(judged.queries) else "keyword")
    Configuration("fit", mode)  # refuses a mode that does not exist
    names = _wanted(target, settings, mode)
    fits = []
    for place, name in enumerate(names):
        target = yield from operations.collection(target.name)  # as the last one has left it
        task = _Task(target, judged, vectors, mode, measure, _Progress(on_progress, place, len(names)))
        fitted = yield from _fit(task, name, activate=activate)
        fits.append(fitted)
    return fits


def _wanted(target: CollectionInfo, settings: Sequence[str] | None, mode: str) -> list[str]:
    given = list(SETTINGS) if settings is None else settings
    if isinstance(given, str) or not given or any(name not in SETTINGS for name in given):
        raise errors.InvalidInput(f"settings {settings!r} cannot be fitted", f"Some of: {', '.join(SETTINGS)}")
    missing = {}
    for name in given:
        if SETTINGS[name].needs_vectors and mode != "hybrid":
            missing[name] = f"{name} is of hybrid searches, not of mode {mode}"
        elif name != "fusion" and mode == "dense":
            missing[name] = f"{name} is of words, and mode is dense"
        elif not any(axis.values for axis in SETTINGS[name].axes(target, {})):
            missing[name] = f"collection {target.name!r} has fewer than two fields"
    if missing and (settings is not None or len(missing) == len(given)):
        raise errors.InvalidInput(next(iter(missing.values())), "Leave that setting out, or take another mode")
    return [name for name in SETTINGS if name in given and name not in missing]


class _Progress:
    """Searches done, of a number that grows with every setting."""

    def __init__(self, report: Callable[[int, int], None] | None, place: int, settings: int) -> None:
        self._report, self._place, self._settings = report, place, settings
        self._done = self._total = 0

    def start(self, searches: int) -> None:
        self._total = searches

    def add(self) -> None:
        self._done += 1
        if self._report is not None:
            self._report(self._place * self._total + self._done, self._settings * self._total)


@dataclass(frozen=True)
class _Task:
    """What is measured, and on what."""

    target: CollectionInfo
    queries: QuerySet
    vectors: Mapping[str, Sequence[float]]
    mode: str
    measure: str
    progress: _Progress

    def values(self, name: str, point: Point | None, wanted: QuerySet | None = None) -> Flow[Floats]:
        """Of the measure, query by query, with a setting that is tried and leaves no trace; None: as it is now."""
        queries = wanted or self.queries
        options = {} if name == "bm25" or point is None else SETTINGS[name].parameters(point)
        searches = running.run(
            self.target, queries, [Configuration("fit", self.mode, options=options)],
            k=measures.depth([self.measure]), vectors=self.vectors, on_progress=lambda _: self.progress.add(),
        )  # fmt: skip
        if name == "bm25" and point:
            found = yield Transaction(_with_bm25(self.target.name, point, searches), rolled_back=True)
        else:
            found = yield from searches
        by_measure = yield Work(measures.per_query, ([self.measure], queries.judgements, found[0].rankings))
        values = by_measure[self.measure]
        return np.array([values[query] for query in queries.queries])


def _with_bm25(name: str, point: Point, searches: Flow[list[running.Run]]) -> Flow[list[running.Run]]:
    """Searches with another k1 and b, which nobody else sees."""
    yield statements.set_bm25(name, point["k1"], point["b"])
    return (yield from searches)


def _fit(task: _Task, name: str, *, activate: bool) -> Flow[Fit]:
    rows = yield statements.search_defaults(task.target.name)
    defaults = dict(rows[0][0])
    axes = SETTINGS[name].axes(task.target, defaults)
    tried = choosing.points(axes)
    queries = list(task.queries.queries)
    task.progress.start(len(queries) * (len(tried) + 1))
    values = []
    for point in tried:
        of = yield from task.values(name, point)
        values.append(of)
    # weights are of one method; searches now may use another
    before = values[0] if defaults.get("fusion", "blend") == "blend" else (yield from task.values(name, None))
    after = np.empty_like(before)
    fold_of = choosing.folds(len(queries))
    for fold in range(choosing.FOLDS):
        held_out = np.flatnonzero(fold_of == fold)
        point = choosing.choose(axes, [of[fold_of != fold] for of in values])
        wanted = task.queries.only({queries[i] for i in held_out})
        of = yield from task.values(name, point, wanted)
        by_query = dict(zip(wanted.queries, of, strict=True))
        after[held_out] = [by_query[queries[i]] for i in held_out]
    chosen = choosing.choose(axes, values)
    present = {axis.name: axis.present for axis in axes}
    fitted = Fit(
        name, task.mode, present, chosen, _curves(axes, tried, values), choosing.figures(task.measure, before, after)
    )
    return fitted if chosen == present else (yield from _stored(task, fitted, activate=activate))


def _curves(axes: Sequence[Axis], tried: Sequence[Point], values: Sequence[Floats]) -> dict[str, Any]:
    mean = {tuple(sorted(point.items())): float(of.mean()) for point, of in zip(tried, values, strict=True)}
    present = {axis.name: axis.present for axis in axes}
    return {
        axis.name: [(value, mean[tuple(sorted((present | {axis.name: value}).items()))]) for value in axis.tried]
        for axis in axes
    }


def _stored(task: _Task, fitted: Fit, *, activate: bool) -> Flow[Fit]:
    """As a model, activated if it is better on held-out queries than what there is."""
    evidence = f"judgements {task.queries.name} {_digest(task.queries)} {task.mode}"
    fitted_on = {"evidence": evidence, "queries": len(task.queries.queries), "mode": task.mode}
    figures = dict(fitted.figures) | {"tried": fitted.tried, "present": fitted.present}
    parameters = SETTINGS[fitted.setting].parameters(fitted.chosen)
    rows = yield statements.add_model(task.target.name, "settings", fitted.setting, parameters, fitted_on, figures, {})
    model_id = int(rows[0][0])
    refused = None
    if activate and fitted.figures["gain"] <= 0:
        refused = f"on held-out queries it gains nothing ({fitted.figures['gain']:+.4f})"
    elif activate:
        try:
            yield statements.activate_model(model_id, force=False)
        except errors.ModelRefused as worse:
            refused = worse.message
    return Fit(
        fitted.setting, fitted.mode, fitted.present, fitted.chosen, fitted.tried, fitted.figures, model_id,
        activate and refused is None, refused,
    )  # fmt: skip


def _digest(queries: QuerySet) -> str:
    """Of queries and judgements: figures of the same ones can be compared."""
    told = json.dumps([dict(queries.queries), {q: dict(of) for q, of in queries.judgements.items()}], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
