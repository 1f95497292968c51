"""How long a search takes, against what else could answer it on the same data, and what the pieces of it cost.

Everything runs on one connection of a warm server, one query at a time. Compared is CPU time where the server is on
this machine (a busy machine hardly disturbs it), else wall time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.database import fill
from benchmarks.embeddings import vectors_of
from benchmarks.handwritten import DEPTH, SETTINGS, bare_leg, handwritten_statement
from benchmarks.references import Bm25s, FullText, Tantivy, fill_full_text, lexemes
from benchmarks.timing import Contender, backend_clock, interleaved, process_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from benchmarks.timing import Timings

    Run = Callable[["Question"], list[Any]]

K = 10
RRF = '{"fusion": "rrf"}'

_SEARCH = """
select * from pgretrieve.search(
    {}, %(query)s, embedding => %(embedding)s::vector, k => {}, mode => {}, options => {})"""


@dataclass(frozen=True)
class Question:
    """A query as the contenders want it: words, vector (as Postgres writes it), terms of the analyser."""

    text: str
    vector: str
    terms: list[str]


@dataclass(frozen=True)
class Subject:
    """A corpus as it stands in the database: a pgretrieve collection with its vectors, indexed."""

    bench: Bench
    corpus: Corpus
    query_vectors: NDArray[np.float16]
    collection: str


def measure(bench: Bench, corpus: Corpus, queries: int, progress: Label) -> dict[str, Any]:
    """Index a corpus, time everything on the first so many of its `queries`; the figures as JSON."""
    vectors, query_vectors = vectors_of(corpus, progress)
    name = f"bench_latency_{corpus.name}"
    with bench.collection(name, corpus, encoder=None, dimensions=vectors.shape[1]) as collection:
        fill(collection, corpus, vectors, progress(f"{corpus.name}: add"))
        return _measure(Subject(bench, corpus, query_vectors, name), queries, progress)


def _measure(subject: Subject, queries: int, progress: Label) -> dict[str, Any]:
    questions = _questions(subject, queries)
    keyword = _time_keyword(subject, questions, progress)
    hybrid = _time_hybrid(subject, questions, progress)
    any_term = FullText.ANY_TERM
    comparisons = [
        Comparison.of(f"{any_term} / keyword", keyword.ratio(any_term, "keyword"), at_least=8),
        *(
            Comparison.of(f"keyword / {name}", keyword.ratio("keyword", name))
            for name in keyword.wall
            if name not in {any_term, "keyword"}
        ),
        Comparison.of("hybrid / (dense + keyword)", hybrid.ratio("hybrid", "dense + keyword"), at_most=1.15),
        Comparison.of("hybrid / bare legs", hybrid.ratio("hybrid", "bare legs")),
        Comparison.of("hybrid, rrf / (dense + keyword)", hybrid.ratio("hybrid, rrf", "dense + keyword"), at_most=1.15),
        Comparison.of(
            "hybrid, rrf / the same prepared by hand", hybrid.ratio("hybrid, rrf", "prepared by hand"), at_most=1.15
        ),
    ]
    return {
        "corpus": subject.corpus.name,
        "documents": len(subject.corpus.documents),
        "queries": len(questions),
        "terms_per_query": float(np.mean([len(set(q.terms)) for q in questions])),
        "compared": "CPU time" if "hybrid" in hybrid.cpu else "wall time",
        "keyword": keyword.summary(),
        "hybrid": hybrid.summary(),
        "comparisons": [asdict(c) for c in comparisons],
        "same_as_by_hand": _agreement(subject, questions),
        "recall": _recall(subject, questions),
    }


def _questions(subject: Subject, most: int) -> list[Question]:
    texts = list(subject.corpus.queries.values())[:most]
    terms = lexemes(subject.bench.connection, subject.corpus.language, texts)
    vectors = ["[" + ",".join(f"{x:.6g}" for x in vector) + "]" for vector in subject.query_vectors[:most]]
    return [Question(*parts) for parts in zip(texts, vectors, terms, strict=True)]


def _time_keyword(subject: Subject, questions: list[Question], progress: Label) -> Timings:
    """Keyword search against full-text search in the same server and BM25 engines in this process."""
    connection, corpus = subject.bench.connection, subject.corpus
    progress("full-text table")(0, 1)
    fill_full_text(connection, corpus)
    progress("BM25 engines")(0, 1)
    terms = lexemes(connection, corpus.language, [document.content for document in corpus.documents])
    any_term = FullText(connection, corpus.language)
    every_term = FullText(connection, corpus.language, every_term=True)
    bm25s, tantivy = Bm25s(terms), Tantivy(terms)
    clock = backend_clock(connection)
    contenders = [
        Contender("keyword", _search(subject, "keyword"), clock),
        Contender(any_term.name, lambda q: any_term.search(q.text, K), clock),
        Contender(every_term.name, lambda q: every_term.search(q.text, K), clock),
        Contender(bm25s.name, lambda q: bm25s.search(q.terms, K), process_clock),
        Contender(tantivy.name, lambda q: tantivy.search(q.terms, K), process_clock),
    ]
    return interleaved(contenders, questions, on_progress=progress(f"{corpus.name}: keyword"))


def _time_hybrid(subject: Subject, questions: list[Question], progress: Label) -> Timings:
    """The hybrid search against its legs run alone, and against the same statement prepared by hand."""
    tuned, schema = subject.bench.tuned, subject.bench.schema_of(subject.collection)
    clock, tuned_clock = backend_clock(subject.bench.connection), backend_clock(tuned)
    contenders = [Contender(mode, _search(subject, mode), clock) for mode in ("dense", "hybrid")]
    contenders += [
        Contender(f"{leg}, {DEPTH} deep", _search(subject, leg, f'{{"depth": {DEPTH}}}'), clock)
        for leg in ("dense", "keyword")
    ]
    contenders.append(Contender("hybrid, rrf", _search(subject, "hybrid", RRF), clock))
    contenders.append(Contender("prepared by hand", _by_hand(subject), tuned_clock))
    contenders += [
        Contender(f"bare {leg} leg", _tuned(subject, bare_leg(tuned, schema, leg)), tuned_clock)
        for leg in ("dense", "keyword")
    ]
    timings = interleaved(contenders, questions, on_progress=progress(f"{subject.corpus.name}: hybrid"))
    timings = timings.with_sum("dense + keyword", [f"{leg}, {DEPTH} deep" for leg in ("dense", "keyword")])
    return timings.with_sum("bare legs", [f"bare {leg} leg" for leg in ("dense", "keyword")])


def _search(subject: Subject, mode: str, options: str = "{}") -> Run:
    """A search of the collection through the SQL function, k = 10."""
    connection = subject.bench.connection
    statement = sql.SQL(_SEARCH).format(subject.collection, K, mode, options).as_string(connection)

    def run(question: Question) -> list[Any]:
        values = {"query": question.text, "embedding": question.vector if mode != "keyword" else None}
        return connection.execute(statement, values, prepare=True).fetchall()

    return run


def _by_hand(subject: Subject) -> Run:
    """The same hybrid search without the functions."""
    schema, dimensions = subject.bench.schema_of(subject.collection), subject.query_vectors.shape[1]
    language = subject.corpus.language
    return _tuned(subject, handwritten_statement(subject.bench.tuned, schema, language=language, dimensions=dimensions))


def _tuned(subject: Subject, statement: str) -> Run:
    """A statement prepared in the session that has the right settings."""
    connection = subject.bench.tuned
    for name, value in SETTINGS.items():
        connection.execute("select set_config(%s, %s, false)", [name, value])

    def run(question: Question) -> list[Any]:
        values = {"query": question.text, "embedding": question.vector, "k": K, "depth": DEPTH}
        return connection.execute(statement, values, prepare=True).fetchall()

    return run


def _agreement(subject: Subject, questions: list[Question]) -> float:
    """Share of queries on which function and statement by hand return the same chunks in the same order."""
    by_function, by_hand = _search(subject, "hybrid", RRF), _by_hand(subject)
    same = [[r[1] for r in by_function(q)] == [r[1] for r in by_hand(q)] for q in questions]
    return float(np.mean(same))


def _recall(subject: Subject, questions: list[Question]) -> float:
    """Recall@10 of the dense leg: how many of the exact ten nearest chunks it returns, mean over queries."""
    statement = (
        sql.SQL(
            "select chunk_id from pgretrieve.search({}, '', embedding => %(embedding)s::vector, k => {}, "
            "mode => 'dense', options => %(options)s)"
        )
        .format(subject.collection, K)
        .as_string(subject.bench.connection)
    )

    def nearest(question: Question, options: str) -> set[int]:
        rows = subject.bench.connection.execute(statement, {"embedding": question.vector, "options": options})
        return {row[0] for row in rows}

    shares = []
    for question in questions:
        exact = nearest(question, '{"exact": true}')
        shares.append(len(exact & nearest(question, "{}")) / len(exact))
    return float(np.mean(shares))


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal: times and comparisons of each corpus."""
    shown = []
    for part in result["corpora"]:
        size = f"{part['documents']:,} passages, {part['queries']} queries of {part['terms_per_query']:.1f} terms"
        times = Table(title=f"Latency, {part['corpus']}: top {K}, {size}")
        times.add_column("milliseconds")
        for heading in ("CPU median", "CPU p95", "wall median", "wall p95"):
            times.add_column(heading, justify="right")
        for group in ("keyword", "hybrid"):
            for name, row in part[group].items():
                figures = (row.get(key) for key in ("cpu_ms", "cpu_p95_ms", "wall_ms", "wall_p95_ms"))
                times.add_row(name, *("" if figure is None else f"{figure:.2f}" for figure in figures))
            times.add_section()
        compared = Table(title=f"Compared, {part['corpus']}: ratio of medians of {part['compared']}")
        for heading in ("what", "ratio (95% interval)", "goal"):
            compared.add_column(heading)
        for stored in part["comparisons"]:
            compared.add_row(*Comparison.from_json(stored).cells())
        compared.add_section()
        compared.add_row("recall@10 of the approximate dense leg", f"{part['recall']:.3f}", "")
        compared.add_row("same rows as the statement prepared by hand", f"{part['same_as_by_hand']:.0%} of queries", "")
        shown += [times, compared]
    return shown
