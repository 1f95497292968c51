"""LlamaIndex: PGVectorStore with hybrid_search=True, and the fusing retriever that its documentation puts on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from llama_index.core import MockEmbedding, QueryBundle, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import (
    ExactMatchFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
)
from llama_index.vector_stores.postgres import PGVectorStore

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, M, batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class LlamaIndex:
    """QueryFusionRetriever over the store's dense and sparse modes, by reciprocal rank."""

    packages: ClassVar[Sequence[str]] = ("llama-index-vector-stores-postgres", "llama-index-core")
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = (
        "`PGVectorStore(hybrid_search=True)`, dense and sparse retrievers under `QueryFusionRetriever`, "
        "`reciprocal_rerank`; psycopg2"
    )

    def __init__(self, place: Place) -> None:
        self._place, self._ef_search = place, 40
        self._store = PGVectorStore.from_params(
            connection_string=place.url("psycopg2"), async_connection_string=place.url("asyncpg"),
            table_name=place.name, embed_dim=place.dimensions, hybrid_search=True, text_search_config=place.language,
            hnsw_kwargs={"hnsw_m": M, "hnsw_ef_construction": EF_CONSTRUCTION, "hnsw_ef_search": 40},
            use_jsonb=True, indexed_metadata_keys={("part", "text")},
        )  # fmt: skip
        embedding, self._llm = MockEmbedding(embed_dim=place.dimensions), MockLLM()
        self._index = VectorStoreIndex.from_vector_store(self._store, embed_model=embedding)

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        for some, those in batches(passages, vectors, 2_048):
            self._store.add([
                TextNode(id_=passage.id, text=passage.text, metadata=dict(passage.metadata), embedding=vector.tolist())
                for passage, vector in zip(some, those, strict=True)
            ])  # fmt: skip
        self._place.analyze(f"data_{self._place.name}")

    def tune(self, ef_search: int) -> None:
        self._ef_search = ef_search

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        depth, where = max(k, DEPTH), _filters(filter)
        effort = {"vector_store_kwargs": {"hnsw_ef_search": self._ef_search}}
        legs = [
            self._index.as_retriever(
                vector_store_query_mode="default", similarity_top_k=depth, filters=where, **effort
            ),
            self._index.as_retriever(
                vector_store_query_mode="sparse", similarity_top_k=depth, sparse_top_k=depth, filters=where
            ),
        ]
        fusing = QueryFusionRetriever(
            legs, llm=self._llm, similarity_top_k=k, num_queries=1, mode="reciprocal_rerank", use_async=False
        )
        return [found.node.node_id for found in fusing.retrieve(QueryBundle(query, embedding=vector.tolist()))]

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        asked = VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=k, filters=_filters(filter))
        return list(self._store.query(asked, hnsw_ef_search=self._ef_search).ids or [])

    def close(self) -> None:
        if self._store.client is not None:
            self._store.client.dispose()
        self._place.drop_tables(f"data_{self._place.name}")


class LlamaIndexHybridMode(LlamaIndex):
    """The store's own hybrid mode: what the dense leg found, then what the sparse leg found beside."""

    setup: ClassVar[str] = "the same store, query mode `hybrid`: the legs one after the other, not fused"

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        asked = VectorStoreQuery(
            query_str=query, query_embedding=vector.tolist(), mode=VectorStoreQueryMode.HYBRID,
            similarity_top_k=k, sparse_top_k=max(k, DEPTH), filters=_filters(filter),
        )  # fmt: skip
        return list(self._store.query(asked, hnsw_ef_search=self._ef_search).ids or [])[:k]


def _filters(where: Filter | None) -> MetadataFilters | None:
    if not where:
        return None
    return MetadataFilters(filters=[ExactMatchFilter(key=key, value=value) for key, value in where.items()])
