"""What the analysers of our own make of a text, worked out in plain Python."""

import unicodedata

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
