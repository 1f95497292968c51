"""The texts that are measured: BEIR folders, Wikipedia passages with real questions, and a synthetic corpus by script.

Everything but the synthetic corpus is read from the folder of test collections, which is not part of the project:
``--data`` or PGRETRIEVE_DATA names it. Where it is missing, `CollectionMissing` says so and the caller skips.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

VOCABULARY = 300_000
TOPICS = 3_000
WORDS_PER_TOPIC = 1_500
LATENT_DIMENSIONS = 48
VECTOR_DIMENSIONS = 384


class CollectionMissing(FileNotFoundError):
    """The folder of test collections, or one collection in it, is not on this machine."""


class Document(NamedTuple):
    """One document, one passage."""

    id: str
    title: str
    text: str

    @property
    def content(self) -> str:
        """Title and text, as an encoder or an analyser sees them."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True)
class Corpus:
    """Documents, queries by id, and for judged collections the grade of each (query, document)."""

    name: str
    documents: list[Document]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]] = field(default_factory=dict)
    language: str = "english"  # a text search configuration of Postgres
    vectors: NDArray[np.float16] | None = None  # (documents, dimensions), unit length; None: to be encoded
    query_vectors: NDArray[np.float16] | None = None


def data_folder(given: Path | None = None) -> Path:
    """The folder of test collections: what the caller says, PGRETRIEVE_DATA, else ``../shared/data``."""
    folder = given or Path(os.environ.get("PGRETRIEVE_DATA", "../shared/data"))
    if not folder.is_dir():
        raise CollectionMissing(f"no test collections in {folder}; name their folder with --data or PGRETRIEVE_DATA")
    return folder


def judged(name: str, data: Path) -> Corpus:
    """Load a BEIR folder whole. Only judged queries are kept, of the test split where there is one."""
    folder = data / name
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for query_id, document_id, grade in _rows(folder / "qrels.tsv"):
        qrels[query_id][document_id] = int(grade)
    split = folder / "splits" / "test.txt"
    wanted = set(split.read_text().split()) if split.exists() else set(qrels)
    queries = {q["_id"]: q["text"] for q in _lines(folder / "queries.jsonl.gz") if q["_id"] in wanted & set(qrels)}
    return Corpus(name, list(_documents(folder)), queries, {q: qrels[q] for q in queries})


def wiki(data: Path, size: int) -> Corpus:
    """The first `size` Wikipedia passages, asked the questions of HotpotQA: real text, real questions, no judgments."""
    questions = {q["_id"]: q["text"] for q in _lines(data / "hotpotqa_sample" / "queries.jsonl.gz")}
    return Corpus("wiki", list(islice(_documents(data / "scale_wiki_passages"), size)), questions)


def synthetic(size: int, *, queries: int = 400, seed: int = 7, vectors: bool = True) -> Corpus:
    """Documents of ~59 made-up words with the statistics of text; the same ones for the same `size` and `seed`.

    Half of the words come from a Zipf-Mandelbrot background over 300,000 words, half from the one or two topics of
    the document, and one word in five repeats another of the same document (burstiness). Vectors are the topics in a
    latent space of 48 dimensions, plus noise. A query is 3-6 words of one document: one or two of middling
    frequency (0.5-5% of documents), now and then a frequent one, the others rarer. Without `vectors` texts and queries
    are the same.
    """
    rng = np.random.default_rng(seed)
    lengths = np.clip(rng.lognormal(np.log(60) - 0.125, 0.5, size), 5, 600).astype(np.int64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    owner = np.repeat(np.arange(size), lengths)
    topics = rng.integers(0, TOPICS, (size, 2))
    topics[:, 1] = np.where(rng.random(size) < 0.3, topics[:, 1], topics[:, 0])

    tokens = _draw(rng, 1 / (np.arange(VOCABULARY) + 30.0), len(owner))
    words_of_topic = (
        np.exp(rng.uniform(np.log(100), np.log(VOCABULARY), (TOPICS, WORDS_PER_TOPIC))).astype(np.int64) - 1
    )
    topical = rng.random(len(owner)) < 0.5
    chosen = np.where(rng.random(len(owner)) < 0.75, topics[owner, 0], topics[owner, 1])
    word = _draw(rng, 1 / (np.arange(WORDS_PER_TOPIC) + 5.0), len(owner))
    tokens = np.where(topical, words_of_topic[chosen, word], tokens)
    repeats = np.flatnonzero(rng.random(len(owner)) < 0.2)
    source = owner[repeats]
    tokens[repeats] = tokens[starts[source] + (rng.random(len(repeats)) * lengths[source]).astype(np.int64)]

    pairs = np.unique(owner * VOCABULARY + tokens)
    frequency = np.bincount(pairs % VOCABULARY, minlength=VOCABULARY) / size
    meaning = _meaning(rng, topics)
    asked: dict[str, str] = {}
    asked_about: list[int] = []
    while len(asked) < queries:
        document = int(rng.integers(size))
        terms = _query_terms(rng, np.unique(tokens[starts[document] : ends[document]]), frequency, size)
        if terms is not None:
            asked[f"q{len(asked)}"] = " ".join(_word(t) for t in terms)
            asked_about.append(document)
    noise = rng.standard_normal((queries, LATENT_DIMENSIONS)) * 0.5
    documents = [
        Document(f"s{i}", "", " ".join(map(_word, tokens[start:end])))
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    corpus = Corpus("synthetic", documents, asked, language="simple")
    if not vectors:
        return corpus
    return replace(corpus, vectors=_project(meaning), query_vectors=_project(meaning[asked_about] + noise))


def _draw(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Draw `n` indexes with probability proportional to `weights`."""
    cumulative = np.cumsum(weights)
    return np.asarray(np.searchsorted(cumulative, rng.random(n) * cumulative[-1]).clip(0, len(weights) - 1))


def _query_terms(
    rng: np.random.Generator, terms: NDArray[np.int64], frequency: NDArray[np.float64], size: int
) -> NDArray[np.int64] | None:
    """Pick the words of one query out of a document's `terms`; None if they do not allow the wanted shape."""
    share = frequency[terms]
    middling = rng.permutation(terms[(share > 0.005) & (share <= 0.05)])[: rng.integers(1, 3)]
    frequent = rng.permutation(terms[share > 0.05])[: int(rng.random() < 0.2)]
    rare = rng.permutation(terms[(share <= 0.005) & (share * size >= 3)])
    wanted = int(rng.integers(3, 7)) - len(middling) - len(frequent)
    return np.concatenate([middling, frequent, rare[: max(0, wanted)]]) if len(rare) >= wanted else None


def _meaning(rng: np.random.Generator, topics: NDArray[np.int64]) -> NDArray[np.float64]:
    """Where documents stand in the latent space, from their topics."""
    points = rng.standard_normal((TOPICS, LATENT_DIMENSIONS))
    meaning = 0.7 * points[topics[:, 0]] + 0.3 * points[topics[:, 1]]
    meaning += 0.7 * rng.standard_normal(meaning.shape)
    return np.asarray(meaning)


def _project(meaning: NDArray[np.float64]) -> NDArray[np.float16]:
    """Points of the latent space as unit vectors of the usual size."""
    basis = np.random.default_rng(0).standard_normal((LATENT_DIMENSIONS, VECTOR_DIMENSIONS))
    vectors = meaning @ basis
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float16)


_SYLLABLES = [consonant + vowel for consonant in "bcdfghjklmnpqrstvwxz" for vowel in "aeiou"]


def _word(index: int) -> str:
    """The made-up word of a number below a million: three syllables, so no analyser takes it apart."""
    return _SYLLABLES[index % 100] + _SYLLABLES[index // 100 % 100] + _SYLLABLES[index // 10_000]


def _documents(folder: Path) -> Iterator[Document]:
    for line in _lines(folder / "corpus.jsonl.gz"):
        yield Document(line["_id"], line.get("title") or "", line["text"])


def _lines(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        raise CollectionMissing(f"no {path.parent.name}/{path.name} among the test collections in {path.parent.parent}")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _rows(path: Path) -> Iterator[list[str]]:
    if not path.exists():
        raise CollectionMissing(f"no {path.parent.name}/{path.name} among the test collections in {path.parent.parent}")
    with path.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            yield line.rstrip("\n").split("\t")
