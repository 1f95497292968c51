"""Configurations side by side: measures with intervals, tests of their differences, queries that won and lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pgretrieve import errors
from pgretrieve.evaluation import configurations as configuring
from pgretrieve.evaluation import measures as measuring
from pgretrieve.evaluation import running, store
from pgretrieve.evaluation.configurations import Configuration
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.running import Found, Run
from pgretrieve.evaluation.significance import holm, interval, randomisation_test
from pgretrieve.flow import Flow, Work
from pgretrieve.types import CollectionInfo

SHOWN_CHANGES = 10
_SAME = 1e-9


@dataclass(frozen=True)
class Comparison:
    """Two runs by one measure: ``one`` minus ``other``, query by query.

    Attributes:
        difference: of the means, with the interval in which it lies at 95%.
        p: of the paired randomisation test; p_corrected: by Holm, for all pairs of this measure.
        better, worse, equal: queries.
    """

    measure: str
    one: str
    other: str
    difference: float
    low: float
    high: float
    p: float
    p_corrected: float
    better: int
    worse: int
    equal: int


@dataclass(frozen=True)
class Change:
    """A query that the candidate answers otherwise than the baseline; ``grade`` of a document is None if not judged."""

    query_id: str
    text: str
    before: float
    after: float
    found_before: tuple[tuple[Found, int | None], ...]
    found_after: tuple[tuple[Found, int | None], ...]

    @property
    def difference(self) -> float:
        """How much it won; below 0 what it lost."""
        return self.after - self.before


@dataclass(frozen=True)
class Report:
    """What came of an evaluation.

    Attributes:
        collection: its name.
        queries: those that were judged and put to it.
        k: how many documents each search was asked for.
        runs: by name, the candidate last.
        values: by run, measure and query.
        baseline, candidate: whose queries ``changes`` compares, by the first measure; no baseline if there is one run.
        comparisons: all pairs of runs, by each measure.
        not_there: relevant documents that the collection does not hold.
    """

    collection: str
    queries: QuerySet
    k: int
    runs: Mapping[str, Run]
    values: Mapping[str, Mapping[str, Mapping[str, float]]]
    candidate: str
    baseline: str | None
    comparisons: Sequence[Comparison]
    not_there: int
    intervals: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)

    @property
    def measures(self) -> list[str]:
        """Names of the measures, as given."""
        return list(self.values[self.candidate])

    @property
    def means(self) -> dict[str, dict[str, float]]:
        """By run and measure."""
        return {
            name: {measure: float(np.mean(list(of.values()))) for measure, of in by_measure.items()}
            for name, by_measure in self.values.items()
        }

    def judged_share(self, run: str, depth: int = 10) -> float:
        """Of the documents on the first ranks of a run, the share that is judged; the others count as not relevant."""
        tops = [
            hit.document_id in self.queries.judgements[query]
            for query in self.queries.queries
            for hit in self.runs[run].hits.get(query, ())[:depth]
        ]
        return sum(tops) / len(tops) if tops else 0.0

    def changes(self, measure: str | None = None) -> list[Change]:
        """Queries on which the candidate differs from the baseline, those that won most first."""
        if self.baseline is None:
            return []
        measure = measure or self.measures[0]
        before, after = (self.values[name][measure] for name in (self.baseline, self.candidate))
        found = [
            Change(
                query, text, before[query], after[query],
                self._top(self.baseline, query), self._top(self.candidate, query),
            )
            for query, text in self.queries.queries.items() if abs(after[query] - before[query]) > _SAME
        ]  # fmt: skip
        return sorted(found, key=lambda change: (-change.difference, change.query_id))

    def _top(self, run: str, query: str) -> tuple[tuple[Found, int | None], ...]:
        grades = self.queries.judgements[query]
        return tuple((hit, grades.get(hit.document_id)) for hit in self.runs[run].hits.get(query, ())[:3])

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        means = self.means
        changes = self.changes()
        return {
            "collection": self.collection,
            "query_set": self.queries.name,
            "queries": len(self.queries.queries),
            "k": self.k,
            "relevant_not_in_collection": self.not_there,
            "runs": [
                {
                    "name": name,
                    "settings": dict(run.settings),
                    "measures": {
                        measure: {"mean": means[name][measure], "low": low, "high": high}
                        for measure, (low, high) in self.intervals[name].items()
                    },
                    "judged_of_first_10": self.judged_share(name),
                    "median_ms": (run.latency() or (None, None))[0],
                    "p95_ms": (run.latency() or (None, None))[1],
                }
                for name, run in self.runs.items()
            ],
            "comparisons": [asdict(one) for one in self.comparisons],
            "candidate": self.candidate,
            "baseline": self.baseline,
            "won": [_plain(change) for change in changes[:SHOWN_CHANGES] if change.difference > 0],
            "lost": [_plain(change) for change in changes[::-1][:SHOWN_CHANGES] if change.difference < 0],
        }


def _plain(change: Change) -> dict[str, Any]:
    return {
        "query_id": change.query_id, "text": change.text, "before": change.before, "after": change.after,
        "found_before": [hit.document_id for hit, _ in change.found_before],
        "found_after": [hit.document_id for hit, _ in change.found_after],
    }  # fmt: skip


def evaluate(
    target: CollectionInfo,
    queries: QuerySet,
    *,
    measures: Sequence[str],
    configurations: Sequence[Configuration] | None,
    baseline: str | None,
    against: Run | None,
    k: int | None,
    on_progress: Callable[[int], None],
) -> Flow[Report]:
    """Puts judged queries to a collection with each configuration, and compares what they find; see ``client``."""
    depth = measuring.depth(measures)
    queries = queries.judged()
    if against is not None:
        queries = _shared(queries, against, depth)
    chosen = list(configuring.DEFAULTS if configurations is None else configurations)
    wanted = any(one.mode != "keyword" for one in chosen)
    vectors = (yield from running.encoded(target, queries)) if wanted else {}
    if configurations is None and len(vectors) < len(queries.queries):
        chosen = chosen[:1]  # nobody asked for more than can be done
    if against is not None and against.name in [one.name for one in chosen]:
        against = replace(against, name=f"{against.name}, before")
    names = [one.name for one in chosen] + ([against.name] if against else [])
    if not chosen or len(set(names)) < len(names):
        raise errors.InvalidInput(
            f"configurations are called {', '.join(names) or 'nothing'}", "Give each its own name"
        )
    if baseline is not None and (against is not None or baseline not in names[:-1]):
        raise errors.InvalidInput(
            f"the baseline cannot be {baseline!r}",
            "Name one of the configurations, but the last, which it is held against",
        )
    k = depth if k is None else k
    made = yield from running.run(target, queries, chosen, k=k, vectors=vectors, on_progress=on_progress)
    runs = {one.name: one for one in [*([against] if against else []), *made]}
    not_there = yield from store.not_there(target, queries)
    report = yield Work(
        _report, (target.name, queries, k, list(measures), runs, chosen[-1].name, against, baseline, not_there)
    )
    return report  # type: ignore[no-any-return]


def _report(
    collection: str, queries: QuerySet, k: int, measures: list[str], runs: Mapping[str, Run], candidate: str,
    against: Run | None, baseline: str | None, not_there: int,
) -> Report:  # fmt: skip
    """Measures what was found, and compares it; takes a while."""
    values = {name: measuring.per_query(measures, queries.judgements, one.rankings) for name, one in runs.items()}
    if against is not None:
        baseline = against.name
    elif baseline is None and len(runs) > 1:
        first = measures[0]
        others = [name for name in runs if name != candidate]
        baseline = max(others, key=lambda name: sum(values[name][first].values()))
    intervals = {
        name: {measure: interval(list(of.values())) for measure, of in by_measure.items()}
        for name, by_measure in values.items()
    }
    compared = _compared(values, measures)
    return Report(collection, queries, k, runs, values, candidate, baseline, compared, not_there, intervals)


def _shared(queries: QuerySet, against: Run, depth: int) -> QuerySet:
    """The queries that a run of before has, too."""
    reached = against.settings.get("k")
    if isinstance(reached, int) and reached < depth:
        raise errors.InvalidInput(
            f"run {against.name!r} goes to rank {reached}, the measures look at rank {depth}",
            "Use measures that stop earlier, or make and save the run anew",
        )
    shared = queries.only(against.hits.keys())
    if not shared.queries:
        raise errors.InvalidInput(
            f"run {against.name!r} has none of these queries", "Compare with a run of the same queries"
        )
    return shared


def _compared(values: Mapping[str, Mapping[str, Mapping[str, float]]], measures: Sequence[str]) -> list[Comparison]:
    comparisons = []
    for measure in measures:
        pairs = []
        for other, one in combinations(values, 2):
            differences = np.array([values[one][measure][query] - of for query, of in values[other][measure].items()])
            pairs.append((one, other, differences, randomisation_test(differences)))
        corrected = holm([p for *_, p in pairs])
        comparisons += [
            _comparison(measure, *pair, p_corrected) for pair, p_corrected in zip(pairs, corrected, strict=True)
        ]
    return comparisons


def _comparison(
    measure: str, one: str, other: str, differences: NDArray[np.float64], p: float, p_corrected: float
) -> Comparison:
    low, high = interval(differences)
    better, worse = int((differences > _SAME).sum()), int((differences < -_SAME).sum())
    return Comparison(
        measure, one, other, float(differences.mean()), low, high, p, p_corrected,
        better, worse, len(differences) - better - worse,
    )  # fmt: skip
