"""Does keyword search find it in other languages too? nDCG@10 on judged collections, each with its analyser."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from ir_measures import calc_aggregate as aggregate
from ir_measures import nDCG
from rich.table import Table

from benchmarks.corpora import CollectionMissing, data_folder, judged
from benchmarks.quality import OPTIONS, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label

DEPTH = 10
MEASURE = nDCG @ DEPTH
TOLERANCE = 0.02

# (language here, nDCG@10 of an independent BM25 with a comparable analyser, from the notes that come with them).
COLLECTIONS = {
    "xquad_en": ("english", 0.9651),
    "xquad_de": ("german", 0.9403),
    "xquad_es": ("spanish", 0.9609),
    "xquad_ru": ("russian", 0.9519),
    "xquad_ar": ("arabic", 0.8645),
    "xquad_hi": ("hindi", 0.9558),
    "xquad_tr": ("turkish", 0.9378),
    "xquad_vi": ("simple", 0.9593),
    "xquad_zh": ("cjk", 0.9016),
    "jsquad": ("cjk", 0.8081),
    "stard_judged": ("cjk", 0.4813),
}


@dataclass(frozen=True)
class Found:
    """Mean nDCG@10 of keyword search over the judged queries of one collection; a query without results counts zero."""

    collection: str
    language: str
    documents: int
    queries: int
    ndcg: float
    folded: float  # with fold_accents
    bm25_ndcg: float  # of an independent BM25


def load(data: Path | None, on_missing: Callable[[str, Exception], None]) -> Iterator[Corpus]:
    """Load the collections that are there, one at a time."""
    for name, (language, _) in COLLECTIONS.items():
        try:
            yield replace(judged(name, data_folder(data)), language=language)
        except CollectionMissing as missing:
            on_missing(name, missing)


def measure(bench: Bench, corpus: Corpus, progress: Label) -> Found:
    """Index a collection in its language, each document as one chunk, and put every judged query to it."""
    plain, folded = (_ndcg(bench, corpus, progress, fold_accents=fold) for fold in (False, True))
    documents, queries = len(corpus.documents), len(corpus.queries)
    return Found(corpus.name, corpus.language, documents, queries, plain, folded, COLLECTIONS[corpus.name][1])


def _ndcg(bench: Bench, corpus: Corpus, progress: Label, *, fold_accents: bool) -> float:
    settings = {"encoder": None, "dimensions": 1, "index": "none", "chunking": {"max_characters": 60_000}}
    on_progress = progress(corpus.name + (" without accents" if fold_accents else ""))
    with bench.collection(f"bench_{corpus.name}", corpus, fold_accents=fold_accents, **settings) as collection:
        collection.add([document._asdict() for document in corpus.documents])
        run = {}
        for number, (query_id, query) in enumerate(corpus.queries.items(), 1):
            hits = collection.search(query, k=DEPTH, mode="keyword", options=OPTIONS)
            run[query_id] = {hit.document_id: float(DEPTH - hit.rank) for hit in hits}
            on_progress(number, len(corpus.queries))
    return float(aggregate([MEASURE], corpus.qrels, run)[MEASURE])


def results(measured: list[Found]) -> dict[str, Any]:
    """As JSON: a row a collection; empty if there was none."""
    return {"collections": [asdict(row) for row in measured]} if measured else {}


def rows(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of the figures as a table."""
    heading = ["keyword nDCG@10", "language", "queries", "pgretrieve", "BM25 elsewhere", "difference", "goal", "folded"]
    cells = []
    for row in result["collections"]:
        difference = row["ndcg"] - row["bm25_ndcg"]
        cells.append([
            row["collection"], row["language"], str(row["queries"]), f"{row['ndcg']:.3f}", f"{row['bm25_ndcg']:.3f}",
            signed(difference), "met" if difference >= -TOLERANCE else "missed", f"{row['folded']:.3f}",
        ])  # fmt: skip
    return heading, cells


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    table = Table(
        title="Languages: keyword search",
        caption=f"goal: at most {TOLERANCE} below BM25 elsewhere; folded: with fold_accents",
    )
    heading, cells = rows(result)
    for number, name in enumerate(heading):
        table.add_column(name, justify="left" if number < 2 else "right")
    for row in cells:
        table.add_row(*row)
    return [table]
