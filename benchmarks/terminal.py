"""Figures as a terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def terminal_table(title: str, heading: Sequence[str], rows: Iterable[Iterable[str]]) -> Table:
    """What is measured on the left, its figures right-aligned beside it."""
    shown = Table(title=title)
    for place, name in enumerate(heading):
        shown.add_column(name, justify="left" if place == 0 else "right")
    for row in rows:
        shown.add_row(*row)
    return shown
