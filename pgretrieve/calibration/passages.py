"""Evidence without judgements: parts of texts as queries for what they were taken from, and queries that fit nowhere.

The inverse cloze task of Lee, Chang, Toutanova, "Latent Retrieval for Weakly Supervised Open Domain Question
Answering" (ACL 2019), section 4, with titles and fragments beside sentences: people ask in fewer words than texts are
written in.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_SENTENCE = re.compile(r"(?<=[.!?;。！？])\s*|\n+")  # noqa: RUF001  full-width marks end sentences too
_LEAST_WORDS = 4
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


class Passage(NamedTuple):
    """A part of a chunk as a query, and the chunk without it."""

    query: str
    rest_title: str
    rest: str


def foreign_queries() -> list[str]:
    """Queries about everything: few collections can answer more than some of them."""
    return list(_foreign())


@cache
def _foreign() -> tuple[str, ...]:
    return tuple((Path(__file__).parent / "foreign.txt").read_text(encoding="utf-8").splitlines())


def cut(title: str, text: str, seed: int) -> Passage | None:
    """One part of a chunk, the same for the same seed: its title, a sentence, or a fragment of one.

    Returns:
        None if the text is too short to be taken apart.
    """
    rng = random.Random(seed)  # noqa: S311  nothing secret
    titled = len(_words(title)) >= 2 and len(_words(text)) >= _LEAST_WORDS
    if titled and rng.random() < 1 / 3:
        return Passage(title, "", text)
    sentences = [s.strip() for s in _SENTENCE.split(text) if len(_words(s)) >= _LEAST_WORDS]
    if len(sentences) >= 2:
        sentence = rng.choice(sentences)
        rest = text.replace(sentence, " ", 1)
        return Passage(sentence if rng.random() < 0.5 else _fragment(sentence, 3, 7, rng), title, rest)
    words = _words(text)
    if len(words) < 3 * _LEAST_WORDS:
        return None
    length = min(len(words) // 3, 20)
    start = rng.randrange(len(words) - length + 1)
    joint = _joint(text)
    return Passage(
        joint.join(words[start : start + length]), title, joint.join(words[:start] + words[start + length :])
    )


def _fragment(sentence: str, least: int, most: int, rng: random.Random) -> str:
    words = _words(sentence)
    length = min(len(words), rng.randint(least, most))
    start = rng.randrange(len(words) - length + 1)
    return _joint(sentence).join(words[start : start + length])


def _words(text: str) -> list[str]:
    """Words; characters where the script sets none apart."""
    return [c for c in text if not c.isspace()] if _UNSPACED.search(text) else text.split()


def _joint(text: str) -> str:
    return "" if _UNSPACED.search(text) else " "
