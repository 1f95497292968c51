"""tantivy and faiss in this process, and RRF in Python: two libraries and the glue that an application writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import faiss
import numpy as np
import tantivy

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, M, batches, reciprocal_rank_fusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector


class TantivyFaiss:
    """A BM25 index with tantivy's English stemmer and an HNSW index over full vectors, both in memory."""

    packages: ClassVar[Sequence[str]] = ("tantivy", "faiss-cpu")
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = "in process, memory; `en_stem`, `parse_query_lenient`, `IndexHNSWFlat`, RRF in Python"

    def __init__(self, place: Place) -> None:
        fields = tantivy.SchemaBuilder()
        fields.add_text_field("id", stored=True, tokenizer_name="raw")
        fields.add_text_field("part", tokenizer_name="raw")
        fields.add_text_field("text", tokenizer_name="en_stem")
        self._schema = fields.build()
        self._index = tantivy.Index(self._schema)
        self._vectors = faiss.IndexHNSWFlat(place.dimensions, M, faiss.METRIC_INNER_PRODUCT)
        self._vectors.hnsw.efConstruction = EF_CONSTRUCTION
        self._passages: list[Passage] = []
        self._ef_search = 16

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        writer = self._index.writer(200_000_000, 1)
        for some, those in batches(passages, vectors, 5_000):
            for passage in some:
                writer.add_document(
                    tantivy.Document(id=passage.id, part=passage.metadata.get("part", ""), text=passage.text)
                )
            self._vectors.add(np.ascontiguousarray(those, np.float32))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._passages = list(passages)

    def tune(self, ef_search: int) -> None:
        self._ef_search = ef_search

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        depth = max(k, DEPTH)
        return reciprocal_rank_fusion([self.dense(vector, depth, filter), self._keyword(query, depth, filter)], k)

    def _keyword(self, query: str, k: int, where: Filter | None) -> list[str]:
        asked, _ = self._index.parse_query_lenient(query, ["text"])
        if where:
            must = [
                (tantivy.Occur.Must, tantivy.Query.const_score_query(
                    tantivy.Query.term_query(self._schema, key, value), 0.0))
                for key, value in where.items()
            ]  # fmt: skip
            asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), *must])
        hits = self._searcher.search(asked, k, count=False).hits
        return [str(self._searcher.doc(address)["id"][0]) for _, address in hits]

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        settings = faiss.SearchParametersHNSW(efSearch=max(self._ef_search, k))
        if filter:
            passing = [i for i, passage in enumerate(self._passages) if filter.items() <= passage.metadata.items()]
            settings.sel = faiss.IDSelectorBatch(passing)
        _, found = self._vectors.search(np.ascontiguousarray(vector[None], np.float32), k, params=settings)
        return [self._passages[i].id for i in found[0] if i >= 0]

    def close(self) -> None:
        self._passages = []
