"""Which way of joining the legs finds most? nDCG@10 of every method of fusion on nine public test collections.

The default was chosen with all of them in view; docs/benchmarks.md says what it comes to on queries that had no say.
Beside them four in languages that the encoder was not made for: there one leg knows next to nothing.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from benchmarks.corpora import CollectionMissing, data_folder, judged
from benchmarks.database import fill
from benchmarks.embeddings import vectors_of
from benchmarks.quality import DEPTH, OPTIONS, per_query, randomisation_test, signed
from benchmarks.terminal import terminal_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label

COLLECTIONS = (
    "cranfield", "medline", "cisi", "cacm", "scifact", "vaswani", "cosqa", "hotpotqa_sample", "chorus_products",
)  # fmt: skip
UNKNOWN = {"xquad_de": "german", "xquad_zh": "cjk", "jsquad": "cjk", "stard_judged": "cjk"}
"""With the language of their words."""
UNKNOWN_QUERIES = 300
LEGS = ("keyword", "dense")
DEFAULT = "blend"


def load(data: Path | None, on_missing: Callable[[str, Exception], None]) -> Iterator[Corpus]:
    """Load the collections that are there, one at a time."""
    for name in COLLECTIONS:
        try:
            yield judged(name, data_folder(data))
        except CollectionMissing as missing:
            on_missing(name, missing)


def load_unknown(data: Path | None, on_missing: Callable[[str, Exception], None]) -> Iterator[Corpus]:
    """Load the collections that the encoder does not understand, with a sample of their queries."""
    for name, language in UNKNOWN.items():
        try:
            corpus = judged(name, data_folder(data))
        except CollectionMissing as missing:
            on_missing(name, missing)
            continue
        asked = random.Random(0).sample(sorted(corpus.queries), min(UNKNOWN_QUERIES, len(corpus.queries)))
        yield replace(
            corpus,
            language=language,
            queries={query: corpus.queries[query] for query in asked},
            qrels={query: corpus.qrels[query] for query in asked},
        )


def measure(bench: Bench, corpus: Corpus, progress: Label) -> dict[str, Any]:
    """Put every judged query to a collection by either leg and by every method; nDCG@10 of each, as JSON."""
    vectors, query_vectors = vectors_of(corpus, progress)
    asked = dict(zip(corpus.queries, query_vectors, strict=True))
    rows = bench.connection.execute("select unnest(pgretrieve._fusion_methods())").fetchall()
    methods = [row[0] for row in rows]
    with bench.collection(f"bench_{corpus.name}", corpus, encoder=None, dimensions=vectors.shape[1]) as collection:
        fill(collection, corpus, vectors, progress(f"{corpus.name}: add"))

        def ranking(query_id: str, way: str) -> list[str]:
            hits = collection.search(
                corpus.queries[query_id],
                k=10,
                mode=way if way in LEGS else "hybrid",
                embedding=asked[query_id],
                options=OPTIONS | {"depth": DEPTH} | ({} if way in LEGS else {"fusion": way}),
            )
            return [hit.document_id for hit in hits]

        values = {}
        for way in (*LEGS, *methods):
            report = progress(f"{corpus.name}: {way}")
            rankings = {}
            for done, query_id in enumerate(corpus.queries, 1):
                rankings[query_id] = ranking(query_id, way)
                report(done, len(corpus.queries))
            values[way] = per_query(corpus, rankings)[0]
    better = max(LEGS, key=lambda leg: values[leg].mean())
    return {
        "collection": corpus.name,
        "queries": len(corpus.queries),
        "ndcg": {way: float(found.mean()) for way, found in values.items()},
        "p_against_rrf": randomisation_test(values[DEFAULT], values["rrf"]),
        "better_leg": better,
    }


def results(measured: list[dict[str, Any]], unknown: list[dict[str, Any]]) -> dict[str, Any]:
    """Of collections that the encoder understands and of those that it does not: the rows, the mean of each way, and
    its worst difference to the better leg. Empty if there was none of the first.
    """
    if not measured:
        return {}
    return _results(measured) | ({"unknown": _results(unknown)} if unknown else {})


def _results(measured: list[dict[str, Any]]) -> dict[str, Any]:
    ways = list(measured[0]["ndcg"])
    return {
        "collections": measured,
        "mean": {way: float(np.mean([row["ndcg"][way] for row in measured])) for way in ways},
        "worst": {way: min(row["ndcg"][way] - row["ndcg"][row["better_leg"]] for row in measured) for way in ways},
    }


def rows(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells, the same for a terminal and for the page."""
    ways = list(result["mean"])
    cells = [
        [
            row["collection"],
            str(row["queries"]),
            *(f"{row['ndcg'][way]:.3f}" for way in ways),
            f"{row['p_against_rrf']:.3f}",
        ]
        for row in result["collections"]
    ]
    cells.append(["mean", "", *(f"{result['mean'][way]:.3f}" for way in ways), ""])
    cells.append(["worst, to the better leg", "", *(signed(result["worst"][way]) for way in ways), ""])
    return ["nDCG@10", "queries", *ways, f"p, {DEFAULT} to rrf"], cells


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    parts = {"": result, ", languages that the encoder does not know": result.get("unknown")}
    return [terminal_table(f"Fusion: nDCG@10{title}", *rows(part)) for title, part in parts.items() if part is not None]
