"""Haystack: PgvectorDocumentStore, its embedding and keyword retrievers, and a DocumentJoiner by reciprocal rank."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")  # read on import

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.utils import Secret
from haystack_integrations.components.retrievers.pgvector import PgvectorEmbeddingRetriever, PgvectorKeywordRetriever
from haystack_integrations.document_stores.pgvector import PgvectorDocumentStore

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, M, batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class Haystack:
    """The pipeline of the integration's documentation, search strategy hnsw."""

    packages: ClassVar[Sequence[str]] = ("pgvector-haystack", "haystack-ai")
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = (
        "a pipeline of `PgvectorEmbeddingRetriever`, `PgvectorKeywordRetriever` and `DocumentJoiner` "
        "(`reciprocal_rank_fusion`)"
    )

    def __init__(self, place: Place) -> None:
        self._place = place
        self._open(40)

    def _open(self, ef_search: int) -> None:
        place = self._place
        self._store = PgvectorDocumentStore(
            connection_string=Secret.from_token(place.dsn), table_name=place.name, language=place.language,
            embedding_dimension=place.dimensions, search_strategy="hnsw", hnsw_ef_search=ef_search,
            hnsw_index_creation_kwargs={"m": M, "ef_construction": EF_CONSTRUCTION},
            hnsw_index_name=f"{place.name}_hnsw", keyword_index_name=f"{place.name}_keyword",
        )  # fmt: skip
        self._embedding = PgvectorEmbeddingRetriever(document_store=self._store)
        pipeline = Pipeline()
        pipeline.add_component("embedding", PgvectorEmbeddingRetriever(document_store=self._store))
        pipeline.add_component("keyword", PgvectorKeywordRetriever(document_store=self._store))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        pipeline.connect("embedding", "joiner")
        pipeline.connect("keyword", "joiner")
        self._pipeline = pipeline

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        for some, those in batches(passages, vectors, 2_000):
            self._store.write_documents([
                Document(id=passage.id, content=passage.text, meta=dict(passage.metadata), embedding=vector.tolist())
                for passage, vector in zip(some, those, strict=True)
            ])  # fmt: skip
        self._place.analyze(self._place.name)

    def tune(self, ef_search: int) -> None:
        self._store.close()
        self._open(ef_search)  # the store sets it once, when it connects

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        depth, where = max(k, DEPTH), _filters(filter)
        answer = self._pipeline.run({
            "embedding": {"query_embedding": vector.tolist(), "top_k": depth, "filters": where},
            "keyword": {"query": query, "top_k": depth, "filters": where},
            "joiner": {"top_k": k},
        })  # fmt: skip
        return [document.id for document in answer["joiner"]["documents"]]

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        answer = self._embedding.run(query_embedding=vector.tolist(), top_k=k, filters=_filters(filter))
        return [document.id for document in answer["documents"]]

    def close(self) -> None:
        self._store.close()
        self._place.drop_tables(self._place.name)


def _filters(where: Filter | None) -> dict[str, Any] | None:
    if not where:
        return None
    conditions = [{"field": f"meta.{key}", "operator": "==", "value": value} for key, value in where.items()]
    return {"operator": "AND", "conditions": conditions}
