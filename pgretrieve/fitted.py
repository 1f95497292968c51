"""What both clients offer around things that are fitted: calibration and the model registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pgretrieve import calibrating, statements
from pgretrieve.flow import Flow, Runs, RunsAsync
from pgretrieve.statements import MODES
from pgretrieve.types import Calibration, CollectionInfo, Model


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def _models(target: CollectionInfo) -> Flow[list[Model]]:
    rows = yield statements.models(target.name)
    return [Model(*row) for row in rows]


def _activate(model_id: int, *, force: bool) -> Flow[None]:
    yield statements.activate_model(model_id, force=force)


def _retire(model_id: int) -> Flow[None]:
    yield statements.retire_model(model_id)


def _rollback(target: CollectionInfo, kind: str, slot: str) -> Flow[int]:
    rows = yield statements.rollback_model(target.name, kind, slot)
    return int(rows[0][0])


class Fitted:
    """The part of a collection that fits things and keeps them."""

    _client: Runs
    info: CollectionInfo

    def calibrate(
        self,
        *,
        query_set: str | None = None,
        modes: Sequence[str] = MODES,
        family: str | None = None,
        relevant_hits: float = calibrating.RELEVANT_HITS,
        activate: bool = True,
        on_progress: Callable[[int, int], None] = _silent,
    ) -> list[Calibration]:
        """Fits the probability that a hit is relevant, for searches of each mode, and makes searches use it.

        Without judgements it takes passages out of the collection's own chunks and asks for what they were taken from,
        and queries about everything, which should find nothing. Queries that nobody has judged, such as a log, tell it
        what else people's queries look like. With judgements it is fitted on the judged queries, and on those about
        everything.

        Args:
            query_set: queries of this name, see add_queries and add_judgements; those that are judged, or, if none is,
                500 of them at most. None: passages alone.
            modes: of the searches that are calibrated.
            family: 'linear', 'sqrt', 'quadratic' or 'power': dense searches get a Cosine Adapter of that family, whose
                map of the similarity hangs on the query. None: they get the same kind of model as the others.
            relevant_hits: without judgements, how many of the first 20 hits are taken to be relevant on average,
                between 0 and 20. It moves all probabilities up or down together.
            activate: whether searches use the models from now on, unless their figures are worse than those in use.
            on_progress: called with queries done and their total.

        Returns:
            For each mode what was fitted, and its figures on held-out queries.

        Raises:
            InvalidInput: nothing to fit on: an empty collection, too few queries, hits all relevant or all not;
                arguments that cannot be; a collection without an encoder and judged queries without embeddings.
            NotFound: no queries of that name.
            MissingDependency: scikit-learn is not installed.
        """
        return self._client._run(
            calibrating.calibrate(
                self.info, calibrating.Wish(query_set, modes, family, relevant_hits, activate), on_progress
            )
        )

    def models(self) -> list[Model]:
        """Everything fitted for the collection, by kind and slot, newest version first."""
        return self._client._run(_models(self.info))

    def activate_model(self, model_id: int, *, force: bool = False) -> None:
        """Makes searches use a model. Raises ModelRefused where its figures are worse, unless forced; NotFound."""
        self._client._run(_activate(model_id, force=force))

    def retire_model(self, model_id: int) -> None:
        """Makes searches use neither this model nor another in its place. Raises NotFound."""
        self._client._run(_retire(model_id))

    def rollback_model(self, kind: str, slot: str = "") -> int:
        """Goes back to the model that was active before; returns its id. Raises NotFound if there was none."""
        return self._client._run(_rollback(self.info, kind, slot))


class AsyncFitted:
    """The part of an asynchronous collection that fits things and keeps them. See ``Fitted``."""

    _client: RunsAsync
    info: CollectionInfo

    async def calibrate(
        self,
        *,
        query_set: str | None = None,
        modes: Sequence[str] = MODES,
        family: str | None = None,
        relevant_hits: float = calibrating.RELEVANT_HITS,
        activate: bool = True,
        on_progress: Callable[[int, int], None] = _silent,
    ) -> list[Calibration]:
        """Fits the probability that a hit is relevant, for searches of each mode, and makes searches use it."""
        return await self._client._run(
            calibrating.calibrate(
                self.info, calibrating.Wish(query_set, modes, family, relevant_hits, activate), on_progress
            )
        )

    async def models(self) -> list[Model]:
        """Everything fitted for the collection, by kind and slot, newest version first."""
        return await self._client._run(_models(self.info))

    async def activate_model(self, model_id: int, *, force: bool = False) -> None:
        """Makes searches use a model."""
        await self._client._run(_activate(model_id, force=force))

    async def retire_model(self, model_id: int) -> None:
        """Makes searches use neither this model nor another in its place."""
        await self._client._run(_retire(model_id))

    async def rollback_model(self, kind: str, slot: str = "") -> int:
        """Goes back to the model that was active before; returns its id."""
        return await self._client._run(_rollback(self.info, kind, slot))
