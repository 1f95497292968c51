"""Metadata filters as sql/internal/_filter_path.sql documents them.

Two truth values: what cannot be compared does not match, and its negation does.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
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
    elements = [element for value in found for element in (value if isinstance(value, list) else [value])]
    alike = [element for element in elements if _kind(element) == _kind(operand) is not None]
    return any(_ORDERED[name](_ranked(element), _ranked(operand)) for element in alike)


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
