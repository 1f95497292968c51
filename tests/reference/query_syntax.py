"""Queries as people type them: what they mean, and which chunks meet them.

Read character by character, as sql/internal/_parsed_query.sql documents it and without a regular expression of its own.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from math import ceil
from string import digits, punctuation
from typing import Any

from tests.reference.bm25 import BM25, Terms

SPACES = {*map(chr, [*range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                     0x202F, 0x205F, 0x3000])}  # fmt: skip
QUOTES = set('"«»“”„‟＂')
MOST, MOST_PREFIXES, MOST_TERMS, MOST_EXPANSIONS, SENTENCE = 64, 8, 64, 50, 8

Places = Mapping[str, list[int]]
"""Where each lexeme of a text stands."""


@dataclass
class Item:
    kind: str
    text: str
    field: str = ""
    factor: float | None = None


def parse(query: str, fields: Collection[str] = ()) -> dict[str, Any]:
    """What the database's ``pgretrieve._parsed_query`` returns, with ``title:word`` for what is of a field."""
    items = [item for item in _items(query, fields) if any(c not in punctuation and c != " " for c in item.text)]
    names = ("required", "alternatives", "excluded", "prefixes", "fielded", "weighted", "quotations", "ignored")
    parsed: dict[str, list[Any]] = {name: [] for name in names}
    if sum(item.kind == "word" for item in items) >= SENTENCE:
        for item in items:
            if item.kind == "phrase" and not item.field:
                parsed["quotations"].append(item.text)
                item.kind = "word"
    words: list[str] = []
    for group in _groups(items):
        members, with_phrase = [], False
        for item in group:
            if item.kind == "excluded":
                if len(parsed["excluded"]) < MOST:
                    parsed["excluded"].append(item.field + item.text)
                else:
                    parsed["ignored"].append("-" + item.field + item.text)
                continue
            whole = item.field + item.text
            prefix = whole.rstrip("*")
            as_prefix = item.kind == "prefix"
            if as_prefix and prefix not in parsed["prefixes"]:
                if len(parsed["prefixes"]) < MOST_PREFIXES:
                    parsed["prefixes"].append(prefix)
                else:
                    parsed["ignored"].append(whole)
                    as_prefix = False
            if not as_prefix and item.field and len(parsed["fielded"]) < MOST:
                parsed["fielded"].append(prefix)
            elif not as_prefix and item.field:
                parsed["ignored"].append(prefix)
            elif not as_prefix:
                words.append(item.text)
            member = whole if as_prefix else prefix
            if item.factor is not None and len(parsed["weighted"]) < MOST:
                parsed["weighted"].append({"words": member, "factor": item.factor})
            elif item.factor is not None:
                parsed["ignored"].append(f"{member}^{item.factor:g}")
            if len(members) < MOST:
                members.append(member)
                with_phrase |= item.kind == "phrase"
            else:
                parsed["ignored"].append(member)
        if with_phrase and len(parsed["required"]) < MOST:
            parsed["required"].append(members)
        elif with_phrase:
            parsed["ignored"].append(members[0])
        if len(group) > 1:
            parsed["alternatives"].append(members)
    return {"words": " ".join(words)} | {name: value for name, value in parsed.items() if value}


def _items(query: str, fields: Collection[str]) -> Iterator[Item]:
    text = "".join(" " if c in SPACES else '"' if c in QUOTES else c for c in query)
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        begin = at
        while begin < len(text) and text[begin] in "({[":
            begin += 1
        minus = text[begin : begin + 1] == "-"
        begin += minus
        name = next((f"{name}:" for name in fields if text.startswith(f'{name}:"', begin)), "")
        begin += len(name)
        if text[begin : begin + 1] == '"':
            end = text.find('"', begin + 1)
            if end == -1:
                at = begin + 1
                continue
            phrase = " ".join(filter(None, text[begin + 1 : end].split(" "))).strip(" *")
            at = end + 1
            factor = None
            if text[at : at + 1] == "^" and (number := _number(text[at + 1 :].split(" ", 1)[0])):
                factor = _bounded(number)
                at += 1 + len(number)
            while factor is None and text[at : at + 1] == "-":
                at += 1
            yield Item("excluded" if minus else "phrase", phrase, name, factor)
            continue
        word = text[at:].split(" ", 1)[0]
        at += len(word)
        yield _word(word, fields)


def _number(text: str) -> str | None:
    """The number that a text is, but for signs behind it."""
    number = text.rstrip(punctuation)
    before, point, after = number.partition(".")
    for part, needed in ((before, not point), (after, bool(point))):
        if len(part) > 6 or set(part) - set(digits) or (needed and not part):
            return None
    return number


def _bounded(number: str) -> float:
    return min(100.0, max(0.01, float(number)))


def _word(word: str, fields: Collection[str]) -> Item:
    if word == "OR":
        return Item("or", word)
    factor = None
    start, power, rest = word.partition("^")
    if power and start and start[-1] not in ")]}" and (number := _number(rest)):
        bare = _without_field(start.lstrip("({[").removeprefix("-"), fields)[1]
        if len(bare) > 1 and any(c not in digits + punctuation for c in bare):
            word, factor = start, _bounded(number)
    inner = word.lstrip("({[")
    name, own = _without_field(inner.removeprefix("-"), fields)
    if name and any(c not in punctuation for c in own):
        begin = own.rstrip("*")
        if own != begin and "*" not in begin and begin[0] not in punctuation:
            begin = begin.removesuffix(":")
            if len(begin.encode()) >= 2:
                return Item("excluded" if inner[0] == "-" else "prefix", begin + "*", name, factor)
        return Item("excluded" if inner[0] == "-" else "fielded", own.rstrip("*"), name, factor)
    item = _bare_word(word)
    item.factor = factor
    return item


def _without_field(word: str, fields: Collection[str]) -> tuple[str, str]:
    name = next((f"{name}:" for name in fields if word.startswith(f"{name}:")), "")
    return name, word.removeprefix(name)


def _bare_word(word: str) -> Item:
    kind = "word"
    if word[0] == "-":
        rest = word[2:] if word[1:2] in {"#", "@", ".", "$", "_"} else word[1:]
        if rest and rest[0] not in digits + punctuation:
            kind, word = "excluded", word[1:]
    begin = word.rstrip("*")
    if word != begin and "*" not in begin and begin and begin[0] not in punctuation:
        begin = begin.removesuffix(":")
        if len(begin.encode()) >= 2:
            return Item("prefix" if kind == "word" else kind, begin + "*")
    return Item(kind, word.rstrip("*") if kind == "excluded" else word)


def _groups(items: list[Item]) -> Iterator[list[Item]]:
    """Items, and together those that OR joins."""
    operands = {"word", "phrase", "prefix", "fielded"}
    at = 0
    while at < len(items):
        group = [items[at]]
        while (
            at + 2 < len(items)
            and items[at].kind in operands
            and items[at + 1].kind == "or"
            and items[at + 2].kind in operands
        ):
            at += 2
            group.append(items[at])
        yield group
        at += 1


@dataclass
class Matcher:
    """What a query finds among chunks.

    Args:
        bm25: their scores.
        places: where each lexeme of each chunk stands.
        analyse: the places of the lexemes of any text.
    """

    bm25: BM25
    places: Mapping[int, Places]
    analyse: Callable[[str], Places]
    vocabulary: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.vocabulary = sorted(self.bm25.document_frequency, key=lambda term: term.encode())

    def terms(self, query: str) -> Terms:
        """What is scored, with its frequency in the query."""
        parsed = parse(query)
        df = self.bm25.document_frequency
        known = {t: len(at) for t, at in self.analyse(parsed["words"]).items() if df[t]}
        rarest = sorted(known, key=lambda t: (df[t], t.encode()))[:MOST_TERMS]
        terms = Counter({t: known[t] for t in rarest})
        extra = {t for found in self.expansions(query).values() for t in found}
        for clause in parsed.get("required", []):
            analysed = [self.analyse(member) for member in clause]
            by_list = all(len(a) <= 1 for a in analysed) and not any(m.endswith("*") for m in clause)
            if len(clause) == 1 or by_list:
                extra |= {t for a in analysed for t in a if df[t]}
        return terms + Counter({t: 1 for t in extra if t not in terms})

    def weighed(self, query: str) -> dict[str, float]:
        """What is scored, with its frequency in the query times what ``^`` says of it."""
        known = {t: len(at) for t, at in self.analyse(parse(query)["words"]).items()}
        added: Counter[str] = Counter()
        largest: dict[str, float] = {}
        for given in parse(query).get("weighted", []):
            if given["words"].endswith("*"):
                for term in self.expansions(query)[given["words"].rstrip("*")]:
                    largest[term] = max(largest.get(term, 0), given["factor"])
            else:
                for term, at in self.analyse(given["words"]).items():
                    added[term] += (given["factor"] - 1) * len(at)
        terms = self.terms(query)
        rarest = sorted((t for t in known if t in terms), key=lambda t: (self.bm25.document_frequency[t], t.encode()))
        return {
            term: frequency
            * (largest[term] if term in largest and term not in rarest[:MOST_TERMS]
               else max(0.01, 1 + added[term] / frequency))
            for term, frequency in terms.items()
        }  # fmt: skip

    def expansions(self, query: str) -> dict[str, list[str]]:
        """The terms that each prefix stands for."""
        df = self.bm25.document_frequency
        found = {}
        for prefix in parse(query).get("prefixes", []):
            terms = [t for t in self.vocabulary if self._begins(t, prefix)]
            found[prefix] = sorted(terms, key=lambda t: (-df[t], t.encode()))
        in_turn = [
            (prefix, term)
            for row in zip_longest(*found.values())
            for prefix, term in zip(found, row, strict=True)
            if term is not None
        ][:MOST_EXPANSIONS]
        return {prefix: [t for p, t in in_turn if p == prefix] for prefix in found}

    def _begins(self, term: str, prefix: str) -> bool:
        own = list(self.analyse(prefix))
        return term.startswith(prefix.lower()) or own == [term]

    def holds(self, chunk: int, member: str) -> bool | None:
        """Whether a chunk holds a word, phrase or prefix; None if that is nothing to look for."""
        places = self.places[chunk]
        if member.endswith("*"):
            return any(self._begins(term, member.rstrip("*")) for term in places)
        phrase = self.analyse(member)
        if not phrase:
            return None
        first = min(at for found in phrase.values() for at in found)
        wanted: dict[int, set[str]] = {}
        for term, found in phrase.items():
            for at in found:
                wanted.setdefault(at - first, set()).add(term)
        starts = {at for term in wanted[0] for at in places.get(term, [])}
        return any(
            all(any(start + step in places.get(term, []) for term in terms) for step, terms in wanted.items())
            for start in starts
        )

    def meets(self, chunk: int, query: str) -> bool:
        """Whether a chunk has what the query requires and nothing that it excludes."""
        parsed = parse(query)
        for clause in parsed.get("required", []):
            answers = [self.holds(chunk, member) for member in clause]
            if set(answers) != {None} and True not in answers:
                return False
        return not any(self.holds(chunk, member) for member in parsed.get("excluded", []))

    def units(self, query: str) -> list[set[str]]:
        """What min_match counts: the lexemes that stand for each unit."""
        parsed = parse(query)
        words = set(self.analyse(parsed["words"]))
        expansions = self.expansions(query)
        scored = set(self.terms(query))
        units, joined, in_groups = [], set(), set()
        for group in parsed.get("alternatives", []):
            lexemes: set[str] = set()
            something = False
            for member in group:
                if member.endswith("*"):
                    lexemes |= set(expansions[member.rstrip("*")])
                    in_groups.add(member.rstrip("*"))
                    something = True
                else:
                    lexemes |= set(self.analyse(member))
            joined |= lexemes
            if lexemes or something:
                units.append(lexemes)
        units += [set(found) for prefix, found in expansions.items() if prefix not in in_groups]
        units += [{word} for word in words - joined]
        units = [unit & scored for unit in units]
        return units if len(words) <= MOST_TERMS else [unit for unit in units if unit]

    def scores(self, query: str, min_match: int | float | str | None = None) -> dict[int, float]:
        """The score of every chunk that a keyword search finds."""
        found = {chunk: s for chunk, s in self.bm25.scores(self.weighed(query)).items() if self.meets(chunk, query)}
        if min_match is None:
            return found
        units = self.units(query)
        if min_match == "all":
            least = len(units)
        elif isinstance(min_match, int):
            least = min(min_match, len(units))
        else:
            least = ceil(Decimal(str(min_match)) * len(units))
        least = max(1, least)
        return {
            chunk: score
            for chunk, score in found.items()
            if sum(bool(unit & set(self.places[chunk])) for unit in units) >= least
        }
