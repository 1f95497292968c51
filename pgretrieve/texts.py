"""What PostgreSQL cannot store as text or JSON, found before it is sent. Pure."""

from __future__ import annotations

import json
import re

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_NUL = ("holds a NUL byte, which PostgreSQL cannot store", "Remove it")

Problem = tuple[str, str]
"""What is wrong, to follow the name of the thing, and what to do."""


def text_problem(text: str) -> Problem | None:
    """Why a text cannot be stored, or None."""
    if "\0" in text:
        return _NUL
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return f"holds half a character (a lone surrogate) at {error.start}", "Decode the text properly"
    return None


def json_problem(value: object) -> Problem | None:
    """Why a value cannot be stored as JSON, or None."""
    try:
        encoded = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        return f"is not JSON: {error}", "Give an object of strings, numbers, true, false, null, arrays and objects"
    except RecursionError:
        return "is not JSON: nested too deep", "Flatten it"
    if _ESCAPED_NUL.search(encoded):
        return _NUL
    if problem := text_problem(encoded):
        return problem[0].partition(" at ")[0], problem[1]
    return None
