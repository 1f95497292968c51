"""What becomes of tables? nDCG@10 of keyword, dense and hybrid search on two collections of tables, in five forms.

Which form of rows and how large a chunk was chosen on other queries (tatqa_units) and other documents (wikitq).
"Fitted" is hybrid search with what ``pgretrieve fit`` made of judged queries other than those that are measured.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pgretrieve
from benchmarks import embeddings
from benchmarks.corpora import CollectionMissing, data_folder, judged
from benchmarks.quality import MODES, OPTIONS, per_query, randomisation_test, signed
from benchmarks.terminal import terminal_table
from pgretrieve import evaluation
from pgretrieve.encoders import load_encoder
from pgretrieve.tables import find_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from rich.table import Table

    from benchmarks.corpora import Corpus, Document
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from pgretrieve.encoders import Encoder

COLLECTIONS = ("tatqa_units", "wikitq")
CHOSEN_ON = 500
"""Queries of tatqa_units, first of a shuffle, that the forms were chosen on; of wikitq it was every sixth document."""

FITTED_ON = 500
"""Queries that weights are fitted on: of tatqa_units those that the forms were chosen on, of wikitq others of the same
documents."""

ENCODER = "bench-all-MiniLM-L6-v2"
TABLES = {"chunking": {"table_tokens": 64}}
NUMBERS = {"normalise_numbers": True}
FORMS: dict[str, tuple[bool, dict[str, Any]]] = {
    # whether tables are made text first, and settings of the collection
    "flattened": (True, {}),
    "as written": (False, {}),
    "tables": (False, TABLES),
    "flattened, numbers": (True, NUMBERS),
    "tables, numbers": (False, TABLES | NUMBERS),
}
WAYS = (*MODES, "fitted")
WITHIN = (("hybrid", "keyword"), ("hybrid", "dense"), ("fitted", "keyword"), ("fitted", "hybrid"))
COMPARED = (("tables", "flattened"), ("tables", "as written"), ("tables, numbers", "flattened, numbers"),
            ("flattened, numbers", "flattened"), ("tables, numbers", "flattened"))  # fmt: skip


class KeptEncoder:
    """all-MiniLM-L6-v2 whose vectors are kept in the cache folder, so that a second run encodes nothing."""

    def __init__(self) -> None:
        self._encoder: Encoder = load_encoder(embeddings.MODEL)
        self.dimensions = self._encoder.dimensions
        self.max_tokens = self._encoder.max_tokens
        self.special_tokens = self._encoder.special_tokens
        self.token_spans = self._encoder.token_spans

    def encode_documents(self, texts: Sequence[str]) -> NDArray[Any]:
        """Vectors of passages."""
        return embeddings.embed(texts).astype("float32")

    encode_queries = encode_documents


@cache
def _register() -> None:
    pgretrieve.register_encoder(ENCODER, KeptEncoder)


def load(
    data: Path | None, most_queries: int, on_missing: Callable[[str, Exception], None]
) -> Iterator[tuple[Corpus, evaluation.QuerySet]]:
    """Load the collections that are there, with queries that nothing was chosen on, and others to fit on."""
    for name in COLLECTIONS:
        try:
            corpus = judged(name, data_folder(data))
        except CollectionMissing as missing:
            on_missing(name, missing)
            continue
        first = CHOSEN_ON
        if name == "wikitq":
            corpus = replace(corpus, documents=corpus.documents[1::3])
            first = 0
        known = {document.id for document in corpus.documents}
        order = [q for q in corpus.queries if any(grade > 0 for d, grade in corpus.qrels[q].items() if d in known)]
        random.Random(0).shuffle(order)
        asked = order[first : first + most_queries]
        others = order[:first] or order[most_queries:]
        judged_ones = evaluation.QuerySet(corpus.queries, corpus.qrels).only(set(others[:FITTED_ON]))
        yield (
            replace(corpus, queries={q: corpus.queries[q] for q in asked}, qrels={q: corpus.qrels[q] for q in asked}),
            judged_ones,
        )


def flattened(document: Document) -> Document:
    """A document whose tables have become words with spaces between."""
    text = document.text
    for table in reversed(find_tables(text)):
        text = (
            text[: table.start] + " ".join(text[table.start : table.end].replace("|", " ").split()) + text[table.end :]
        )
    return document._replace(text=text)


def measure(bench: Bench, corpus: Corpus, others: evaluation.QuerySet, progress: Label) -> dict[str, Any]:
    """NDCG@10 of each form and way to search, and what differs between them, as JSON."""
    _register()
    values: dict[str, dict[str, NDArray[Any]]] = {}
    chunks = {}
    vectors = dict(zip(corpus.queries, embeddings.embed(list(corpus.queries.values())), strict=True))
    for form, (flat, settings) in FORMS.items():
        documents = [flattened(d) for d in corpus.documents] if flat else corpus.documents
        with bench.collection(f"bench_{corpus.name}", corpus, encoder=ENCODER, **settings) as collection:
            label = progress(f"{corpus.name}, {form}: add")
            chunks[form] = collection.add(
                [document._asdict() for document in documents],
                on_progress=lambda done, label=label: label(done, len(corpus.documents)),  # type: ignore[misc]
            ).chunks
            values[form] = {}
            for way in WAYS:
                if way == "fitted":
                    evaluation.fit(
                        collection, others, settings=["fusion"], on_progress=progress(f"{corpus.name}, {form}: fit")
                    )
                label = progress(f"{corpus.name}, {form}: {way}")
                rankings = {}
                for done, (query, text) in enumerate(corpus.queries.items(), 1):
                    mode = way if way in MODES else "hybrid"
                    hits = collection.search(text, k=10, mode=mode, embedding=vectors[query], options=OPTIONS)
                    rankings[query] = [hit.document_id for hit in hits]
                    label(done, len(corpus.queries))
                values[form][way] = per_query(corpus, rankings)[0]
    return {
        "collection": corpus.name,
        "documents": len(corpus.documents),
        "queries": len(corpus.queries),
        "chunks": chunks,
        "fitted_on": len(others.queries),
        "ndcg": {form: {way: float(found.mean()) for way, found in row.items()} for form, row in values.items()},
        "p_within": {
            form: {f"{one} - {other}": randomisation_test(row[one], row[other]) for one, other in WITHIN}
            for form, row in values.items()
        },
        "p_between": {
            f"{one} - {other}": {way: randomisation_test(values[one][way], values[other][way]) for way in WAYS}
            for one, other in COMPARED
        },
    }


def results(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """As JSON; empty if there was none."""
    return {"collections": measured} if measured else {}


def rows(row: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of one collection: the forms, the same for a terminal and for the page."""
    cells = []
    for form, ndcg in row["ndcg"].items():
        cells.append([form, f"{row['chunks'][form]:,}", *(f"{ndcg[way]:.3f}" for way in WAYS)])
        for one, other in WITHIN:
            p = row["p_within"][form][f"{one} - {other}"]
            cells[-1].append(f"{signed(ndcg[one] - ndcg[other])} (p {p:.3f})")
    return ["nDCG@10", "chunks", *WAYS, *(f"{one} to {other}" for one, other in WITHIN)], cells


def differences(row: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of one collection: one form against another."""
    cells = []
    for pair, found in row["p_between"].items():
        one, other = pair.split(" - ")
        gains = {way: row["ndcg"][one][way] - row["ndcg"][other][way] for way in WAYS}
        cells.append([f"{one} to {other}", *(f"{signed(gains[way])} (p {found[way]:.3f})" for way in WAYS)])
    return ["difference", *WAYS], cells


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    found = []
    for row in result["collections"]:
        title = f"{row['collection']}: {row['documents']:,} documents, {row['queries']:,} queries"
        found += [terminal_table(title, *rows(row)), terminal_table(f"{title}, differences", *differences(row))]
    return found
