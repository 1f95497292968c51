"""The functions of ``client`` for a collection of the asynchronous client, with await. A test compares the two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from pgretrieve import AsyncClient, AsyncCollection, errors
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


async def _run(
    collection: AsyncCollection,
    flow: Callable[Concatenate[CollectionInfo, P], Flow[T]],
    *arguments: P.args,
    **named: P.kwargs,
) -> T:
    if not isinstance(collection, AsyncCollection):
        raise errors.InvalidInput(
            f"an evaluation is of an AsyncCollection, not of {type(collection).__name__}",
            "Take one of connect_async, or call the function of this name in pgretrieve.evaluation",
        )
    return await collection._client._run(flow(collection.info, *arguments, **named))


async def evaluate(
    collection: AsyncCollection,
    queries: QuerySet,
    *,
    measures: Sequence[str] = measures.DEFAULTS,
    configurations: Sequence[Configuration] | None = None,
    baseline: str | None = None,
    against: Run | None = None,
    k: int | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Puts judged queries to a collection with each configuration, and compares what they find."""
    return await _run(
        collection, comparison.evaluate, queries, measures=measures, configurations=configurations, baseline=baseline,
        against=against, k=k, on_progress=on_progress,
    )  # fmt: skip


async def fit(
    collection: AsyncCollection,
    queries: QuerySet,
    *,
    settings: Sequence[str] | None = None,
    mode: str | None = None,
    measure: str = fitting.MEASURE,
    limit: int = fitting.LIMIT,
    activate: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Fit]:
    """Fits settings of a collection on judged queries, by searching with each that is tried."""
    return await _run(
        collection, fitting.fit, queries, settings=settings, mode=mode, measure=measure, limit=limit,
        activate=activate, on_progress=on_progress,
    )  # fmt: skip


async def save_set(collection: AsyncCollection, given: QuerySet, name: str = "", *, source: str = "judged") -> int:
    """Stores queries and judgements, an upsert, all or nothing; returns the number of judgements."""
    return await _run(collection, store.save_set, given, name, source=source)


async def load_set(collection: AsyncCollection, name: str) -> QuerySet:
    """A stored set of queries with its judgements and embeddings."""
    return await _run(collection, store.load_set, name)


async def embed_set(collection: AsyncCollection, name: str) -> int:
    """Encodes the queries of a stored set that have no embedding, by the collection's encoder; how many that were."""
    return await _run(collection, store.embed_set, name)


async def query_sets(client: AsyncClient, collection: str | None = None) -> list[dict[str, Any]]:
    """The stored sets, rows of the view pgretrieve.query_sets; of one collection or of all."""
    return await client._run(store.query_sets(collection))


async def save_run(
    collection: AsyncCollection,
    run: Run,
    values: Mapping[str, Mapping[str, float]],
    *,
    query_set: str = "",
    name: str = "",
    versions: Mapping[str, Any] | None = None,
) -> None:
    """Stores a run with what it found, its settings and versions, in place of one of the same name."""
    await _run(collection, store.save_run, run, values, query_set=query_set, name=name, versions=versions)


async def load_run(collection: AsyncCollection, name: str) -> Run:
    """A stored run."""
    return await _run(collection, store.load_run, name)


async def runs(collection: AsyncCollection) -> list[dict[str, Any]]:
    """The stored runs, rows of the view pgretrieve.runs, oldest first."""
    return await _run(collection, store.runs)


async def delete_run(collection: AsyncCollection, name: str) -> bool:
    """Deletes a stored run; whether it was there."""
    return await _run(collection, store.delete_run, name)


async def documents(collection: AsyncCollection) -> AsyncIterator[dict[str, Any]]:
    """The documents as a BEIR corpus has them, one after another."""
    after = 0
    while True:
        found, after = await _run(collection, store.documents, after)
        for one in found:
            yield one
        if not found:
            return
