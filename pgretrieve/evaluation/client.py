"""Evaluations of a collection, and what is stored of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from pgretrieve import Client, Collection, errors
from pgretrieve.evaluation import comparison, fitting, measures, store
from pgretrieve.evaluation.comparison import Report
from pgretrieve.evaluation.configurations import Configuration
from pgretrieve.evaluation.fitting import Fit
from pgretrieve.evaluation.judged import QuerySet
from pgretrieve.evaluation.running import Run
from pgretrieve.flow import Flow
from pgretrieve.types import CollectionInfo

T = TypeVar("T")
P = ParamSpec("P")


def _run(
    collection: Collection,
    flow: Callable[Concatenate[CollectionInfo, P], Flow[T]],
    *arguments: P.args,
    **named: P.kwargs,
) -> T:
    if not isinstance(collection, Collection):
        raise errors.InvalidInput(
            f"an evaluation is of a Collection, not of {type(collection).__name__}",
            "Take one of connect, or await the function of this name in pgretrieve.evaluation.aio",
        )
    return collection._client._run(flow(collection.info, *arguments, **named))


def evaluate(
    collection: Collection,
    queries: QuerySet,
    *,
    measures: Sequence[str] = measures.DEFAULTS,
    configurations: Sequence[Configuration] | None = None,
    baseline: str | None = None,
    against: Run | None = None,
    k: int | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Puts judged queries to a collection with each configuration, and compares what they find.

    Args:
        collection: what is searched.
        queries: those without a judgement are left out.
        measures: in the grammar of ir_measures; queries that won and lost are told by the first.
        configurations: by default keyword, dense, hybrid; the last one is the candidate.
        baseline: the configuration that the candidate is compared with, by default the best of the others.
        against: a run from before, which takes the baseline's place; only queries that it has are evaluated.
        k: documents that each search is asked for; by default the last rank that a measure looks at, and 100 for one
            that looks at all.
        on_progress: called with the number of searches done.

    Raises:
        InvalidInput: nothing is judged; a measure that is not known; a name that is taken twice; no way to vectors.
        MissingDependency: the extra ``evaluation`` is not installed.
    """
    return _run(
        collection, comparison.evaluate, queries, measures=measures, configurations=configurations, baseline=baseline,
        against=against, k=k, on_progress=on_progress,
    )  # fmt: skip


def fit(
    collection: Collection,
    queries: QuerySet,
    *,
    settings: Sequence[str] | None = None,
    mode: str | None = None,
    measure: str = fitting.MEASURE,
    limit: int = fitting.LIMIT,
    activate: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Fit]:
    """Fits settings of a collection on judged queries, by searching with each that is tried.

    What a setting is worth is seen on held-out queries: of each fifth with what the other four chose. One that is
    better there is stored as a model of kind ``settings`` and activated; one that is not stays proposed. Each setting
    is fitted with those before it in place that were activated.

    Args:
        collection: with its documents.
        queries: judged, at least 20.
        settings: some of 'bm25' (k1 and b), 'fields' (weights of fields) and 'fusion' (what words weigh beside
            meaning, with fusion 'blend'); None: all that the collection and the mode have.
        mode: of the searches, 'hybrid', 'dense' or 'keyword'; None: hybrid if queries have or get vectors.
        measure: as ir_measures has it, higher is better.
        limit: a sample of so many queries, always the same.
        activate: whether searches use what is better.
        on_progress: called with searches done and their total so far known.

    Returns:
        What was fitted, in order.

    Raises:
        InvalidInput: too few judged queries, a setting, mode or measure that does not exist, or one that the collection
            or the mode does not have.
        MissingDependency: ir_measures is not installed.
    """
    return _run(
        collection, fitting.fit, queries, settings=settings, mode=mode, measure=measure, limit=limit,
        activate=activate, on_progress=on_progress,
    )  # fmt: skip


def save_set(collection: Collection, given: QuerySet, name: str = "", *, source: str = "judged") -> int:
    """Stores queries and judgements, an upsert, all or nothing; returns the number of judgements.

    Args:
        collection: where.
        given: queries with judgements, and embeddings if there are any.
        name: of the set; by default the one that it has.
        source: who judged.

    Raises:
        InvalidInput: text, ids or vectors that cannot be stored.
    """
    return _run(collection, store.save_set, given, name, source=source)


def load_set(collection: Collection, name: str) -> QuerySet:
    """A stored set of queries with its judgements and embeddings. Raises NotFound: the collection has no such set."""
    return _run(collection, store.load_set, name)


def embed_set(collection: Collection, name: str) -> int:
    """Encodes the queries of a stored set that have no embedding, by the collection's encoder; how many that were."""
    return _run(collection, store.embed_set, name)


def query_sets(client: Client, collection: str | None = None) -> list[dict[str, Any]]:
    """The stored sets, rows of the view pgretrieve.query_sets; of one collection or of all."""
    return client._run(store.query_sets(collection))


def save_run(
    collection: Collection,
    run: Run,
    values: Mapping[str, Mapping[str, float]],
    *,
    query_set: str = "",
    name: str = "",
    versions: Mapping[str, Any] | None = None,
) -> None:
    """Stores a run with what it found, its settings and versions, in place of one of the same name.

    Args:
        collection: that it is of.
        run: what was found.
        values: by measure and query.
        query_set: the name of the queries.
        name: by default the run's own.
        versions: of more than the database knows of.
    """
    _run(collection, store.save_run, run, values, query_set=query_set, name=name, versions=versions)


def load_run(collection: Collection, name: str) -> Run:
    """A stored run. Raises NotFound: the collection has no such run."""
    return _run(collection, store.load_run, name)


def runs(collection: Collection) -> list[dict[str, Any]]:
    """The stored runs, rows of the view pgretrieve.runs, oldest first."""
    return _run(collection, store.runs)


def delete_run(collection: Collection, name: str) -> bool:
    """Deletes a stored run; whether it was there."""
    return _run(collection, store.delete_run, name)


def documents(collection: Collection) -> Iterator[dict[str, Any]]:
    """The documents as a BEIR corpus has them, one after another.

    Texts are put together from their chunks: white space between those may differ.
    """
    after = 0
    while True:
        found, after = _run(collection, store.documents, after)
        yield from found
        if not found:
            return
