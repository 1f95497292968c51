"""An encoder that needs no model: what the tests ingest and search with."""

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from pgretrieve.encoders.base import Spans, Vectors

NAME = "test-hashing"

_WORD = re.compile(r"\w+")


class HashingEncoder:
    """Counts words in 64 buckets: texts that share words are near each other, and a text always has the same vector."""

    dimensions = 64
    max_tokens = 32
    special_tokens = 2

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            words = _WORD.findall(text.lower())[: self.max_tokens - self.special_tokens]
            # A text without words still needs a direction.
            for word in words or [""]:
                vectors[row, crc32(word.encode()) % self.dimensions] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_documents(texts)

    def token_spans(self, texts: Sequence[str]) -> list[Spans]:
        return [[match.span() for match in _WORD.finditer(text)] for text in texts]
