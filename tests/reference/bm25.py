"""BM25 over whole chunks, from their texts."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from psycopg import Connection

Terms = Counter[str]


def analysed(sql: Connection[Any], language: str, texts: Sequence[str]) -> list[Terms]:
    """Terms of each text, with their true counts.

    The analyser is PostgreSQL's, since what a term is, is its matter. A tsvector counts no term beyond 255 and none
    past position 16383, so it is asked about 100 words at a time.
    """
    pieces = []
    for number, text in enumerate(texts):
        words = text.split()
        pieces += [(number, " ".join(words[at : at + 100])) for at in range(0, len(words), 100)]
    rows = sql.execute(
        "select given.number, term.lexeme, cardinality(term.positions)"
        "  from unnest(%s::int[], %s::text[]) as given (number, piece),"
        "       unnest(to_tsvector(%s::regconfig, given.piece)) as term",
        [[number for number, _ in pieces], [piece for _, piece in pieces], language],
    )
    counts = [Counter() for _ in texts]
    for number, lexeme, frequency in rows:
        counts[number][lexeme] += frequency
    return counts


class BM25:
    """Scores of all chunks of a collection.

    Args:
        chunks: terms by chunk id, of the title, a line break, and the text of the chunk.
        k1: term saturation.
        b: length normalisation.
        counts: whether a term makes a chunk longer.
    """

    def __init__(
        self, chunks: Mapping[int, Terms], k1: float = 1.2, b: float = 0.75, counts: Callable[[str], bool] = bool
    ) -> None:
        self.chunks, self.k1, self.b = chunks, k1, b
        self.lengths = {chunk: sum(n for t, n in terms.items() if counts(t)) for chunk, terms in chunks.items()}
        self.document_frequency = Counter(term for terms in chunks.values() for term in terms)
        self.average_length = sum(self.lengths.values()) / len(chunks) if chunks else 0.0

    def idf(self, term: str) -> float:
        df = self.document_frequency[term]
        return math.log(1 + (len(self.chunks) - df + 0.5) / (df + 0.5))

    def scores(self, query: Mapping[str, float]) -> dict[int, float]:
        """The score of every chunk that holds a term of the query."""
        scores = {}
        for chunk, terms in self.chunks.items():
            parts = []
            for term, query_frequency in query.items():
                if tf := terms[term]:
                    norm = self.k1 * (1 - self.b + self.b * self.lengths[chunk] / (self.average_length or 1))
                    parts.append(query_frequency * self.idf(term) * tf * (self.k1 + 1) / (tf + norm))
            if parts:
                scores[chunk] = math.fsum(parts)
        return scores

    def evidence(self, query: Iterable[str]) -> dict[int, Any]:
        """What the score of each chunk hangs on: where it is equal, two chunks are tied, whatever the arithmetic."""
        return {
            chunk: (self.lengths[chunk], tuple(terms[term] for term in sorted(query)))
            for chunk, terms in self.chunks.items()
        }


class BM25F:
    """Scores of all chunks of a collection with fields: Robertson and Zaragoza 2009, section 3.5.

    Args:
        chunks: terms by field by chunk id; fields that are missing or without terms are not there.
        fields: the weight of each, or {"weight": of it, "b": its length normalisation}.
        k1: term saturation.
        b: length normalisation, within each field that has none of its own.
        counts: whether a term makes a field longer.
    """

    def __init__(
        self,
        chunks: Mapping[int, Mapping[str, Terms]],
        fields: Mapping[str, Any],
        k1: float = 1.2,
        b: float = 0.75,
        counts: Callable[[str], bool] = bool,
    ) -> None:
        self.chunks, self.k1 = chunks, k1
        self.weights = {name: given["weight"] if isinstance(given, dict) else given for name, given in fields.items()}
        self.b = {name: given.get("b", b) if isinstance(given, dict) else b for name, given in fields.items()}
        self.whole = BM25({chunk: sum(fields.values(), Counter()) for chunk, fields in chunks.items()}, k1, b, counts)
        self.average_length = self.whole.average_length
        self.idf = self.whole.idf
        self.lengths = {
            field: {
                chunk: sum(n for term, n in terms.items() if counts(term))
                for chunk, fields in chunks.items()
                if (terms := fields.get(field))
            }
            for field in self.weights
        }

    def average_lengths(self) -> dict[str, tuple[int, int]]:
        """Chunks that have a field, and its length in all of them; of the fields that any chunk has."""
        return {field: (len(lengths), sum(lengths.values())) for field, lengths in self.lengths.items() if lengths}

    def frequency(self, chunk: int, term: str, weights: Mapping[str, float]) -> float:
        """The frequency of a term over all fields, by their weights and lengths."""
        shares = []
        for field, weight in weights.items():
            if tf := self.chunks[chunk].get(field, Counter())[term]:
                lengths = self.lengths[field]
                average = sum(lengths.values()) / len(lengths) or 1.0
                shares.append(weight * tf / (1 - self.b[field] + self.b[field] * lengths[chunk] / average))
        return math.fsum(shares)

    def scores(self, query: Terms, weights: Mapping[str, float] | None = None) -> dict[int, float]:
        """The score of every chunk that holds a term of the query in a field that counts."""
        weights = {**self.weights, **(weights or {})}
        scores = {}
        for chunk in self.chunks:
            parts = []
            for term, query_frequency in query.items():
                if frequency := self.frequency(chunk, term, weights):
                    parts.append(query_frequency * self.idf(term) * frequency * (self.k1 + 1) / (frequency + self.k1))
            if parts:
                scores[chunk] = math.fsum(parts)
        return scores

    def evidence(self, query: Terms) -> dict[int, Any]:
        """What the score of each chunk hangs on, as of ``BM25``."""
        return {
            chunk: tuple(
                (lengths.get(chunk, 0), *(self.chunks[chunk].get(field, Counter())[term] for term in sorted(query)))
                for field, lengths in self.lengths.items()
            )
            for chunk in self.chunks
        }
