"""What goes in and what comes out: plain values, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, overload


@dataclass(frozen=True, slots=True)
class Document:
    """A document as an application gives it.

    Attributes:
        id: the application's id, unique in the collection, 1 to 1000 bytes.
        text: what is chunked, encoded and searched.
        title: searched with every chunk, and encoded in front of it.
        metadata: a JSON object to filter on and to return.
        language: one of the collection's; None for its own.
        fields: more text by name, searched with every chunk, in a collection that was created with such fields.
    """

    id: str
    text: str
    title: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of a result: a chunk, why it is here, and its document.

    Attributes:
        document_id: the id that the application gave the document.
        chunk_id: id of the chunk; it changes when the document is written anew.
        rank: 1 for the best.
        score: what the result is ordered by; higher is better; comparable within one result only.
        relevance: calibrated probability in [0, 1], or None while the collection is not calibrated.
        dense_rank: rank in the dense leg, or None if it is not among its candidates or the leg did not run.
        dense_score: similarity in the dense leg; for cosine in [-1, 1].
        keyword_rank: rank in the keyword leg, or None.
        keyword_score: BM25, above 0.
        title: title of the document.
        text: text of the chunk.
        metadata: metadata of the document.
        rank_before: rank before a reranker, or None if there was none.
        rerank_score: what the reranker gave it; None if there was none, or this hit was not among those reranked.
    """

    document_id: str
    chunk_id: int
    rank: int
    score: float
    relevance: float | None
    dense_rank: int | None
    dense_score: float | None
    keyword_rank: int | None
    keyword_score: float | None
    title: str
    text: str
    metadata: dict[str, Any]
    rank_before: int | None = None
    rerank_score: float | None = None


HIT_COLUMNS = tuple(f.name for f in fields(Hit) if f.name not in ("rank_before", "rerank_score"))
REPORT_COLUMNS = ("strategy", "rows_scanned", "cut_short")


@dataclass(frozen=True, slots=True)
class Reranking:
    """What a reranker did to a result.

    Attributes:
        asked: how many hits it was to score: the first ones, as many as rerank_depth or as there are.
        reranked: how many it scored. They stand first, in its order; the others follow as they were.
        took_ms: time that it took.
        note: why it scored fewer: out of time, or the reranker failed; None if it did not.
    """

    asked: int
    reranked: int
    took_ms: float
    note: str | None = None


class Result(Sequence[Hit]):
    """The hits of one search, best first. Behaves as a list.

    Attributes:
        strategy: 'all', 'exact', 'among', 'filtered' or 'compared', see docs/reference.md; None of a page.
        rows_scanned: chunks that the dense leg took from the index, tested or compared; None where nobody counted.
        cut_short: whether there are fewer than k hits though there may be more to find; None of a page.
        reranking: what a reranker did; None if there was none.
    """

    __slots__ = ("cut_short", "hits", "reranking", "rows_scanned", "strategy")

    def __init__(
        self,
        hits: Sequence[Hit],
        strategy: str | None = None,
        rows_scanned: int | None = None,
        cut_short: bool | None = None,  # noqa: FBT001  as the database gives them, in its order
        reranking: Reranking | None = None,
    ) -> None:
        self.hits = tuple(hits)
        self.strategy = strategy
        self.rows_scanned = rows_scanned
        self.cut_short = cut_short
        self.reranking = reranking

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Result: ...
    def __getitem__(self, index: int | slice) -> Hit | Result:
        if isinstance(index, slice):
            return Result(self.hits[index], self.strategy, self.rows_scanned, self.cut_short, self.reranking)
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Result) and self.hits == other.hits

    def __hash__(self) -> int:
        return hash(tuple(hit.chunk_id for hit in self.hits))

    def __repr__(self) -> str:
        lines = (f"  {h.rank:>3}. {h.score:.4f}  {h.document_id}  {h.title or h.text[:60]!r}" for h in self.hits)
        return "\n".join((f"<Result of {len(self)} hits{', cut short' if self.cut_short else ''}>", *lines))


class Page(Result):
    """One page of a search: the hits of a ``Result``, whose ranks go on from page to page.

    Attributes:
        next_cursor: where the next page begins, or None on the last one.
    """

    __slots__ = ("next_cursor",)

    def __init__(self, hits: Sequence[Hit], next_cursor: str | None) -> None:
        super().__init__(hits)
        self.next_cursor = next_cursor


Span = tuple[int, int]
"""Where something begins and ends, in characters from 0; the end is the first character behind it."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """What of a chunk's text matches a query.

    Attributes:
        chunk_id: id of the chunk.
        snippet: the best part of its text with the matches marked; empty if the chunk is gone.
        spans: all matches in the chunk's text, as (start, end) in characters from 0, in order.
        fragments: what of the text the snippet shows, in the same form.
    """

    chunk_id: int
    snippet: str
    spans: tuple[Span, ...]
    fragments: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk in its document.

    Attributes:
        document_id: the id that the application gave the document.
        chunk_id: id of the chunk.
        ordinal: its place among the chunks of the document, from 0.
        start_offset, end_offset: where it stands in the document's text, in characters from 0.
        text: its text.
    """

    document_id: str
    chunk_id: int
    ordinal: int
    start_offset: int
    end_offset: int
    text: str


CHUNK_COLUMNS = tuple(f.name for f in fields(Chunk))


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """A chunk that supports an answer; a row of ``rerank_with_answer``.

    Attributes:
        document_id: the id that the application gave the document.
        chunk_id: id of the chunk.
        rank: 1 for the best.
        score: what the sources are ordered by; comparable within one answer only.
        rank_before: place among the hits that were given, from 1.
        similarity: cosine with question and answer, at least 0.
        keyword_score: BM25 for question and answer, raised by the numbers that it shares.
        shared_numbers: how many distinct numbers of the answer stand in the chunk.
        title: title of the document.
        text: text of the chunk.
        metadata: metadata of the document.
    """

    document_id: str
    chunk_id: int
    rank: int
    score: float
    rank_before: int
    similarity: float
    keyword_score: float
    shared_numbers: int
    title: str
    text: str
    metadata: dict[str, Any]


SOURCE_COLUMNS = tuple(f.name for f in fields(AnswerSource))


@dataclass(frozen=True, slots=True)
class Facet:
    """How many documents have a value.

    Attributes:
        key: of the metadata.
        value: what stands there; of an array, one of its elements.
        count: documents of the set that have it.
        scope: the set: 'all documents', 'documents that pass the filter', 'documents that match', 'top 1000 hits'.
    """

    key: str
    value: Any
    count: int
    scope: str


@dataclass(frozen=True, slots=True)
class Matches:
    """How much matches: ``documents``, and ``chunks`` of them."""

    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """How a collection was set up; a row of the view pgretrieve.collections.

    ``fields`` are weights by name; those of ``vector_fields`` have a vector of their own.
    """

    name: str
    schema_name: str
    encoder: str | None
    dimensions: int
    language: str
    distance: str
    storage: str
    index: str
    index_settings: dict[str, Any]
    chunking: dict[str, Any]
    k1: float
    b: float
    ef_search: int | None
    created_at: datetime
    fold_accents: bool
    languages: list[str]
    fields: dict[str, float | dict[str, float]]
    vector_fields: list[str]
    normalise_numbers: bool


COLLECTION_COLUMNS = tuple(f.name for f in fields(CollectionInfo))


@dataclass(frozen=True, slots=True)
class CollectionStats:
    """Counts and sizes of a collection; a row of the view pgretrieve.collection_stats.

    Attributes:
        documents, chunks, embeddings: how many are stored.
        pending_embeddings: chunks that still wait for a vector.
        average_chunk_terms: mean chunk length in terms after analysis; None while empty.
        delta_postings: postings not yet in compressed blocks.
        dead_chunks: removed chunks whose postings are still stored.
        segments: generations of posting blocks.
        text_bytes, posting_bytes, embedding_bytes: size on disk, indexes included.
        field_embeddings: vectors of fields, of all fields together.
        pending_field_embeddings: texts of fields that still wait for a vector.
    """

    name: str
    documents: int
    chunks: int
    embeddings: int
    pending_embeddings: int
    average_chunk_terms: float | None
    delta_postings: int
    dead_chunks: int
    segments: int
    text_bytes: int
    posting_bytes: int
    embedding_bytes: int
    field_embeddings: int
    pending_field_embeddings: int


STATS_COLUMNS = tuple(f.name for f in fields(CollectionStats))


@dataclass(frozen=True, slots=True)
class AddResult:
    """What a load did.

    Attributes:
        written: documents written, new or changed.
        unchanged: documents that were stored already, word for word; nothing was encoded or written for them.
        chunks: chunks written.
    """

    written: int = 0
    unchanged: int = 0
    chunks: int = 0

    def __add__(self, other: AddResult) -> AddResult:
        return AddResult(self.written + other.written, self.unchanged + other.unchanged, self.chunks + other.chunks)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A relevance model as it was fitted, with what was seen on held-out queries.

    Attributes:
        mode: of the searches that it is for.
        model_id: of the model in the registry.
        active: whether searches use it now.
        refused: why it was not activated; None if it was, or was not to be.
        fitted_on: evidence, queries, unjudged_queries, foreign_queries.
        figures: value (average precision of the first 20 hits), its baselines (baseline: the raw score; list_z;
            gap_to_top), calibration_error, reliability, and at a cut for 95% of the recall recall_kept, precision,
            precision_uncut (None where nobody has judged), own_empty and foreign_empty (share of its own queries, and
            of those from elsewhere, that find nothing).
        thresholds: cuts by target, as [target, least relevance].
    """

    mode: str
    model_id: int
    active: bool
    refused: str | None
    fitted_on: dict[str, Any]
    figures: dict[str, Any]
    thresholds: dict[str, list[list[float]]]


@dataclass(frozen=True, slots=True)
class Model:
    """Something fitted, as the registry has it; a row of the view pgretrieve.models.

    Attributes:
        kind, slot, version: 'calibration' of a mode, 'settings' and others.
        state: 'proposed', 'active' or 'retired'.
        measure, value, baseline: the figure that it is judged by.
        problem: why searches do not use it although it is active, such as a stale calibration; None if they do.
    """

    id: int
    collection: str
    kind: str
    slot: str
    version: int
    state: str
    measure: str | None
    value: float | None
    baseline: float | None
    parameters: dict[str, Any]
    fitted_on: dict[str, Any]
    figures: dict[str, Any]
    created_at: datetime
    activated_at: datetime | None
    problem: str | None


MODEL_COLUMNS = tuple(f.name for f in fields(Model))


@dataclass(frozen=True, slots=True)
class RecallMeasurement:
    """What searches by meaning find with one setting of the vector index, of what there is to be found.

    Attributes:
        setting: 'ef_search' (HNSW) or 'probes' (IVFFlat).
        value: the setting.
        present: whether searches use it now.
        queries: how many were measured.
        source: of the queries: 'given', 'recorded', or 'own' of the collection.
        mean: share of the nearest k that was found, over all queries.
        worst_decile: the same over the worst tenth of them.
        minimum: the same of the worst query.
        median_ms: median time of a search.
        time_ratio: that, over the median time with the present setting.
    """

    setting: str
    value: int
    present: bool
    queries: int
    source: str
    mean: float
    worst_decile: float
    minimum: float
    median_ms: float
    time_ratio: float


RECALL_COLUMNS = tuple(f.name for f in fields(RecallMeasurement))


@dataclass(frozen=True, slots=True)
class RecallReport:
    """How well a vector index finds.

    Attributes:
        measurements: by setting, in order; none where nothing is approximate or nothing can be measured.
        note: says why there are none.
    """

    measurements: tuple[RecallMeasurement, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What an HNSW index with other settings would cost.

    Attributes:
        index_settings: that could do better than those there are.
        vectors: how many the index holds.
        index_bytes: its size as it is now.
        seconds: estimated for one process, from an index built over a sample; None for those who may not make a
            temporary table.
    """

    index_settings: dict[str, int]
    vectors: int
    index_bytes: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Tuning(RecallReport):
    """What ``tune`` measured and chose.

    Attributes:
        target_recall: what was asked for.
        reached: whether a setting reaches it, or searches are exact anyway.
        chosen: the cheapest setting whose mean reaches it; None if there is none, or nothing was to be chosen.
        stored: whether it is the collection's from now on.
        rebuild: if no setting reaches the target, an index that might; None for IVFFlat, of which all lists were tried.
    """

    target_recall: float = 0.95
    reached: bool = False
    chosen: RecallMeasurement | None = None
    stored: bool = False
    rebuild: Rebuild | None = None
