"""pgretrieve itself, through its Python client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class Own:
    """A collection with its defaults: half vectors, BM25, fusion `blend`."""

    packages: ClassVar[Sequence[str]] = ("pgretrieve",)
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = "`Collection.search`, defaults: halfvec HNSW, exact BM25, fusion `blend`, one statement"
    fusion: ClassVar[str] = "blend"

    def __init__(self, place: Place) -> None:
        if place.db is None:
            raise ValueError("pgretrieve needs a client")
        self._db, self._name = place.db, place.name
        self._ef_search = 200
        self._collection = place.db.create_collection(
            place.name, encoder=None, dimensions=place.dimensions, language=place.language,
            index_settings={"m": M, "ef_construction": EF_CONSTRUCTION},
        )  # fmt: skip

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        # The first load drops the empty index and builds it at the end, in the same call.
        self._collection.add([passage._asdict() for passage in passages], embeddings=vectors)

    def tune(self, ef_search: int) -> None:
        self._ef_search = ef_search

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        options = {"ef_search": self._ef_search, "depth": max(k, DEPTH), "fusion": self.fusion}
        return self._ids(query, vector, k, filter, "hybrid", options)

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        # Without a depth of its own a search would keep 100 candidates, whatever ef_search says.
        return self._ids("", vector, k, filter, "dense", {"ef_search": self._ef_search, "depth": k})

    def _ids(
        self, query: str, vector: Vector, k: int, where: Filter | None, mode: str, options: dict[str, Any]
    ) -> list[str]:
        given = dict(where) if where else None
        hits = self._collection.search(query, k=k, mode=mode, embedding=vector, filter=given, options=options)
        return [hit.document_id for hit in hits]

    def close(self) -> None:
        self._db.drop_collection(self._name)


class OwnRrf(Own):
    """The same with the fusion that the others use, to tell what the default fusion adds."""

    setup: ClassVar[str] = 'the same with `"fusion": "rrf"`, what the others do'
    fusion: ClassVar[str] = "rrf"
