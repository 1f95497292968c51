"""What a filter does to a search: how many rows come, whether they are the right ones, and what it costs.

Filters let pass 50, 5, 0.5 and 0.05 % of the documents: any of them, those that lie where the query does, or those that
lie on the far side. Which those are is told by the direction in which the vectors differ most. The measure is the same
search without a filter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql
from psycopg.types.json import Jsonb
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.embeddings import vectors_of
from benchmarks.terminal import terminal_table
from benchmarks.timing import Contender, backend_clock, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from benchmarks.timing import Timings

K = 10
SHARES = (0.5, 0.05, 0.005, 0.0005)
KINDS = {
    "any": "any documents, by an equal value",
    "range": "any documents, by a range of numbers, of a key that is declared filterable",
    "near": "those on the query's side",
    "far": "those on the other side",
}
MODES = ("dense", "keyword", "hybrid")

_SEARCH = """
select chunk_id, score from pgretrieve.search(
    {}, %(query)s, embedding => %(embedding)s::vector, k => {}, mode => {}, filter => %(filter)s, options => {})"""


@dataclass(frozen=True)
class Question:
    """A query: its words, its vector as Postgres writes it, and the side of the collection that it lies on."""

    text: str
    vector: str
    side: str  # 'high' or 'low'


@dataclass(frozen=True)
class Case:
    """A kind of filter that lets a share of the documents pass."""

    kind: str
    share: float

    @property
    def name(self) -> str:
        """Such as 'near 5%'."""
        return f"{self.kind} {100 * self.share:g}%"

    @property
    def parts(self) -> int:
        """One of how many documents passes."""
        return round(1 / self.share)

    def filter(self, question: Question, documents: int) -> dict[str, Any]:
        """The filter for one query; of the values that the kind could take, always the same."""
        if self.kind == "any":
            return {f"any_{self.parts}": 0}
        if self.kind == "range":
            return {"number": {"$lt": round(documents * self.share)}}
        other = {"high": "low", "low": "high"}[question.side]
        return {f"{question.side if self.kind == 'near' else other}_{self.parts}": True}


CASES = [Case(kind, share) for share in SHARES for kind in KINDS]


@dataclass(frozen=True)
class Subject:
    """A corpus as it stands in the database, with metadata to filter on, and the queries to it."""

    bench: Bench
    collection: str
    documents: int
    questions: list[Question]


def measure(bench: Bench, corpus: Corpus, queries: int, progress: Label) -> dict[str, Any]:
    """Index a corpus with metadata, and search it under every filter; the figures as JSON."""
    vectors, query_vectors = vectors_of(corpus, progress)
    name = f"bench_filters_{corpus.name}"
    with bench.collection(name, corpus, encoder=None, dimensions=vectors.shape[1]) as collection:
        total = len(corpus.documents)
        bar = progress(f"{corpus.name}: add")
        direction = _direction(vectors)
        collection.add(
            _with_metadata(corpus, vectors.astype(np.float32) @ direction),
            embeddings=vectors,
            on_progress=lambda done: bar(done, total),
        )
        collection.set_filterable({"number": "number"})
        return _measure(Subject(bench, name, total, _questions(corpus, query_vectors, direction, queries)), progress)


def _direction(vectors: NDArray[np.float16]) -> NDArray[np.float32]:
    """The direction in which vectors differ most, from a sample of them."""
    sample = vectors[:: max(1, len(vectors) // 5000)].astype(np.float32)
    return np.asarray(np.linalg.svd(sample - sample.mean(axis=0), full_matrices=False)[2][0])


def _with_metadata(corpus: Corpus, places: NDArray[np.float32]) -> Iterator[dict[str, Any]]:
    """The documents, each with a number drawn by lot and with what the filters ask for."""
    size = len(corpus.documents)
    numbers = np.random.default_rng(0).permutation(size)
    order = np.empty(size, np.int64)
    order[np.argsort(places)] = np.arange(size)
    for document, number, place in zip(corpus.documents, numbers.tolist(), order.tolist(), strict=True):
        metadata: dict[str, Any] = {"number": number}
        for parts in (round(1 / share) for share in SHARES):
            metadata[f"any_{parts}"] = number % parts
            metadata[f"low_{parts}"] = place * parts < size
            metadata[f"high_{parts}"] = (size - place - 1) * parts < size
        yield document._asdict() | {"metadata": metadata}


def _questions(
    corpus: Corpus, query_vectors: NDArray[np.float16], direction: NDArray[np.float32], most: int
) -> list[Question]:
    """The queries that lie most to one side or the other."""
    places = query_vectors.astype(np.float32) @ direction
    places -= np.median(places)
    chosen = sorted(np.argsort(-np.abs(places))[:most])
    texts = list(corpus.queries.values())
    return [
        Question(
            texts[i], "[" + ",".join(f"{x:.6g}" for x in query_vectors[i]) + "]", "high" if places[i] > 0 else "low"
        )
        for i in chosen
    ]


def _measure(subject: Subject, progress: Label) -> dict[str, Any]:
    timings = {mode: _time(subject, mode, progress) for mode in MODES}
    rows = []
    for case in CASES:
        progress(f"{subject.collection}: what {case.name} finds")(0, 1)
        rows.append(
            {
                "case": case.name,
                **_found(subject, case),
                "forms": _forms(subject, case),
                "ratios": {
                    mode: asdict(
                        Comparison.of(f"{mode}, {case.name}", timings[mode].ratio(case.name, "no filter"), at_most=1.5)
                    )
                    for mode in MODES
                },
            }
        )
    return {
        "corpus": subject.collection.rpartition("_")[2],
        "documents": subject.documents,
        "queries": len(subject.questions),
        "compared": "CPU time" if "no filter" in timings["dense"].cpu else "wall time",
        "cases": rows,
        "unfiltered": {mode: timings[mode].summary()["no filter"] for mode in MODES},
    }


def _time(subject: Subject, mode: str, progress: Label) -> Timings:
    """A search without a filter, and with each."""
    clock = backend_clock(subject.bench.connection)
    search = _search(subject, mode)
    contenders = [Contender("no filter", lambda q: search(q, None), clock)]
    contenders += [
        Contender(case.name, lambda q, case=case: search(q, case.filter(q, subject.documents)), clock) for case in CASES
    ]
    return interleaved(contenders, subject.questions, on_progress=progress(f"{subject.collection}: {mode}"))


def _search(
    subject: Subject, mode: str, k: int = K, options: str = "{}"
) -> Callable[[Question, dict[str, Any] | None], list[tuple[int, float]]]:
    """A search of the collection through the SQL function."""
    connection = subject.bench.connection
    statement = sql.SQL(_SEARCH).format(subject.collection, k, mode, options).as_string(connection)

    def run(question: Question, condition: dict[str, Any] | None) -> list[tuple[int, float]]:
        values = {"query": question.text, "filter": None if condition is None else Jsonb(condition)}
        values["embedding"] = question.vector if mode != "keyword" else None
        return connection.execute(statement, values, prepare=True).fetchall()

    return run


def _found(subject: Subject, case: Case) -> dict[str, float]:
    """Recall@10 of the dense leg, least share of the rows that there are, share of keyword results that are exact."""
    dense, exact = _search(subject, "dense"), _search(subject, "dense", options='{"exact": true}')
    words, all_words = _search(subject, "keyword"), _search(subject, "keyword", 10_000)
    recall, filled, same = [], [], []
    for question in subject.questions:
        condition = case.filter(question, subject.documents)
        right = {chunk for chunk, _ in exact(question, condition)}
        came = {chunk for chunk, _ in dense(question, condition)}
        recall.append(len(right & came) / len(right))
        filled.append(len(came) / len(right))
        # the first ten of a list that goes on to the end of the collection, or to ten thousand
        same.append(words(question, condition) == all_words(question, condition)[:K])
    return {"recall": float(np.mean(recall)), "filled": float(np.min(filled)), "keyword_exact": float(np.mean(same))}


def _forms(subject: Subject, case: Case) -> str:
    """Which form of each leg ran, for the first query."""
    question = subject.questions[0]
    (report,) = subject.bench.connection.execute(
        "select pgretrieve.explain(%s, %s, %s::vector, filter => %s) -> 'request'",
        [subject.collection, question.text, question.vector, Jsonb(case.filter(question, subject.documents))],
    ).fetchone() or ({},)
    return f"{report['dense_plan']}, {report['keyword_plan']}"


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    return [
        terminal_table(
            f"Filters, {part['corpus']}: {part['documents']:,} passages, {part['queries']} queries",
            headings(part), cells(part),
        )
        for part in result["corpora"]
    ]  # fmt: skip


def headings(part: dict[str, Any]) -> list[str]:
    """Of the table of one corpus."""
    return ["filter", "recall@10", "rows", "forms", *(f"{mode}, times unfiltered" for mode in part["unfiltered"])]


def cells(part: dict[str, Any]) -> Iterator[list[str]]:
    """The rows of the table of one corpus; a ratio that misses its goal says so."""
    for row in part["cases"]:
        ratios = [Comparison.from_json(stored) for stored in row["ratios"].values()]
        yield [
            row["case"], f"{row['recall']:.3f}", f"{row['filled']:.0%}", row["forms"],
            *(f"{ratio.value:.2f}{'' if ratio.met else ' (missed)'}" for ratio in ratios),
        ]  # fmt: skip
