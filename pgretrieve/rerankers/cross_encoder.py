"""Cross-encoders of the sentence-transformers library."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from pgretrieve import errors
from pgretrieve.quiet import quietly

BATCH_TEXTS = 32


class CrossEncoderReranker:
    """A model that reads query and text together."""

    def __init__(self, name: str) -> None:
        if not find_spec("sentence_transformers"):
            raise errors.MissingDependency(
                f"the reranker {name!r} needs the package sentence-transformers",
                "Run: pip install 'pgretrieve[models]'",
            )
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
        from sentence_transformers import CrossEncoder

        hint = "Give a cross-encoder of sentence-transformers: a folder, or its name on the hub"
        try:
            with quietly():
                self._model: Any = CrossEncoder(name)
        except (OSError, ValueError) as error:
            raise errors.InvalidInput(
                f"the reranker {name!r} cannot be loaded: {str(error).splitlines()[0]}", hint
            ) from error
        if (labels := int(self._model.num_labels)) != 1:
            raise errors.InvalidInput(f"the reranker {name!r} gives {labels} scores a text, not one", hint)

    def __call__(self, query: str, texts: Sequence[str]) -> list[float]:
        """A score for each text."""
        pairs = [(query, text) for text in texts]
        return [float(s) for s in self._model.predict(pairs, batch_size=BATCH_TEXTS, show_progress_bar=False)]
