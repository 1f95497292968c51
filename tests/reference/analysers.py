"""What the analysers of our own make of a text, worked out in plain Python."""

import re
import unicodedata
from decimal import Decimal, getcontext

getcontext().prec = 60

# (first, last) of the characters that are cut into pairs, as the Unicode blocks have them.
PAIRED = [
    ("\u0e01", "\u0e3a"), ("\u0e40", "\u0e4e"), ("\u1100", "\u11ff"), ("\u2e80", "\u2fd5"), ("\u3005", "\u3007"),
    ("\u3021", "\u3029"), ("\u3031", "\u3035"), ("\u3041", "\u3096"), ("\u3099", "\u309a"), ("\u309d", "\u309f"),
    ("\u30a1", "\u30fa"), ("\u30fc", "\u318e"), ("\u31a0", "\u31bf"), ("\u31f0", "\u31ff"), ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"), ("\ua960", "\ua97c"), ("\uac00", "\ud7a3"), ("\ud7b0", "\ud7fb"), ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003fffd"),
]  # fmt: skip


def is_paired(character: str) -> bool:
    return any(first <= character <= last for first, last in PAIRED)


def pairs(text: str) -> list[str]:
    """The overlapping pairs of each run, a lone character by itself, and what stands between as it is, in order."""
    parts: list[str] = []
    run = ""
    between = ""
    for character in unicodedata.normalize("NFKC", text) + "\0":
        if is_paired(character):
            if between:
                parts.append(between)
                between = ""
            run += character
            continue
        if run:
            parts += [run[n : n + 2] for n in range(len(run) - 1)] or [run]
            run = ""
        if character != "\0":
            between += character
    return [*parts, between] if between else parts


LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t",
           "þ": "th", "ŋ": "n", "ё": "е", "ς": "σ"}  # fmt: skip


def without_accents(text: str) -> str:
    """A text in small letters without the accents that follow Latin and Greek ones at once."""
    kept = [""]
    for character in unicodedata.normalize("NFKD", text.lower()):
        base = kept[-1]
        greek = "\u0370" <= base <= "\u03ff"
        if "\u0300" <= character <= "\u036f" and ((base.isascii() and base.isalpha()) or greek):
            continue
        kept.append(character)
    folded = unicodedata.normalize("NFC", "".join(kept))
    return "".join(LETTERS.get(character, character) for character in folded)


_BREAKLESS = "\u00a0\u2007\u2009\u202f'\u2019"
_DIGITS = "|".join([
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?",
    r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?",
    r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+",
    rf"[0-9]{{1,3}}(?:[{_BREAKLESS}][0-9]{{3}})+(?:[.,][0-9]+)?",
    r"[0-9]+(?:\.[0-9]+)?",
    r"\.[0-9]+",
])  # fmt: skip
NUMBER = re.compile(
    rf"(?<![\w.,/@])({_DIGITS})(?:([ \u00a0]?)(thousand|million|billion|trillion)|(k|m|mn|bn|tn))?(?![\w/@]|[.,][0-9])",
    re.IGNORECASE,
)
_ZEROS = {"thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12, "tn": 12}


def plain_digits(digits: str) -> str:
    """The digits of a number without separators, with a point before decimals that do not end in zero."""
    digits = "".join(c for c in digits if c not in _BREAKLESS)
    whole, _, decimals = digits.rpartition(max(",.", key=digits.rfind)) if set(",.") & set(digits) else (digits, "", "")
    last = max(",.", key=digits.rfind)
    english_group = last == "," and "." not in digits and all(len(part) == 3 for part in digits.split(",")[1:])
    english_group = english_group and len(digits.split(",")[0]) <= 3
    if english_group or (last == "." and digits.count(".") > 1):
        whole, decimals = digits, ""
    whole = whole.replace(",", "").replace(".", "")
    decimals = decimals.rstrip("0")
    return f"{whole or '0'}.{decimals}" if decimals else whole or "0"


def number_words(match: re.Match[str]) -> list[str]:
    """The words that a number becomes: its value if a word multiplies it, its digits, that word."""
    digits = plain_digits(match[1])
    word = match[3] or match[4]
    if word is None:
        return [digits]
    value = format((Decimal(digits) * 10 ** _ZEROS[word.lower()]).normalize(), "f") if len(digits) <= 30 else digits
    return [*([value] if value != digits else []), digits, word]


def normalised_numbers(text: str) -> str:
    """A text whose numbers stand between spaces, in one form."""
    return NUMBER.sub(lambda match: f" {' '.join(number_words(match))} ", text)
