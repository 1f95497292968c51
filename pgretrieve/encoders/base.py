"""What an encoder is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32, shape (n, dimensions)."""

Spans = Sequence[tuple[int, int]]
"""Start and end of each token in its text, in characters from 0."""


class Encoder(Protocol):
    """Turns text into vectors, and says where its tokens lie.

    Attributes:
        dimensions: length of the vectors.
        max_tokens: tokens of one text that it reads, special tokens included; what is longer is cut off.
        special_tokens: how many of max_tokens are taken by special tokens.
    """

    @property
    def dimensions(self) -> int:
        """Length of the vectors."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens of one text that it reads."""
        ...

    @property
    def special_tokens(self) -> int:
        """How many of them are special."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages: float32, (n, dimensions), rows of length 1."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries: float32, (n, dimensions), rows of length 1."""
        ...

    def token_spans(self, texts: Sequence[str]) -> list[Spans]:
        """For each text the place of its tokens, special tokens left out, nothing cut off."""
        ...
