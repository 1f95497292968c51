"""The measurements: quality on judged collections; speed, filters, ingest and odd inputs on one larger corpus.

Wall time throughout: a client library's own work is part of what its user waits for, and clients differ in where they
do it. Contenders take turns on the same queries, as in `benchmarks.timing`.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.embeddings import vectors_of
from benchmarks.peers.base import DEPTH, Passage
from benchmarks.quality import per_query
from benchmarks.timing import Contender, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.corpora import Corpus
    from benchmarks.embeddings import Label
    from benchmarks.peers.base import Peer, Place
    from benchmarks.timing import Timings

    OnError = Callable[[str, BaseException], None]

K = 10
PARTS = 100  # a filter lets pass one document of so many
FILTERED = 50  # queries that are asked with a filter
WANTED_RECALL = 0.95
LADDER = (10, 20, 40, 80, 120, 160, 240, 320, 480, 640, 1_000)  # ef_search that is tried, until recall is reached
JUDGED_EF = 200  # for quality, where 100 rows are wanted
REFERENCE = "pgretrieve"


@dataclass(frozen=True)
class Question:
    """A query, its vector, and a value of `part` that a filter may ask for."""

    text: str
    vector: NDArray[np.float32]
    part: str


@dataclass(frozen=True)
class Subject:
    """Passages and questions as all peers get them."""

    passages: list[Passage]
    vectors: NDArray[np.float32]
    questions: list[Question]

    @classmethod
    def of(cls, corpus: Corpus, progress: Label) -> Subject:
        """The passages of a corpus; document `i` is in part `i` modulo `PARTS`."""
        vectors, query_vectors = vectors_of(corpus, progress)
        passages = [Passage(d.id, d.content, {"part": f"p{i % PARTS}"}) for i, d in enumerate(corpus.documents)]
        asked = zip(corpus.queries.values(), _unit(query_vectors), strict=True)
        questions = [Question(text, vector, f"p{i % PARTS}") for i, (text, vector) in enumerate(asked)]
        return cls(passages, _unit(vectors), questions)

    def nearest(self, question: Question, part: str | None = None) -> list[str]:
        """The exact answer of a dense search, by comparing with everything."""
        scores = self.vectors @ question.vector
        if part is not None:
            scores = np.where([passage.metadata["part"] == part for passage in self.passages], scores, -np.inf)
        return [self.passages[i].id for i in np.argsort(-scores, kind="stable")[:K]]


def _unit(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Half floats, and unit length again after that rounding."""
    whole = vectors.astype(np.float32)
    return np.asarray(whole / np.linalg.norm(whole, axis=1, keepdims=True), np.float32)


def quality(
    corpus: Corpus, peers: Mapping[str, type[Peer]], place: Place, progress: Label, on_error: OnError
) -> dict[str, Any]:
    """NDCG@10 and Recall@100 of each peer's main search on a judged collection, one peer after the other."""
    subject = Subject.of(corpus, progress)
    figures = {}
    for name, kind in peers.items():
        report = progress(f"{corpus.name}: {name}")
        report(0, len(corpus.queries))
        peer = kind(place)
        try:
            peer.add(subject.passages, subject.vectors)
            peer.tune(JUDGED_EF)
            rankings = {}
            for query_id, question in zip(corpus.queries, subject.questions, strict=True):
                # A query that fails counts as one that found nothing: so it is for whoever asked it.
                rankings[query_id] = _ids_or_nothing(
                    partial(peer.search, question.text, question.vector, DEPTH), partial(on_error, name)
                )
                report(len(rankings), len(corpus.queries))
            ndcg, recall = per_query(corpus, rankings).mean(axis=1)
            failed = sum(ranking is _FAILED for ranking in rankings.values())
            figures[name] = {"ndcg": float(ndcg), "recall": float(recall), "failed": failed}
        except Exception as problem:  # noqa: BLE001 - whatever a peer does, the others go on
            on_error(name, problem)
        finally:
            peer.close()
    return {"collection": corpus.name, "queries": len(corpus.queries), "peers": figures}


_FAILED: list[str] = []


def _ids_or_nothing(search: Callable[[], list[str]], on_error: Callable[[BaseException], None]) -> list[str]:
    try:
        return search()
    except Exception as problem:  # noqa: BLE001
        on_error(problem)
        return _FAILED


def speed(
    corpus: Corpus,
    peers: Mapping[str, type[Peer]],
    places: Callable[[str], Place],
    queries: int,
    progress: Label,
    on_error: OnError,
) -> dict[str, Any]:
    """Ingest, recall, latency, filters and odd inputs of all peers, each with the corpus in a place of its own."""
    subject = Subject.of(corpus, progress)
    asked = subject.questions[:queries]
    exact = [subject.nearest(question) for question in asked]
    rows: dict[str, dict[str, Any]] = {}
    open_: dict[str, Peer] = {}
    try:
        for name, kind in peers.items():
            progress(f"{corpus.name}: add, {name}")(0, 1)
            try:
                peer = open_[name] = kind(places(name))
                before = time.perf_counter()
                peer.add(subject.passages, subject.vectors)
                spent = time.perf_counter() - before
                rows[name] = {"documents_per_s": len(subject.passages) / spent, "hybrid": kind.hybrid}
                progress(f"{corpus.name}: recall, {name}")(0, 1)
                rows[name] |= _tune(peer, asked, exact)
            except Exception as problem:  # noqa: BLE001 - whatever a peer does, the others go on
                on_error(name, problem)
        ready = {name: open_[name] for name in rows if "ef_search" in rows[name]}
        for form, timings in _timings(ready, rows, asked, progress).items():
            for name, summary in timings.summary().items():
                ratio = timings.ratio(name, REFERENCE) if REFERENCE in timings.wall else None
                rows[name][form] = summary | ({"ratio": vars(ratio)} if ratio else {})
        for name, peer in ready.items():
            progress(f"{corpus.name}: filters and odd inputs, {name}")(0, 1)
            peer.tune(max(DEPTH, rows[name]["ef_search"]))
            rows[name]["filtered"] = _filtered(peer, subject, partial(on_error, name))
            rows[name]["inputs"] = {what: _tried(peer, text, asked[0]) for what, text in odd_inputs(subject).items()}
    finally:
        for peer in open_.values():
            peer.close()
    return {
        "corpus": corpus.name, "documents": len(subject.passages), "queries": len(asked), "peers": rows,
        "filtered_queries": min(FILTERED, len(asked)), "wanted_recall": WANTED_RECALL,
    }  # fmt: skip


def _tune(peer: Peer, asked: Sequence[Question], exact: Sequence[list[str]]) -> dict[str, float]:
    """The least `ef_search` of the ladder that finds the wanted share of the exact ten, or the last one."""
    ef_search, recall = 0, 0.0
    for ef_search in LADDER:
        peer.tune(ef_search)
        found = [peer.dense(question.vector, K) for question in asked]
        recall = float(np.mean([len(set(a) & set(b)) / K for a, b in zip(found, exact, strict=True)]))
        if recall >= WANTED_RECALL:
            break
    return {"ef_search": ef_search, "recall": recall}


def _timings(
    peers: Mapping[str, Peer], rows: Mapping[str, Mapping[str, Any]], asked: Sequence[Question], progress: Label
) -> dict[str, Timings]:
    """Milliseconds of a dense search at equal recall, and of a hybrid one with at least as many candidates as a leg."""
    for name, peer in peers.items():
        peer.tune(rows[name]["ef_search"])
    dense = [
        Contender(name, lambda q, peer=peer: peer.dense(q.vector, K))  # type: ignore[misc]
        for name, peer in peers.items()
    ]
    timed = {"dense": interleaved(dense, asked, on_progress=progress("dense"))}
    for name, peer in peers.items():
        peer.tune(max(DEPTH, rows[name]["ef_search"]))
    hybrid = [
        Contender(name, lambda q, peer=peer: peer.search(q.text, q.vector, K))  # type: ignore[misc]
        for name, peer in peers.items()
        if peer.hybrid
    ]
    return timed | {"search": interleaved(hybrid, asked, on_progress=progress("hybrid"))}


def _filtered(peer: Peer, subject: Subject, on_error: Callable[[BaseException], None]) -> dict[str, float]:
    """Rows that come back where at least ten pass the filter, and of the dense ones how many are the right ones."""
    hybrid, dense, right, wrong = [], [], [], 0
    for question in subject.questions[:FILTERED]:
        where = {"part": question.part}
        found = _ids_or_nothing(partial(peer.search, question.text, question.vector, K, where), on_error)
        near = _ids_or_nothing(partial(peer.dense, question.vector, K, where), on_error)
        exact = subject.nearest(question, question.part)
        hybrid.append(len(found))
        dense.append(len(near))
        right.append(len(set(exact) & set(near)) / len(exact))
        passing = {passage.id for passage in subject.passages if passage.metadata["part"] == question.part}
        wrong += len(set(found) - passing)
    return {
        "hybrid_rows": float(np.mean(hybrid)), "hybrid_short": float(np.mean(np.array(hybrid) < K)),
        "dense_rows": float(np.mean(dense)), "dense_recall": float(np.mean(right)), "wrong": wrong,
    }  # fmt: skip


def odd_inputs(subject: Subject) -> dict[str, str]:
    """Queries that people and programs do send."""
    text = " ".join(passage.text for passage in subject.passages[:2_000])
    return {
        "empty": "",
        "quotes and operators": "it's \"half a phrase & | ! <-> :* ( AND OR NOT title:x^2 ~3 'a\\",
        "5,000 words": " ".join(re.findall(r"\w+", text)[:5_000]),
        "pasted text": " ".join(text.split()[:5_000]),  # the same with its quotes, hyphens and brackets
        "NUL byte": "vpn\x00certificates",
    }


def _tried(peer: Peer, text: str, question: Question) -> dict[str, Any]:
    """What comes of a query: rows, or the error's name; and whether an ordinary query works afterwards."""
    before = time.perf_counter()
    try:
        outcome: dict[str, Any] = {"rows": len(peer.search(text, question.vector, K))}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # noqa: BLE001 - a panic of a Rust library is no Exception
        outcome = {"error": type(problem).__name__, "panic": not isinstance(problem, Exception)}
    outcome["seconds"] = time.perf_counter() - before
    try:
        outcome["works_after"] = len(peer.search(question.text, question.vector, K)) == K
    except Exception:  # noqa: BLE001
        outcome["works_after"] = False
    return outcome
