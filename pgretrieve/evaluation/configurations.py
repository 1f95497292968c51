"""Configurations of a search, side by side: a name, and the arguments that a search has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pgretrieve import errors
from pgretrieve.statements import MODES


@dataclass(frozen=True)
class Configuration:
    """A way to search: mode, filter, min_relevance and options as for ``Collection.search``."""

    name: str
    mode: str = "hybrid"
    filter: Mapping[str, Any] | None = None
    min_relevance: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise errors.InvalidInput(f"a configuration cannot be called {self.name!r}", "Give it a name")
        if self.mode not in MODES:
            raise errors.InvalidInput(f"mode {self.mode!r} does not exist", f"One of: {', '.join(MODES)}")

    def settings(self) -> dict[str, Any]:
        """What is not as by default, as JSON."""
        given = {"filter": self.filter, "min_relevance": self.min_relevance, "options": dict(self.options)}
        return {"mode": self.mode} | {key: value for key, value in given.items() if value}


DEFAULTS = tuple(Configuration(mode, mode) for mode in ("keyword", "dense", "hybrid"))

FORM = "For example 'ranks: mode=hybrid fusion=rrf weights={\"dense\": 2}'"
_KEY = re.compile(r"\s*([A-Za-z_][\w.]*)\s*=\s*")


def read_configuration(text: str) -> Configuration:
    """A configuration from one line: 'NAME: KEY=VALUE KEY=VALUE'.

    Keys are mode, filter, min_relevance, and the options of a search; ``weights.dense=2`` is ``weights={"dense": 2}``.
    Values are JSON; a bare word needs no quotes.

    Raises:
        InvalidInput: the line is not of this form.
    """
    name, colon, rest = text.partition(":")
    if not colon or "=" in name:
        raise errors.InvalidInput(f"the configuration {text!r} has no name", FORM)
    settings: dict[str, Any] = {}
    place = 0
    while rest[place:].strip():
        key = _KEY.match(rest, place)
        if key is None:
            raise errors.InvalidInput(f"{rest[place:].strip()!r} is not KEY=VALUE", FORM)
        value, place = _value(rest, key.end())
        _put(settings, key[1], value)
    filter_ = settings.pop("filter", None)
    if not isinstance(filter_, Mapping | None):
        raise errors.InvalidInput(f"a filter cannot be {filter_!r}", 'For example filter={"team": "infra"}')
    known = {key: settings.pop(key) for key in ("mode", "min_relevance") if key in settings}
    return Configuration(name.strip(), filter=filter_, options=settings, **known)


def _value(text: str, place: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends."""
    try:
        value, end = json.JSONDecoder().raw_decode(text, place)
    except (ValueError, RecursionError):
        end = place
    if end > place and (end == len(text) or text[end].isspace()):
        return value, end
    word = re.compile(r"[^\s\[\]{}\"]+").match(text, place)
    if word is None or (word.end() < len(text) and not text[word.end()].isspace()):
        raise errors.InvalidInput(f"{text[place:].strip()!r} is no value", f"Give JSON or a word. {FORM}")
    return word[0], word.end()


def _put(settings: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    for part in path:
        settings = settings.setdefault(part, {})
        if not isinstance(settings, dict):
            raise errors.InvalidInput(f"{key!r} leads into {part!r}, which is no object", FORM)
    settings[last] = value
