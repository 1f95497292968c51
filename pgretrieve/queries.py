"""A query as an encoder should read it. Pure.

What the signs of a query mean is told by ``sql/internal/_parsed_query.sql``, and the database holds to them. An encoder
knows none of that: the vector of "tea -green" lies near green tea.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACES = re.compile("[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_QUOTES = re.compile("[\xab\xbb\u201c-\u201f\uff02]")
_SIGNS = r"!-/:-@\[-`{-~"
_PART = r'[({{\[]*(-?)(?:(?:{0}):)?"[^"]*"-*|(?![({{\[]*-?(?:(?:{0}):)?")([^ ]+)|[({{\[]*-?(?:(?:{0}):)?"'
_EXCLUDED = re.compile(rf"-[#@.$_]?[^0-9{_SIGNS}]")


def without_exclusions(query: str, fields: Iterable[str] = ()) -> str:
    """The query without what it excludes; as it stands if it excludes nothing, or nothing else is left.

    Args:
        query: as people type it.
        fields: names of the fields that the collection has.
    """
    if "-" not in query:
        return query
    text = _QUOTES.sub('"', _SPACES.sub(" ", query))  # of the same length, so places are those of the query
    kept, end = [], 0
    names = "|".join(map(re.escape, fields)) or r"\x1f"  # which is nowhere in the text
    for part in re.finditer(_PART.format(names), text):
        minus, word = part.groups()
        if minus or (word and _EXCLUDED.match(word)):
            kept.append(query[end : part.start()])
            end = part.end()
    rest = "".join(kept) + query[end:]
    return rest.strip() if end and re.search(rf"[^ {_SIGNS}]", rest) else query
