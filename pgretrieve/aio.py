"""The asynchronous client: the names and signatures of ``client``, with await. A test compares the two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from numpy.typing import ArrayLike

from pgretrieve import errors, operations, schema
from pgretrieve.connections import AsyncConnections
from pgretrieve.drivers import drive_async
from pgretrieve.encoders import DEFAULT_ENCODER
from pgretrieve.fitted import AsyncFitted
from pgretrieve.flow import Flow
from pgretrieve.rerankers import Reranker
from pgretrieve.sources import AsyncSources
from pgretrieve.tuned import AsyncTuned
from pgretrieve.types import (
    AddResult,
    CollectionInfo,
    CollectionStats,
    Facet,
    Matches,
    Page,
    Result,
)
from pgretrieve.vocabulary import AsyncVocabulary

T = TypeVar("T")


def _silent(done: int) -> None:
    """Progress that nobody watches."""


class AsyncClient:
    """A database with pgretrieve in it. Made by ``connect_async``; tasks may share it. See ``Client``."""

    def __init__(self, connections: AsyncConnections) -> None:
        self._connections = connections

    async def _run(self, flow: Flow[T]) -> T:
        with errors.translating():
            async with self._connections.acquire() as connection:
                return await drive_async(flow, connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections that ``connect`` opened; pools and engines of the caller stay open."""
        await self._connections.close()

    async def check(self) -> None:
        """Raises SchemaError unless library and database fit; ``connect`` has called it."""
        schema.check(await self._run(schema.state_flow()))

    async def create_collection(
        self,
        name: str,
        *,
        encoder: str | None = DEFAULT_ENCODER,
        dimensions: int | None = None,
        language: str = "english",
        distance: str | None = None,
        storage: str = "halfvec",
        index: str = "hnsw",
        index_settings: Mapping[str, int] | None = None,
        chunking: Mapping[str, int] | None = None,
        k1: float = 1.2,
        b: float = 0.75,
        ef_search: int | None = None,
        fold_accents: bool = False,
        languages: list[str] | None = None,
        fields: Mapping[str, float | Mapping[str, Any]] | None = None,
        normalise_numbers: bool = False,
    ) -> AsyncCollection:
        """Creates a collection."""
        settings = {
            "language": language, "distance": distance, "storage": storage, "index": index,
            "index_settings": index_settings, "k1": k1, "b": b, "ef_search": ef_search,
            "fold_accents": fold_accents, "languages": languages, "fields": fields,
            "normalise_numbers": normalise_numbers,
        }  # fmt: skip
        flow = operations.create_collection(
            name, encoder=encoder, dimensions=dimensions, chunking=chunking, settings=settings
        )
        return AsyncCollection(self, await self._run(flow))

    async def collection(self, name: str) -> AsyncCollection:
        """A collection by name. Raises CollectionNotFound if there is none."""
        return AsyncCollection(self, await self._run(operations.collection(name)))

    async def collections(self) -> list[CollectionInfo]:
        """All collections and their settings, by name."""
        return await self._run(operations.collections())

    async def drop_collection(self, name: str) -> None:
        """Drops a collection with all its documents. Raises CollectionNotFound if there is none."""
        await self._run(operations.drop_collection(name))


class AsyncCollection(AsyncSources, AsyncVocabulary, AsyncTuned, AsyncFitted):
    """A named searchable set of documents. See ``Collection`` for arguments, results and errors."""

    _client: AsyncClient

    def __init__(self, client: AsyncClient, info: CollectionInfo) -> None:
        self._client = client
        self.info = info

    def __repr__(self) -> str:
        return f"<Collection {self.info.name!r}>"

    @property
    def name(self) -> str:
        """The collection's name."""
        return self.info.name

    async def add(
        self,
        documents: Iterable[object],
        *,
        embeddings: ArrayLike | None = None,
        field_embeddings: Mapping[str, ArrayLike] | None = None,
        detect_language: bool = False,
        on_progress: Callable[[int], None] = _silent,
    ) -> AddResult:
        """Writes documents, batch by batch, each batch in one transaction: an upsert by id."""
        flow = operations.add(
            self.info, documents, embeddings, on_progress, field_embeddings=field_embeddings,
            detect_language=detect_language,
        )  # fmt: skip
        return await self._client._run(flow)

    async def search(
        self,
        query: str,
        *,
        embedding: ArrayLike | None = None,
        k: int = 10,
        mode: str = "hybrid",
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        min_relevance: float | None = None,
        target_precision: float | None = None,
        target_recall: float | None = None,
        cut: str | None = None,
        options: Mapping[str, Any] | None = None,
        rerank: Reranker | str | None = None,
        rerank_depth: int | None = None,
        rerank_budget_ms: float | None = None,
    ) -> Result:
        """The best k chunks, by words, by meaning, or by both: one SQL statement."""
        given = operations.with_cuts(options, target_precision, target_recall, cut)
        return await self._client._run(
            operations.search(
                self.info,
                query,
                embedding,
                mode,
                k,
                filter,
                min_relevance,
                given,
                rerank=rerank,
                rerank_depth=rerank_depth,
                rerank_budget_ms=rerank_budget_ms,
            )
        )

    async def explain(
        self,
        query: str,
        *,
        embedding: ArrayLike | None = None,
        k: int = 10,
        mode: str = "hybrid",
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        min_relevance: float | None = None,
        target_precision: float | None = None,
        target_recall: float | None = None,
        cut: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What a search does, as data: terms and their weights, form, plan and time of each leg, hits."""
        given = operations.with_cuts(options, target_precision, target_recall, cut)
        return await self._client._run(
            operations.explain(self.info, query, embedding, mode, k, filter, min_relevance, given)
        )

    async def sql(
        self,
        query: str,
        *,
        embedding: ArrayLike | None = None,
        k: int = 10,
        mode: str = "hybrid",
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        min_relevance: float | None = None,
        target_precision: float | None = None,
        target_recall: float | None = None,
        cut: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> tuple[str, dict[str, Any]]:
        """The exact statement of a search and its parameters, in psycopg's style."""
        given = operations.with_cuts(options, target_precision, target_recall, cut)
        return await self._client._run(
            operations.sql(self.info, query, embedding, mode, k, filter, min_relevance, given)
        )

    async def pages(
        self,
        query: str,
        *,
        embedding: ArrayLike | None = None,
        page_size: int = 10,
        cursor: str | None = None,
        mode: str = "hybrid",
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        min_relevance: float | None = None,
        target_precision: float | None = None,
        target_recall: float | None = None,
        cut: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> AsyncIterator[Page]:
        """The pages of a search, one statement each, fetched as they are asked for."""
        given = operations.with_cuts(options, target_precision, target_recall, cut)
        flow = operations.search_arguments(self.info, query, embedding, mode, (1, filter, min_relevance, given))
        arguments = await self._client._run(flow)
        while page := await self._client._run(operations.page(arguments, page_size, cursor)):
            yield page
            if (cursor := page.next_cursor) is None:
                return

    async def facets(
        self,
        keys: Iterable[str],
        query: str | None = None,
        *,
        embedding: ArrayLike | None = None,
        k: int = 1000,
        mode: str = "hybrid",
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        options: Mapping[str, Any] | None = None,
        max_values: int = 20,
    ) -> list[Facet]:
        """Values of keys of the metadata, and how many documents have them; ``scope`` says of which set."""
        flow = operations.facets(self.info, keys, max_values, query, embedding, mode, k, filter, None, options)
        return await self._client._run(flow)

    async def count_matches(
        self,
        query: str | None = None,
        *,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        options: Mapping[str, Any] | None = None,
    ) -> Matches:
        """How many documents and chunks the query finds by its words that pass the filter; exact."""
        return await self._client._run(operations.count_matches(self.info, query, filter, options))

    async def delete(self, ids: Iterable[str]) -> int:
        """Deletes documents by id, at once in both legs. Returns how many were there."""
        return await self._client._run(operations.delete(self.info, ids))

    async def filterable(self) -> dict[str, str]:
        """The metadata keys whose values an index orders, with their types."""
        return await self._client._run(operations.filterable(self.info))

    async def set_filterable(self, keys: Mapping[str, str]) -> int:
        """Sets all metadata keys whose values an index orders: {"year": "number", "day": "text"}."""
        return await self._client._run(operations.set_filterable(self.info, keys))

    async def count(self) -> int:
        """The number of documents."""
        return await self._client._run(operations.count(self.info))

    async def stats(self) -> CollectionStats:
        """Counts and sizes, among them the chunks that wait for a vector."""
        return await self._client._run(operations.stats(self.info))

    async def embed_pending(self, *, on_progress: Callable[[int], None] = _silent) -> int:
        """Encodes documents that were written from SQL and wait for vectors. Returns how many documents that were."""
        return await self._client._run(operations.embed_pending(self.info, on_progress))

    async def compact(self, *, rewrite: bool = False) -> bool:
        """Moves recent writes into the compressed posting lists. False if another session is at it."""
        return await self._client._run(operations.compact(self.info, rewrite=rewrite))

    async def build_index(self) -> bool:
        """Builds the vector index if the collection lacks it; writers go on. Returns whether there was need."""
        return await self._client._run(operations.build_index(self.info))
