"""Encoders: text in, vectors out. They know nothing of the database.

To add one: a module with a class that fulfils ``Encoder``, and its line in ``_KINDS``; or ``register`` from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

from pgretrieve.encoders.base import Encoder

__all__ = ["DEFAULT_ENCODER", "Encoder", "load_encoder", "register_encoder"]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"

_KINDS = {"sentence-transformers": "pgretrieve.encoders.sentence_transformers:SentenceTransformerEncoder"}
_registered: dict[str, Callable[[], Encoder]] = {}


def register_encoder(name: str, make: Callable[[], Encoder]) -> None:
    """Makes an encoder known by name, for collections that were created with that name."""
    _registered[name] = make
    load_encoder.cache_clear()


@lru_cache(maxsize=4)
def load_encoder(name: str) -> Encoder:
    """The encoder of that name, loaded once a process.

    Args:
        name: a registered name, or a model of sentence-transformers: its name on the hub or a folder.

    Raises:
        MissingDependency: its package is not installed.
        InvalidInput: there is no such model.
    """
    if name in _registered:
        return _registered[name]()
    module, _, attribute = _KINDS["sentence-transformers"].partition(":")
    make: Callable[[str], Encoder] = getattr(import_module(module), attribute)
    return make(name)
