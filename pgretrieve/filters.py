"""Filters written as Python: ``F.year >= 2024`` instead of ``{"year": {"$gte": 2024}}``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from pgretrieve import errors

_PARENTHESES = "Put every comparison in parentheses: (F.year >= 2024) & (F.team == 'infra')"


class Condition(Mapping[str, Any]):
    """What a document's metadata has to fulfil, made by comparisons with ``F``; is the dictionary that says the same.

    Conditions, and dictionaries with them, are joined by ``&`` (both) and ``|`` (one of them); ``~`` negates.
    """

    __slots__ = ("_filter",)

    def __init__(self, filter: Mapping[str, Any]) -> None:  # noqa: A002  what it is everywhere else
        self._filter = dict(filter)

    def __getitem__(self, key: str) -> Any:
        return self._filter[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._filter)

    def __len__(self) -> int:
        return len(self._filter)

    def __hash__(self) -> int:
        return hash(repr(self._filter))

    def __repr__(self) -> str:
        return f"Condition({self._filter!r})"

    def __and__(self, other: Mapping[str, Any]) -> Condition:
        return _joined("$and", self, other)

    def __rand__(self, other: Mapping[str, Any]) -> Condition:
        return _joined("$and", other, self)

    def __or__(self, other: Mapping[str, Any]) -> Condition:
        return _joined("$or", self, other)

    def __ror__(self, other: Mapping[str, Any]) -> Condition:
        return _joined("$or", other, self)

    def __invert__(self) -> Condition:
        return Condition({"$not": self._filter})

    def __bool__(self) -> NoReturn:
        raise errors.InvalidFilter(
            f"{self!r} is tested by the database, and neither true nor false here",
            "Write & | ~ instead of and, or, not, and two comparisons joined by & instead of 1 < F.x < 9. "
            + _PARENTHESES,
        )


def _joined(operator: str, *conditions: object) -> Condition:
    """One filter of several; those that are joined alike already become one list, so that none nests deep."""
    parts: list[Any] = []
    for condition in conditions:
        if not isinstance(condition, Mapping):
            raise errors.InvalidFilter(f"{condition!r} is not a condition", _PARENTHESES)
        inner = condition.get(operator)
        parts += inner if isinstance(inner, list) and len(condition) == 1 else [dict(condition)]
    return Condition({operator: parts})


class Key:
    """A key of the metadata. ``F.author.name`` and ``F["author.name"]`` are the same nested key.

    Comparisons make a ``Condition``. For an array in the metadata one of its elements has to fulfil it.
    """

    __slots__ = ("_name",)
    __hash__ = None  # type: ignore[assignment]  # equality makes a condition

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Key:
        if name.startswith("_"):  # what Python and its tools look for
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Key:
        return Key(f"{self._name}.{_name(name)}")

    def __repr__(self) -> str:
        return f"F[{self._name!r}]"

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared("$eq", other) if isinstance(other, Mapping) else Condition({self._name: _plain(other)})

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._compared("$ne", other)

    def __gt__(self, other: object) -> Condition:
        return self._compared("$gt", other)

    def __ge__(self, other: object) -> Condition:
        return self._compared("$gte", other)

    def __lt__(self, other: object) -> Condition:
        return self._compared("$lt", other)

    def __le__(self, other: object) -> Condition:
        return self._compared("$lte", other)

    def in_(self, values: Iterable[Any]) -> Condition:
        """Equal to one of the values."""
        return self._compared("$in", _values(values))

    def not_in(self, values: Iterable[Any]) -> Condition:
        """Equal to none of the values, or not there."""
        return self._compared("$nin", _values(values))

    def contains(self, value: Any) -> Condition:
        """A string with this part, or an array with this element."""
        return self._compared("$contains", value)

    def startswith(self, prefix: str) -> Condition:
        """A string that begins so."""
        return self._compared("$startsWith", prefix)

    def exists(self, there: bool = True) -> Condition:  # noqa: FBT001, FBT002  reads as .exists(False)
        """The key is there, be it with null; or not, with False."""
        return self._compared("$exists", there)

    def _compared(self, operator: str, value: object) -> Condition:
        return Condition({self._name: {operator: _plain(value)}})

    def _misread(self, *_: object) -> NoReturn:
        raise errors.InvalidFilter(f"{self!r} is a key, and not compared with anything", _PARENTHESES)

    def __contains__(self, value: object) -> NoReturn:
        raise errors.InvalidFilter(
            f"{self!r} is a key; what it holds is in the database", f"Write {self!r}.contains({value!r})"
        )

    __bool__ = __and__ = __rand__ = __or__ = __ror__ = __invert__ = _misread
    __iter__ = None


class Keys:
    """The keys of documents' metadata, for filters: ``F.year >= 2024``, ``F["author.name"] == "Ada"``.

    ``.in_``, ``.not_in``, ``.contains``, ``.startswith`` and ``.exists`` are the other comparisons. Join them with
    ``&``, ``|`` and ``~``, each in parentheses, and pass the result as ``filter``.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Key:
        if name.startswith("_"):
            raise AttributeError(name)
        return Key(_name(name))

    def __getitem__(self, name: str) -> Key:
        return Key(_name(name))

    def __repr__(self) -> str:
        return "F"

    __iter__ = None


F = Keys()


def _name(name: object) -> str:
    if not isinstance(name, str) or name.startswith("$"):
        raise errors.InvalidFilter(f"{name!r} is not a key of metadata", "For example F.year or F['author.name']")
    return name


def _values(values: Iterable[Any]) -> list[Any]:
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise errors.InvalidFilter(f"{values!r} is not several values", f"Give a list: [{values!r}]")
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    """A value as JSON has it; dates as text in ISO 8601, which the database compares as dates."""
    if isinstance(value, Key):
        raise errors.InvalidFilter(f"{value!r} stands where a value is expected", "Compare a key with a value")
    return value.isoformat() if isinstance(value, date) else value
