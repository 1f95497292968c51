"""Grouping of a ranking, in the plainest way."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def grouped(ranking: Sequence[Row], group_of: Callable[[Row], Hashable], *, k: int, size: int) -> list[Row]:
    """The first ``size`` rows of each of the ``k`` groups that come first, group by group."""
    groups: dict[Hashable, list[Row]] = {}
    for row in ranking:
        groups.setdefault(group_of(row), []).append(row)
    return [row for members in list(groups.values())[:k] for row in members[:size]]
