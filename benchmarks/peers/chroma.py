"""Chroma in this process: vectors only, so that is what its searches are."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, ClassVar

import chromadb
from chromadb.config import Settings

from benchmarks.peers.base import EF_CONSTRUCTION, M, batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class Chroma:
    """A persistent client with one collection."""

    packages: ClassVar[Sequence[str]] = ("chromadb",)
    hybrid: ClassVar[bool] = False
    setup: ClassVar[str] = "in process, files; `PersistentClient`, vectors only"

    def __init__(self, place: Place) -> None:
        self._folder = place.folder / f"{place.name}.chroma"
        self._client = self._open()
        hnsw = {"space": "cosine", "max_neighbors": M, "ef_construction": EF_CONSTRUCTION, "ef_search": 100}
        self._collection = self._client.create_collection(
            place.name, configuration={"hnsw": hnsw}, embedding_function=None
        )

    def _open(self) -> chromadb.ClientAPI:
        return chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        for some, those in batches(passages, vectors, min(5_000, self._client.get_max_batch_size())):
            self._collection.add(
                ids=[passage.id for passage in some],
                embeddings=those,
                documents=[passage.text for passage in some],
                metadatas=[dict(passage.metadata) for passage in some],
            )

    def tune(self, ef_search: int) -> None:
        self._collection.modify(configuration={"hnsw": {"ef_search": ef_search}})
        name = self._collection.name
        self._client.close()  # an index that is loaded keeps the value that it was loaded with
        self._client = self._open()
        self._collection = self._client.get_collection(name, embedding_function=None)

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:  # noqa: ARG002
        return self.dense(vector, k, filter)

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        where: dict[str, Any] | None = dict(filter) if filter else None
        return list(self._collection.query(query_embeddings=[vector], n_results=k, where=where)["ids"][0])

    def close(self) -> None:
        self._client.close()
        shutil.rmtree(self._folder, ignore_errors=True)
