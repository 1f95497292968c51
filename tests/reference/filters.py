"""Metadata filters as sql/internal/_filter_path.sql documents them.

Two truth values: what cannot be compared does not match, and its negation does.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": operator.eq, "$gt": operator.gt, "$gte": operator.ge, "$lt": operator.lt, "$lte": operator.le,
}  # fmt: skip


def passes(metadata: Any, condition: Mapping[str, Any], path: tuple[str, ...] = ()) -> bool:
    """Whether metadata passes a filter, or the part of one that holds for what lies at a path."""
    return all(_part(metadata, key, value, path) for key, value in condition.items())


def _part(metadata: Any, key: str, value: Any, path: tuple[str, ...]) -> bool:
    if key == "$and":
        return all(passes(metadata, part, path) for part in value)
    if key == "$or":
        return any(passes(metadata, part, path) for part in value)
    if key == "$not":
        return not passes(metadata, value, path)
    if key.startswith("$"):
        return _compares(list(_found(metadata, path)), key, value)
    inner = (*path, *key.split("."))
    if isinstance(value, Mapping):
        return passes(metadata, value, inner)
    return _compares(list(_found(metadata, inner)), "$eq", value)


def _found(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """What lies at a path. A key is looked for in an object, and in the objects of an array."""
    if not path:
        yield value
        return
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping) and path[0] in item:
            yield from _found(item[path[0]], path[1:])


def _compares(found: list[Any], name: str, operand: Any) -> bool:
    match name:
        case "$exists":
            return bool(found) == operand
        case "$ne":
            return not _compares(found, "$eq", operand)
        case "$in":
            return any(_compares(found, "$eq", one) for one in operand)
        case "$nin":
            return not _compares(found, "$in", operand)
        case "$contains":
            return any(_contains(value, operand) for value in found)
    elements = _elements(found)
    if name == "$startsWith":
        return any(isinstance(element, str) and element.startswith(operand) for element in elements)
    if name != "$eq" and (then := moment(operand)):
        return any(_ORDERED[name](other, then) for element in elements if (other := moment(element)))
    alike = [element for element in elements if _kind(element) == _kind(operand) is not None]
    return any(_ORDERED[name](_ranked(element), _ranked(operand)) for element in alike)


def elements(metadata: Any, key: str) -> list[Any]:
    """What lies at a key such as ``author.name``; of an array its elements."""
    return _elements(list(_found(metadata, tuple(key.split(".")))))


def _elements(found: list[Any]) -> list[Any]:
    return [element for value in found for element in (value if isinstance(value, list) else [value])]


def _contains(value: Any, operand: Any) -> bool:
    if isinstance(value, list):
        return any(not isinstance(element, list) and _compares([element], "$eq", operand) for element in value)
    return isinstance(value, str) and isinstance(operand, str) and operand in value


_DATE = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-](?:0\d|1[0-5]):[0-5]\d)?)?", re.ASCII
)


def moment(value: Any) -> datetime | None:
    """The moment of a string that counts as a date; years before 2 have none, and nobody asks for them."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    day, time, zone = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{_padded(time or '00:00')}{zone or 'Z'}")
    except ValueError:
        return None


def _padded(time: str) -> str:
    """Python before 3.11 knew only three or six digits of a fraction; let it always be six."""
    whole, point, fraction = time.partition(".")
    return whole + (point + fraction.ljust(6, "0") if point else "")


def _kind(value: Any) -> str | None:
    """Values of one kind can be compared; objects and arrays with nothing."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
    return None


def _ranked(value: Any) -> Any:
    return 0 if value is None else value
