"""Rerankers: a query and texts in, scores out. They know nothing of the database.

Any callable that takes ``(query, texts)`` and gives a score for each text is one. By name: a cross-encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module

__all__ = ["Reranker", "load_reranker"]

Reranker = Callable[[str, Sequence[str]], Sequence[float]]
"""Scores texts for a query, higher is better. What a text gets must not hang on which others it comes with."""


@lru_cache(maxsize=4)
def load_reranker(name: str) -> Reranker:
    """The cross-encoder of that name, loaded once a process.

    Args:
        name: a cross-encoder of sentence-transformers: a folder, or its name on the hub.

    Raises:
        MissingDependency: its package is not installed.
        InvalidInput: there is no such model, or it does not give one score a text.
    """
    make: Callable[[str], Reranker] = import_module("pgretrieve.rerankers.cross_encoder").CrossEncoderReranker
    return make(name)
