"""What both clients offer around the vector index: how well it finds, and the setting with which it finds enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from pgretrieve import operations, tuning
from pgretrieve.flow import Runs, RunsAsync
from pgretrieve.types import CollectionInfo, RecallReport, Tuning


def _silent(done: int) -> None:
    """Progress that nobody watches."""


class Tuned:
    """The part of a collection that measures its vector index and sets it."""

    _client: Runs
    info: CollectionInfo

    def recall_report(
        self,
        queries: Sequence[str] | ArrayLike | None = None,
        *,
        k: int = 10,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        settings: Sequence[int] | None = None,
        sample: int = 100,
        query_set: str | None = None,
    ) -> RecallReport:
        """Of the nearest k by meaning, how many searches find, by setting of the vector index. Changes nothing.

        Compared are searches through the index and exact ones, both under the filter; of rows at one distance any
        will do.

        Args:
            queries: texts, which the encoder encodes, or vectors, shape (n, dimensions). Without: those recorded in
                pgretrieve.query with a vector, and if there are none, queries of the collection's own.
            k: of how many, 1 to 10000.
            filter: on metadata, as for ``search``.
            settings: of ef_search or probes to try, by default a ladder; what searches use now is always among them.
            sample: most queries, of those that are not given.
            query_set: which set of pgretrieve.query; by default all.

        Raises:
            InvalidInput: an argument that cannot be; a query set without vectors.
        """
        return self._client._run(
            tuning.recall_report(self.info, queries, settings, k=k, filter=filter, sample=sample, query_set=query_set)
        )

    def tune(
        self,
        target_recall: float = 0.95,
        *,
        queries: Sequence[str] | ArrayLike | None = None,
        k: int = 10,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        sample: int = 100,
        query_set: str | None = None,
        dry_run: bool = False,
        on_progress: Callable[[int], None] = _silent,
    ) -> Tuning:
        """Finds the cheapest setting of the vector index with which searches by meaning find enough, and stores it.

        Every search has it from then on, unless its options say otherwise. What was measured is kept in
        pgretrieve.recall_measurement. Under a filter the setting is only ever raised, for it is that of all searches.

        Args:
            target_recall: share of the nearest k that is to be found on average, above 0, at most 1.
            queries: texts or vectors, as for ``recall_report``.
            k: of how many nearest, 1 to 10000.
            filter: on metadata, as for ``search``.
            sample: most queries, of those that are not given.
            query_set: which set of pgretrieve.query; by default all.
            dry_run: whether nothing is to be stored.
            on_progress: called with the number of queries done so far.

        Raises:
            InvalidInput: an argument that cannot be; a query set without vectors.
        """
        flow = tuning.tune(
            self.info, target_recall, queries, k=k, filter=filter, sample=sample, query_set=query_set,
            dry_run=dry_run, on_progress=on_progress,
        )  # fmt: skip
        done = self._client._run(flow)
        if done.stored:
            self.info = self._client._run(operations.collection(self.info.name))
        return done


class AsyncTuned:
    """The part of an asynchronous collection that measures its vector index and sets it. See ``Tuned``."""

    _client: RunsAsync
    info: CollectionInfo

    async def recall_report(
        self,
        queries: Sequence[str] | ArrayLike | None = None,
        *,
        k: int = 10,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        settings: Sequence[int] | None = None,
        sample: int = 100,
        query_set: str | None = None,
    ) -> RecallReport:
        """Of the nearest k by meaning, how many searches find, by setting of the vector index. Changes nothing."""
        return await self._client._run(
            tuning.recall_report(self.info, queries, settings, k=k, filter=filter, sample=sample, query_set=query_set)
        )

    async def tune(
        self,
        target_recall: float = 0.95,
        *,
        queries: Sequence[str] | ArrayLike | None = None,
        k: int = 10,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        sample: int = 100,
        query_set: str | None = None,
        dry_run: bool = False,
        on_progress: Callable[[int], None] = _silent,
    ) -> Tuning:
        """Finds the cheapest setting of the vector index with which searches find enough, and stores it."""
        flow = tuning.tune(
            self.info, target_recall, queries, k=k, filter=filter, sample=sample, query_set=query_set,
            dry_run=dry_run, on_progress=on_progress,
        )  # fmt: skip
        done = await self._client._run(flow)
        if done.stored:
            self.info = await self._client._run(operations.collection(self.info.name))
        return done
