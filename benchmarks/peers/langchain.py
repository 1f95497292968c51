"""langchain-postgres: PGVectorStore with its HybridSearchConfig."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_postgres import PGEngine, PGVectorStore
from langchain_postgres.v2.engine import Column
from langchain_postgres.v2.hybrid_search_config import HybridSearchConfig, reciprocal_rank_fusion
from langchain_postgres.v2.indexes import HNSWIndex, HNSWQueryOptions

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, RRF_K, M, batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class LangChain:
    """A table with a tsvector column, its GIN and HNSW indexes applied after loading, metadata in a column."""

    packages: ClassVar[Sequence[str]] = ("langchain-postgres", "langchain-core")
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = (
        "`PGVectorStore`, `HybridSearchConfig` with tsvector column, GIN, `reciprocal_rank_fusion`; asyncpg"
    )

    def __init__(self, place: Place) -> None:
        self._place = place
        self._engine = PGEngine.from_connection_string(place.url("asyncpg"))
        self._engine.init_vectorstore_table(
            place.name, place.dimensions, id_column=Column("langchain_id", "TEXT", nullable=False),
            metadata_columns=[Column("part", "TEXT")], hybrid_search_config=self._config(),
        )  # fmt: skip
        self.tune(40)

    def _config(self, query: str = "", depth: int = DEPTH) -> HybridSearchConfig:
        """One for each search: a store keeps the words of its first query in the configuration that it was given."""
        return HybridSearchConfig(
            tsv_column="content_tsv", tsv_lang=f"pg_catalog.{self._place.language}", fts_query=query,
            fusion_function=reciprocal_rank_fusion, fusion_function_parameters={"rrf_k": RRF_K},
            primary_top_k=depth, secondary_top_k=depth, index_name=f"{self._place.name}_tsv",
        )  # fmt: skip

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        for some, those in batches(passages, vectors, 1_000):
            self._store.add_embeddings(
                [passage.text for passage in some], those.tolist(),
                metadatas=[passage.metadata for passage in some], ids=[passage.id for passage in some],
            )  # fmt: skip
        self._store.apply_hybrid_search_index()
        self._store.apply_vector_index(HNSWIndex(m=M, ef_construction=EF_CONSTRUCTION))
        self._place.analyze(self._place.name)

    def tune(self, ef_search: int) -> None:
        self._store = PGVectorStore.create_sync(
            self._engine, DeterministicFakeEmbedding(size=self._place.dimensions), self._place.name,
            metadata_columns=["part"], index_query_options=HNSWQueryOptions(ef_search=ef_search),
            hybrid_search_config=self._config(),
        )  # fmt: skip

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        config = self._config(query, max(k, DEPTH))
        where = dict(filter) if filter else None
        found = self._store.similarity_search_by_vector(vector.tolist(), k=k, filter=where, hybrid_search_config=config)
        return [str(document.id) for document in found][:k]  # without words it returns the whole dense leg

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        where = dict(filter) if filter else None
        found = self._store.similarity_search_by_vector(vector.tolist(), k=k, filter=where, hybrid_search_config=None)
        return [str(document.id) for document in found]

    def close(self) -> None:
        self._engine._run_as_sync(self._engine.close())
        self._place.drop_tables(self._place.name)
