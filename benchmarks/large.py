"""Keyword search in a large collection, against scoring everything and against full-text search in the same server.

No vectors: what is asked is how the cost of words grows with the collection.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.references import FullText, drop_full_text, fill_full_text
from benchmarks.timing import Contender, backend_clock, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label

    Run = Callable[[str], list[Any]]

DEPTHS = (10, 100)
CHECKED = 20  # queries whose rankings are compared


def measure(bench: Bench, corpus: Corpus, queries: int, progress: Label) -> dict[str, Any]:
    """Index a corpus without vectors, time keyword searches of it; the figures as JSON."""
    name = f"bench_large_{corpus.name}"
    with bench.collection(name, corpus, encoder=None, dimensions=1, index="none") as collection:
        count = len(corpus.documents)
        bar = progress(f"{corpus.name}: add")
        collection.add((d._asdict() for d in corpus.documents), on_progress=lambda done: bar(done, count))
        progress("full-text table")(0, 1)
        fill_full_text(bench.connection, corpus)
        try:
            return _measure(bench, corpus, name, list(corpus.queries.values())[:queries], progress)
        finally:
            drop_full_text(bench.connection)


def _measure(bench: Bench, corpus: Corpus, collection: str, queries: list[str], progress: Label) -> dict[str, Any]:
    schema = bench.schema_of(collection)
    for setting in ("plan_cache_mode = force_generic_plan", "jit = off", "work_mem = '64MB'"):  # as a search has them
        bench.tuned.execute(f"set {setting}")
    clock, tuned_clock = backend_clock(bench.connection), backend_clock(bench.tuned)
    full_text = FullText(bench.connection, corpus.language)
    searches = {f"keyword, k {k}": _search(bench, collection, k) for k in DEPTHS}
    everything = {f"all scores, k {k}": _all_scores(bench, schema, k) for k in DEPTHS}
    timings = interleaved(
        [
            *(Contender(name, run, clock) for name, run in searches.items()),
            *(Contender(name, run, tuned_clock) for name, run in everything.items()),
            Contender(full_text.name, lambda query: full_text.search(query, DEPTHS[0]), clock),
        ],
        queries,
        on_progress=progress(f"{corpus.name}: keyword"),
    )
    comparisons = [
        Comparison.of(f"{full_text.name} / keyword, k 10", timings.ratio(full_text.name, "keyword, k 10"), at_least=15),
        *(
            Comparison.of(f"all scores / keyword, k {k}", timings.ratio(f"all scores, k {k}", f"keyword, k {k}"))
            for k in DEPTHS
        ),
    ]
    pairs = list(zip(searches.values(), everything.values(), strict=True))
    return {
        "corpus": corpus.name,
        "documents": len(corpus.documents),
        "queries": len(queries),
        "compared": "CPU time" if timings.cpu else "wall time",
        "times": timings.summary(),
        "comparisons": [asdict(c) for c in comparisons],
        "same_as_all_scores": float(np.mean([run(q) == full(q) for run, full in pairs for q in queries[:CHECKED]])),
    }


def _search(bench: Bench, collection: str, k: int) -> Run:
    """A keyword search through the SQL function."""
    statement = sql.SQL(
        "select chunk_id::integer, score from pgretrieve.search({}, %s, k => {}, mode => 'keyword') order by rank"
    ).format(collection, k)
    text = statement.as_string(bench.connection)
    return lambda query: bench.connection.execute(text, [query], prepare=True).fetchall()


def _all_scores(bench: Bench, schema: str, k: int) -> Run:
    """The same ranking by scoring every chunk that holds a word of the query."""
    statement = sql.SQL(
        "select chunk_id, score from {}.bm25(row(%s, null, null, null)) order by score desc, chunk_id limit {}"
    ).format(sql.Identifier(schema), k)  # fmt: skip
    text = statement.as_string(bench.tuned)
    return lambda query: bench.tuned.execute(text, [query], prepare=True).fetchall()


def headings() -> list[str]:
    """Of the table of times."""
    return ["milliseconds", "CPU median", "CPU p95", "wall median", "wall p95"]


def cells(part: dict[str, Any]) -> list[list[str]]:
    """Rows of the table of times."""
    figures = ("cpu_ms", "cpu_p95_ms", "wall_ms", "wall_p95_ms")
    return [[name, *(f"{row[f]:.1f}" if f in row else "-" for f in figures)] for name, row in part["times"].items()]


def compared(part: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Rows of the table of comparisons."""
    rows = [Comparison.from_json(stored).cells() for stored in part["comparisons"]]
    return [*rows, ("same ranking and scores as all scores", f"{part['same_as_all_scores']:.0%} of searches", "")]


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    shown = []
    for part in result["corpora"]:
        size = f"{part['corpus']}, {part['documents']:,} passages, {part['queries']} queries"
        times = Table(*headings(), title=f"Large collections: {size}")
        ratios = Table(
            "what", "ratio (95% interval)", "goal", title=f"Compared: ratio of medians of {part['compared']}"
        )
        for row in cells(part):
            times.add_row(*row)
        for row in compared(part):
            ratios.add_row(*row)
        shown += [times, ratios]
    return shown
