"""LanceDB in this process: an HNSW index over scalar-quantised vectors, its own full-text index, its RRF."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, ClassVar

os.environ.setdefault("LANCEDB_LOG", "error")  # read on import; it warns at every search

import lancedb
import pyarrow as pa
from lancedb.rerankers import RRFReranker

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, RRF_K, M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class Lance:
    """One table on disk with three indexes; English stemming and stop words are its defaults."""

    packages: ClassVar[Sequence[str]] = ("lancedb",)
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = "in process, files; `IVF_HNSW_SQ` of one partition, native full-text index, `RRFReranker`"

    def __init__(self, place: Place) -> None:
        self._place, self._folder = place, place.folder / f"{place.name}.lance"
        self._db = lancedb.connect(self._folder)
        self._reranker = RRFReranker(RRF_K)
        self._ef_search = 40

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        flat = pa.array(vectors.astype("float32").ravel())
        table = pa.table({
            "id": [passage.id for passage in passages],
            "text": [passage.text for passage in passages],
            "part": [passage.metadata.get("part") for passage in passages],
            "vector": pa.FixedSizeListArray.from_arrays(flat, self._place.dimensions),
        })  # fmt: skip
        self._table = self._db.create_table("passages", table)
        self._table.create_index(
            metric="cosine", index_type="IVF_HNSW_SQ", num_partitions=1, m=M, ef_construction=EF_CONSTRUCTION
        )
        self._table.create_fts_index("text")
        self._table.create_scalar_index("part", index_type="BITMAP")

    def tune(self, ef_search: int) -> None:
        self._ef_search = ef_search

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        # Each leg returns as many rows as the search, so a pool means to ask for more and cut.
        asked = self._table.search(query_type="hybrid").vector(vector).text(query).limit(max(k, DEPTH))
        asked = asked.ef(max(self._ef_search, k, DEPTH)).rerank(self._reranker).select(["id", "text"])
        if filter:
            asked = asked.where(_where(filter), prefilter=True)
        return [row["id"] for row in asked.to_list()][:k]

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        asked = self._table.search(vector).distance_type("cosine").limit(k).ef(max(self._ef_search, k))
        asked = asked.select(["id", "text"])
        if filter:
            asked = asked.where(_where(filter), prefilter=True)
        return [row["id"] for row in asked.to_list()]

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _where(filter: Filter) -> str:
    return " and ".join(f"{key} = '{value}'" for key, value in filter.items())
