"""The synchronous client. Signatures and words only: what is done stands in ``operations``."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from numpy.typing import ArrayLike

from pgretrieve import errors, operations, schema
from pgretrieve.connections import Connections
from pgretrieve.drivers import drive
from pgretrieve.encoders import DEFAULT_ENCODER
from pgretrieve.fitted import Fitted
from pgretrieve.flow import Flow
from pgretrieve.rerankers import Reranker
from pgretrieve.sources import Sources
from pgretrieve.tuned import Tuned
from pgretrieve.types import (
    AddResult,
    CollectionInfo,
    CollectionStats,
    Facet,
    Matches,
    Page,
    Result,
)
from pgretrieve.vocabulary import Vocabulary

T = TypeVar("T")


def _silent(done: int) -> None:
    """Progress that nobody watches."""


class Client:
    """A database with pgretrieve in it. Made by ``connect``; threads may share it.

    Use it as a context manager, or call ``close``.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._finalizer = weakref.finalize(self, connections.close)

    def _run(self, flow: Flow[T]) -> T:
        with errors.translating(), self._connections.acquire() as connection:
            return drive(flow, connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections that ``connect`` opened; pools and engines of the caller stay open."""
        self._finalizer()

    def check(self) -> None:
        """Raises SchemaError unless library and database fit; ``connect`` has called it."""
        schema.check(self._run(schema.state_flow()))

    def create_collection(
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
    ) -> Collection:
        """Creates a collection.

        Args:
            name: any text of 1 to 200 characters.
            encoder: a model of sentence-transformers by name or folder, or None to bring your own vectors.
            dimensions: length of the vectors; needed without an encoder.
            language: a text search configuration of PostgreSQL: 'english', 'german', 'simple', your own, ...; 'cjk' for
                Chinese, Japanese, Korean and Thai.
            distance: 'cosine' (default), 'inner_product', 'l2'; for storage 'bit' 'hamming'.
            storage: 'halfvec' (2 bytes a dimension), 'vector' (4 bytes), or 'bit' (1 bit, the sign).
            index: 'hnsw', 'ivfflat' or 'none'.
            index_settings: for hnsw m and ef_construction, for ivfflat lists and probes.
            chunking: max_tokens and overlap_tokens by the encoder's tokens; max_characters where there is no encoder;
                table_tokens (64 is good) cuts tables between rows.
            k1: BM25's term saturation, 0 to 100.
            b: BM25's length normalisation, 0 to 1.
            ef_search: candidates an HNSW scan keeps, 1 to 1000; 200 by default; a search raises it to its depth anyway.
            fold_accents: whether words are the same with and without accents.
            languages: further ones that documents may be in; queries are then of all unless option language names one.
            fields: names of further text that documents have, with their weights, such as {"abstract": 1, "title": 2};
                title and text count 1 unless given. {"abstract": {"weight": 2, "b": 0.3, "vector": True}} also gives a
                field its own length normalisation and a vector of its own, one a document.
            normalise_numbers: whether numbers are the same words however they are written: 1,234.50 and 1234.5.

        Raises:
            AlreadyExists: the name is taken.
            InvalidInput: an argument that cannot be.
        """
        settings = {
            "language": language, "distance": distance, "storage": storage, "index": index,
            "index_settings": index_settings, "k1": k1, "b": b, "ef_search": ef_search,
            "fold_accents": fold_accents, "languages": languages, "fields": fields,
            "normalise_numbers": normalise_numbers,
        }  # fmt: skip
        flow = operations.create_collection(
            name, encoder=encoder, dimensions=dimensions, chunking=chunking, settings=settings
        )
        return Collection(self, self._run(flow))

    def collection(self, name: str) -> Collection:
        """A collection by name. Raises CollectionNotFound if there is none."""
        return Collection(self, self._run(operations.collection(name)))

    def collections(self) -> list[CollectionInfo]:
        """All collections and their settings, by name."""
        return self._run(operations.collections())

    def drop_collection(self, name: str) -> None:
        """Drops a collection with all its documents. Raises CollectionNotFound if there is none."""
        self._run(operations.drop_collection(name))


class Collection(Sources, Vocabulary, Tuned, Fitted):
    """A named searchable set of documents. Made by ``Client.collection`` and ``Client.create_collection``."""

    _client: Client

    def __init__(self, client: Client, info: CollectionInfo) -> None:
        self._client = client
        self.info = info

    def __repr__(self) -> str:
        return f"<Collection {self.info.name!r}>"

    @property
    def name(self) -> str:
        """The collection's name."""
        return self.info.name

    def add(
        self,
        documents: Iterable[object],
        *,
        embeddings: ArrayLike | None = None,
        field_embeddings: Mapping[str, ArrayLike] | None = None,
        detect_language: bool = False,
        on_progress: Callable[[int], None] = _silent,
    ) -> AddResult:
        """Writes documents, batch by batch, each batch in one transaction: an upsert by id.

        Documents that are stored already with the same title and text are not encoded or written again, so a load that
        was interrupted is finished by running it again.

        Args:
            documents: any iterable of ``Document`` or of dictionaries with id, text, and title, metadata, embedding,
                language, fields, field_embeddings if there are any. It is read as it is written, never held whole.
            embeddings: float array of shape (n, dimensions), one row per document, in place of the encoder's; each
                document is then one chunk.
            field_embeddings: such arrays by field, of fields that have a vector, in place of the encoder's; a row of
                NaN is none.
            detect_language: give each document without a language the one of the collection's languages that it seems
                to be in. Needs the extra ``languages``.
            on_progress: called with the number of documents done so far.

        Raises:
            InvalidDocument: a document that cannot be stored; batches before its own are stored, and the hint says so.
            DimensionMismatch: an embedding of other dimensions, with NaN or infinity, or all zeros under cosine.
            InvalidInput: the collection has no two languages that can be told.
            MissingDependency: the package of the encoder, or the one that tells languages, is not installed.
        """
        flow = operations.add(
            self.info, documents, embeddings, on_progress, field_embeddings=field_embeddings,
            detect_language=detect_language,
        )  # fmt: skip
        return self._client._run(flow)

    def search(
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
        """The best k chunks, by words, by meaning, or by both: one SQL statement.

        Args:
            query: words, any of which may match; "a phrase", -not, OR, prefix*: see docs/reference.md.
            embedding: the query's vector, shape (dimensions,); by default the collection's encoder makes it.
            k: most hits to return, 1 to 10000.
            mode: 'hybrid', 'dense' or 'keyword'.
            filter: on metadata, such as {"team": "infra", "year": {"$gte": 2024}}.
            min_relevance: leave out hits that are less likely relevant, 0 to 1; needs a calibrated collection.
            target_precision: leave out hits so that of those returned this share is relevant, as on held-out queries.
            target_recall: leave out hits so that of what is relevant this share is kept, as on held-out queries.
            cut: 'gap' leaves out what comes after the largest drop of the score; needs no calibration.
            options: fusion, rrf_k, weights, depth, ef_search, probes, exact, min_match, group_by, group_size, mmr,
                boosts, like, language, fields, queries; see docs/reference.md.
            rerank: puts the first hits into another order: a function that takes the query and a list of texts and
                gives a score for each, or a cross-encoder of sentence-transformers by its folder or name. Hits then
                carry ``rank_before`` and ``rerank_score``, and the result ``reranking``.
            rerank_depth: how many hits it gets, 1 to 1000; 50 by default.
            rerank_budget_ms: stop after so many milliseconds; hits without a score by then follow as they were.

        Returns:
            At most k hits, best first; ties go to the lower chunk_id.

        Raises:
            InvalidInput: an argument that cannot be, among them an empty query.
            InvalidFilter: a filter that is not understood.
            DimensionMismatch: an embedding that does not fit the collection.
        """
        given = operations.with_cuts(options, target_precision, target_recall, cut)
        return self._client._run(
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

    def explain(
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
        return self._client._run(operations.explain(self.info, query, embedding, mode, k, filter, min_relevance, given))

    def sql(
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
        return self._client._run(operations.sql(self.info, query, embedding, mode, k, filter, min_relevance, given))

    def pages(
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
    ) -> Iterator[Page]:
        """The pages of a search, one statement each, fetched as they are asked for.

        All are cut from one ranking of the same depth, so that they neither overlap nor leave a hit out while the data
        stands still. To go on in another process, keep ``next_cursor`` of a page and pass it as ``cursor``:
        ``page = next(docs.pages(query, cursor=cursor), None)``.

        ``page_size`` is the most hits of a page, 1 to 1000. With ``cursor`` the other arguments must be those that it
        came from. All of those are as for ``search``; only, the option depth is 1000 unless given, at most 10000.

        Returns:
            An iterator of pages; of none if nothing is found.

        Raises:
            InvalidInput: a cursor that cannot be read or comes from other arguments; pages past the depth. Raised when
                the page is fetched.
        """
        given = operations.with_cuts(options, target_precision, target_recall, cut)
        flow = operations.search_arguments(self.info, query, embedding, mode, (1, filter, min_relevance, given))
        arguments = self._client._run(flow)
        while page := self._client._run(operations.page(arguments, page_size, cursor)):
            yield page
            if (cursor := page.next_cursor) is None:
                return

    def facets(
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
        """Values of keys of the metadata, and how many documents have them; ``scope`` says of which set.

        Without a query: of all documents, or of those that pass the filter. With mode 'keyword', and in a collection
        without an encoder: of all that hold any word of the query. Else of the first k hits of the search, 1 to 10000.

        ``keys`` are those of the metadata, with dots for nested ones; of an array each element counts. ``max_values``
        is the most values of a key, the most frequent ones. The other arguments are as for ``search``.

        Returns:
            Ordered by key as given, then count.
        """
        flow = operations.facets(self.info, keys, max_values, query, embedding, mode, k, filter, None, options)
        return self._client._run(flow)

    def count_matches(
        self,
        query: str | None = None,
        *,
        filter: Mapping[str, Any] | None = None,  # noqa: A002  the contract's name
        options: Mapping[str, Any] | None = None,
    ) -> Matches:
        """How many documents and chunks the query finds by its words that pass the filter; exact.

        Of ``options``, those of a search, ``language``, ``min_match`` and ``fields`` say something here.
        """
        return self._client._run(operations.count_matches(self.info, query, filter, options))

    def delete(self, ids: Iterable[str]) -> int:
        """Deletes documents by id, at once in both legs. Returns how many were there."""
        return self._client._run(operations.delete(self.info, ids))

    def filterable(self) -> dict[str, str]:
        """The metadata keys whose values an index orders, as ``set_filterable`` takes them."""
        return self._client._run(operations.filterable(self.info))

    def set_filterable(self, keys: Mapping[str, str]) -> int:
        """Sets the metadata keys whose values an index orders, all of them, in place of those that there were.

        Filters that compare (``$gt``, ``$gte``, ``$lt``, ``$lte``, ``$startsWith``) then need not read all documents.
        Equality needs no such index. Writers wait while an index is built.

        Args:
            keys: types by key, such as {"year": "number", "author.born": "text"}; "text" for strings and for dates.

        Returns:
            The number of keys.

        Raises:
            InvalidInput: not such a dictionary, or a key or type that cannot be.
        """
        return self._client._run(operations.set_filterable(self.info, keys))

    def count(self) -> int:
        """The number of documents."""
        return self._client._run(operations.count(self.info))

    def stats(self) -> CollectionStats:
        """Counts and sizes, among them the chunks that wait for a vector."""
        return self._client._run(operations.stats(self.info))

    def embed_pending(self, *, on_progress: Callable[[int], None] = _silent) -> int:
        """Encodes documents that were written from SQL and wait for vectors. Returns how many documents that were."""
        return self._client._run(operations.embed_pending(self.info, on_progress))

    def compact(self, *, rewrite: bool = False) -> bool:
        """Moves recent writes into the compressed posting lists. False if another session is at it.

        Args:
            rewrite: write every list anew, without anything dead, also where little is.
        """
        return self._client._run(operations.compact(self.info, rewrite=rewrite))

    def build_index(self) -> bool:
        """Builds the vector index if the collection lacks it; writers go on. Returns whether there was need."""
        return self._client._run(operations.build_index(self.info))
