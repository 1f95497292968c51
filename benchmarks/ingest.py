"""How fast documents come in, what an encoder makes of that, and how many bytes they take."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.database import fill
from benchmarks.embeddings import encode, vectors_of
from benchmarks.timing import bootstrap_ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label

ENCODED = 2_048  # documents of the comparison with the bare encoder
ENCODED_STEP = 256

# What of a collection is counted as what; pg_total_relation_size counts a table with its indexes.
PARTS = {
    "text and metadata": ("document", "chunk"),
    "postings": ("posting", "delta", "segment", "statistic"),
    "vectors": ("embedding",),
}


def measure(bench: Bench, corpus: Corpus, progress: Label) -> dict[str, Any]:
    """All figures of one corpus, as JSON."""
    vectors, _ = vectors_of(corpus, progress)
    name = f"bench_ingest_{corpus.name}"
    with bench.collection(name, corpus, encoder=None, dimensions=vectors.shape[1], index="none") as collection:
        seconds_add = _seconds(lambda: fill(collection, corpus, vectors, progress("add, own vectors")))
        bytes_plain = _bytes(bench, name)
        progress("approximate index")(0, 1)
        seconds_index = _seconds(lambda: _build_index(bench, name))
        bytes_indexed = _bytes(bench, name)
    with_encoder, bare = _with_encoder(bench, corpus, progress("add, with the encoder"))
    documents = len(corpus.documents)
    share = bootstrap_ratio(bare, with_encoder)
    comparisons = [
        Comparison(
            "add with own vectors, no approximate index",
            documents / seconds_add, at_least=5_000, unit="documents/s",
        ),
        Comparison(
            "add with the encoder, share of the bare encoder's speed",
            float(bare.sum() / with_encoder.sum()), share.low, share.high, at_least=0.9,
        ),
        Comparison("build of the approximate index", documents / seconds_index, unit="vectors/s"),
    ]  # fmt: skip
    sizes = {part: bytes_ / documents for part, bytes_ in bytes_plain.items()}
    sizes["approximate index"] = (bytes_indexed["vectors"] - bytes_plain["vectors"]) / documents
    return {
        "corpus": corpus.name,
        "documents": documents,
        "characters_per_document": float(np.mean([len(d.content) for d in corpus.documents])),
        "comparisons": [asdict(c) for c in comparisons],
        "bytes_per_document": sizes,
    }


def _with_encoder(
    bench: Bench, corpus: Corpus, on_progress: Callable[[int, int], None]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds a step of `add` with the encoder in it, and of the encoder alone on the same texts, taking turns."""
    documents = corpus.documents[:ENCODED]
    with_encoder: list[float] = []
    bare: list[float] = []
    with bench.collection(f"bench_encoded_{corpus.name}", corpus) as collection:
        encode([document.content for document in documents[:ENCODED_STEP]])  # loads the model
        collection.search("loads the model here, too", k=1)
        for start in range(0, len(documents), ENCODED_STEP):
            step = documents[start : start + ENCODED_STEP]
            rows = [document._asdict() for document in step]
            turns = [
                (bare, lambda step=step: encode([document.content for document in step])),
                (with_encoder, lambda rows=rows: collection.add(rows)),
            ]
            for seconds, run in turns if start // ENCODED_STEP % 2 else reversed(turns):
                seconds.append(_seconds(run))
            on_progress(start + len(step), len(documents))
    return np.array(with_encoder), np.array(bare)


def _seconds(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return time.perf_counter() - before


def _build_index(bench: Bench, collection: str) -> None:
    """Build the index that a collection has by default, without other load and without letting writers go on."""
    statement = "create index on {}.embedding using hnsw (embedding halfvec_cosine_ops)"
    bench.connection.execute(sql.SQL(statement).format(sql.Identifier(bench.schema_of(collection))))


def _bytes(bench: Bench, collection: str) -> dict[str, int]:
    """Bytes by part of a collection, indexes included."""
    statement = "select pg_total_relation_size(format('%%I.%%I', %s::text, %s::text)::regclass)"
    schema = bench.schema_of(collection)
    return {
        part: sum(bench.connection.execute(statement, [schema, table]).fetchall()[0][0] for table in relations)
        for part, relations in PARTS.items()
    }


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    shown = []
    for part in result["corpora"]:
        title = f"{part['documents']:,} passages of {part['characters_per_document']:.0f} characters"
        compared = Table(title=f"Ingest, {part['corpus']}: {title}")
        for heading in ("what", "measured", "goal"):
            compared.add_column(heading)
        for stored in part["comparisons"]:
            compared.add_row(*Comparison.from_json(stored).cells())
        sizes = Table(title="Bytes per document, indexes included")
        for heading in part["bytes_per_document"]:
            sizes.add_column(heading, justify="right")
        sizes.add_row(*(f"{size:,.0f}" for size in part["bytes_per_document"].values()))
        shown += [compared, sizes]
    return shown
