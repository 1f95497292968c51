"""How fast documents come in, what an encoder makes of that, and how many bytes they take."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.database import fill
from benchmarks.embeddings import encode, vectors_of
from benchmarks.timing import backend_clock, process_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from benchmarks.timing import CpuClock

ENCODED = 4_096  # documents of the comparison with the bare encoder
ENCODED_STEP = 512  # documents of one turn; `add` commits as many at a time

# What of a collection is counted as what; pg_total_relation_size counts a table with its indexes.
PARTS = {
    "text and metadata": ("document", "chunk"),
    "postings": ("posting", "delta", "segment", "statistic"),
    "vectors": ("embedding",),
}


def measure(bench: Bench, corpus: Corpus, progress: Label) -> dict[str, Any]:
    """All figures of one corpus, as JSON."""
    vectors, _ = vectors_of(corpus, progress)
    name, documents = f"bench_ingest_{corpus.name}", len(corpus.documents)
    clock = _clock(bench)
    with bench.collection(name, corpus, encoder=None, dimensions=vectors.shape[1], index="none") as collection:
        added = _spent(lambda: fill(collection, corpus, vectors, progress(f"{corpus.name}: add, own vectors")), clock)
        bytes_plain = _bytes(bench, name)
        progress(f"{corpus.name}: approximate index")(0, 1)
        indexed = _spent(lambda: _build_index(bench, name))
        bytes_indexed = _bytes(bench, name)
        posting = sql.Identifier(bench.schema_of(name), "posting")
        bench.connection.execute(sql.SQL("vacuum full {}").format(posting))  # without the space that merging left free
        bytes_rewritten = _bytes(bench, name)
    comparisons = [
        Comparison("add with own vectors, no index", documents / added.wall_s, at_least=5_000, unit="documents/s")
    ]
    if added.cpu_s:
        per_cpu = Comparison("the same, per second of CPU time", documents / added.cpu_s, unit="documents/s")
        comparisons.append(per_cpu)
    comparisons.append(Comparison("build of the approximate index", documents / indexed.wall_s, unit="vectors/s"))
    if corpus.vectors is None:  # real text; made-up words are nothing to encode
        comparisons += _compare_with_encoder(bench, corpus, progress(f"{corpus.name}: add, with the encoder"))
    sizes = {part: size / documents for part, size in bytes_plain.items()}
    sizes["postings after vacuum full"] = bytes_rewritten["postings"] / documents
    sizes["approximate index"] = (bytes_indexed["vectors"] - bytes_plain["vectors"]) / documents
    return {
        "corpus": corpus.name,
        "documents": documents,
        "characters_per_document": float(np.mean([len(d.content) for d in corpus.documents])),
        "comparisons": [asdict(c) for c in comparisons],
        "bytes_per_document": sizes,
    }


def _compare_with_encoder(
    bench: Bench, corpus: Corpus, on_progress: Callable[[int, int], None]
) -> Iterator[Comparison]:
    """`add` with the encoder in it and an index to keep, against the encoder alone on the same texts, taking turns."""
    documents = corpus.documents[:ENCODED]
    clock = _clock(bench)
    with_encoder, bare = Spent(0, 0), Spent(0, 0)
    with bench.collection(f"bench_encoded_{corpus.name}", corpus) as collection:
        encode(["loads the model"])
        collection.search("loads the model here, too", k=1)
        for start in range(0, len(documents), ENCODED_STEP):
            step = documents[start : start + ENCODED_STEP]
            texts, rows = [document.content for document in step], [document._asdict() for document in step]
            if start // ENCODED_STEP % 2:
                bare += _spent(partial(encode, texts), clock)
            with_encoder += _spent(partial(collection.add, rows), clock)
            if not start // ENCODED_STEP % 2:
                bare += _spent(partial(encode, texts), clock)
            on_progress(start + len(step), len(documents))
    name = "add with the encoder, speed as a share of the bare encoder's"
    yield Comparison(name, bare.wall_s / with_encoder.wall_s, at_least=0.9)
    if with_encoder.cpu_s:
        yield Comparison("the same, in CPU time", bare.cpu_s / with_encoder.cpu_s)


@dataclass(frozen=True)
class Spent:
    """Seconds that something took; CPU seconds are of this process and the server's, zero if that is elsewhere."""

    wall_s: float
    cpu_s: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)


def _clock(bench: Bench) -> CpuClock | None:
    """CPU milliseconds of this process and of the server's process that serves it."""
    backend = backend_clock(bench.connection)
    return (lambda: process_clock() + backend()) if backend else None


def _spent(run: Callable[[], object], clock: CpuClock | None = None) -> Spent:
    wall, cpu = time.perf_counter(), clock() if clock else 0.0
    run()
    return Spent(time.perf_counter() - wall, (clock() - cpu) / 1e3 if clock else 0.0)


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
