"""Which of a collection's languages a text is in, told by a small library."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from typing import Any

from pgretrieve import errors

MOST_CHARACTERS = 2000
"""Of a text that are looked at: more would say nothing new."""

LEAST_CONFIDENCE = 0.9
"""Below it a text counts as being in the collection's own language."""

# Names of PostgreSQL's text search configurations, and the languages that 'cjk' stands for.
_CODES = {
    "arabic": ["ar"], "armenian": ["hy"], "basque": ["eu"], "catalan": ["ca"], "cjk": ["zh", "ja", "ko", "th"],
    "danish": ["da"], "dutch": ["nl"], "english": ["en"], "estonian": ["et"], "finnish": ["fi"], "french": ["fr"],
    "german": ["de"], "greek": ["el"], "hindi": ["hi"], "hungarian": ["hu"], "indonesian": ["id"], "irish": ["ga"],
    "italian": ["it"], "lithuanian": ["lt"], "nepali": ["ne"], "norwegian": ["no", "nb", "nn"], "portuguese": ["pt"],
    "romanian": ["ro"], "russian": ["ru"], "serbian": ["sr"], "spanish": ["es"], "swedish": ["sv"], "tamil": ["ta"],
    "turkish": ["tr"],
}  # fmt: skip


@cache
def _of_all_languages() -> Any:
    """Read once: it takes half a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


class LanguageDetector:
    """Tells the languages of a collection apart.

    Args:
        own: the language of the collection, which a text is in unless another is plain.
        others: the further languages of the collection.

    Raises:
        InvalidInput: fewer than two of the languages can be told.
        MissingDependency: py3langid is not installed.
    """

    def __init__(self, own: str, others: Iterable[str]) -> None:
        if not find_spec("py3langid"):
            raise errors.MissingDependency(
                "telling languages needs the package py3langid", "Run: pip install 'pgretrieve[languages]'"
            )
        self._identifier = copy.copy(_of_all_languages())  # what follows sets attributes anew, and changes none
        known = set(self._identifier.labels)
        self._language_of = {
            code: name for name in (own, *others) for code in _CODES.get(name.rpartition(".")[2], []) if code in known
        }
        if len(set(self._language_of.values())) < 2:
            raise errors.InvalidInput(
                f"of the collection's languages ({', '.join((own, *others))}) fewer than two can be told",
                "Create the collection with further languages, such as languages=['german'], or name each document's",
            )
        self._identifier.set_languages(self._language_of)
        self._own = own

    def language(self, text: str) -> str | None:
        """The language of a text, a text search configuration or 'cjk'; None: the collection's own."""
        code, confidence = self._identifier.classify(text[:MOST_CHARACTERS])
        told = self._language_of[code]
        return told if told != self._own and confidence >= LEAST_CONFIDENCE else None
