"""A query as an encoder should read it. Pure.

What the signs of a query mean is told by ``sql/internal/_parsed_query.sql``, and the database holds to them. An encoder
knows none of that: the vector of "tea -green" lies near green tea, and that of "tea^2" near arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACES = re.compile("[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_QUOTES = re.compile("[\xab\xbb\u201c-\u201f\uff02]")
_SIGNS = r"!-/:-@\[-`{-~"
_NUMBER = r"(?:[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})"
_EXCLUDED = re.compile(rf"-[#@.$_]?[^0-9{_SIGNS}]")
_WEIGHED = re.compile(rf"([^^]+[^]^)}}])(\^{_NUMBER}[{_SIGNS}]*)")


def as_encoded(query: str, fields: Iterable[str] = ()) -> str:
    """The query without what it excludes and without its weights; as it stands if nothing else is left.

    Args:
        query: as people type it.
        fields: names of the fields that the collection has.
    """
    if "-" not in query and "^" not in query:
        return query
    text = _QUOTES.sub('"', _SPACES.sub(" ", query))  # of the same length, so places are those of the query
    kept, end = [], 0
    names = "|".join(map(re.escape, fields)) or r"\x1f"  # which is nowhere in the text
    for part in _parts(names).finditer(text):
        minus, weight, word = part.groups()
        weighed = word and _WEIGHED.fullmatch(word)
        if minus or (word and _EXCLUDED.match(word)):
            cut = part.span()
        elif weight:
            cut = part.span(2)
        elif weighed and _takes_weight(weighed[1], names):
            cut = (part.start(3) + weighed.start(2), part.start(3) + weighed.end(2))
        else:
            continue
        kept.append(query[end : cut[0]])
        end = cut[1]
    rest = "".join(kept) + query[end:]
    return rest.strip() if end and re.search(rf"[^ {_SIGNS}]", rest) else query


def _parts(names: str) -> re.Pattern[str]:
    """What a query is made of: phrases, words, and quotes that are never closed."""
    begin = rf'[({{\[]*-?(?:(?:{names}):)?"'
    phrase = rf'[({{\[]*(-?)(?:(?:{names}):)?"[^"]*"(?:-+|(\^{_NUMBER})(?=[{_SIGNS}]*(?: |$)))?'
    return re.compile(rf"{phrase}|(?!{begin})([^ ]+)|{begin}")


def _takes_weight(word: str, names: str) -> bool:
    """Whether a number behind ``^`` weighs the word: not in x^2 or 10^6."""
    bare = re.sub(rf"^[({{\[]*-?(?:(?:{names}):)?", "", word)
    return len(bare) > 1 and bool(re.search(rf"[^0-9{_SIGNS}]", bare))
