"""Measures, by ir_measures and its grammar. The only module that imports it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from subprocess import SubprocessError
from typing import Any

from pgretrieve import errors

DEFAULTS = ("nDCG@10", "RR@10", "R@100")
DEPTH = 100
"""How far a search goes for a measure that does not say where it stops."""

EXTRA = "Run: pip install 'pgretrieve[evaluation]'"


def _library() -> Any:
    if not find_spec("ir_measures"):
        raise errors.MissingDependency("measures need the package ir_measures", EXTRA)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what its providers import
        import ir_measures
    return ir_measures


def parsed(names: Iterable[str]) -> dict[str, Any]:
    """Measures by their names as given, in order.

    Raises:
        InvalidInput: a name that ir_measures does not know, or that it cannot compute.
        MissingDependency: ir_measures is not installed.
    """
    library = _library()
    measures: dict[str, Any] = {}
    for name in names:
        hint = "Such as nDCG@10, RR@10, R@100, P@5, AP, Success@5; see https://ir-measur.es"
        try:
            measure = library.parse_measure(name)
            supported = library.DefaultPipeline.supports(measure)
        except Exception as error:  # noqa: BLE001  it raises whatever its parser meets
            raise errors.InvalidInput(f"measure {name!r} is not known: {error}", hint) from None
        if not supported or not _whole(measure.params.get("cutoff", 1)):
            raise errors.InvalidInput(f"measure {name!r} cannot be computed", hint)
        measures[name] = measure
    if not measures:
        raise errors.InvalidInput("there is no measure", f"Give some, such as {', '.join(DEFAULTS)}")
    return measures


def _whole(cutoff: object) -> bool:
    return isinstance(cutoff, int) and 1 <= cutoff <= 10_000


def depth(names: Iterable[str]) -> int:
    """The last rank that any of the measures looks at."""
    cutoffs = [measure.params.get("cutoff") for measure in parsed(names).values()]
    return max(DEPTH if cutoff is None else int(cutoff) for cutoff in cutoffs)


def per_query(
    names: Iterable[str], judgements: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Values by measure and query, of all judged queries; one that found nothing has 0.

    Args:
        names: of measures.
        judgements: grades by query and document.
        rankings: ids of documents by query, best first.
    """
    measures = parsed(names)
    by_measure: dict[Any, list[str]] = {}
    for name, measure in measures.items():
        by_measure.setdefault(measure, []).append(name)
    # Numbers as ids: some measures are worked out by programs that read nothing else, or end an id at white space.
    queries = {query: str(number) for number, query in enumerate(judgements, 1)}
    names_of = {number: query for query, number in queries.items()}
    document_ids: dict[str, str] = {}

    def numbered(document: str) -> str:
        return document_ids.setdefault(document, str(len(document_ids) + 1))

    # Places as scores: what a search has tied, trec_eval would put in an order of its own. And grades below 0, which
    # count as 0, make its library read past its arrays.
    grades = {
        queries[query]: {numbered(document): max(grade, 0) for document, grade in of.items()}
        for query, of in judgements.items()
    }
    run = {
        queries[query]: {numbered(document): -float(place) for place, document in enumerate(documents)}
        for query, documents in rankings.items()
        if documents and query in queries
    }
    values = {name: dict.fromkeys(judgements, 0.0) for name in measures}
    try:
        for found in _library().iter_calc(list(by_measure), grades, run):
            for name in by_measure[found.measure]:
                values[name][names_of[found.query_id]] = float(found.value)
    except (OSError, RuntimeError, ValueError, SubprocessError) as error:
        raise errors.InvalidInput(
            f"one of the measures {', '.join(measures)} cannot be computed here: {error}", "Leave it out"
        ) from error
    return values
