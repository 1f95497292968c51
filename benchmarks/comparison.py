"""A ratio that was measured, beside the goal that was set for it. Printed, stored, drawn; never asserted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.timing import Ratio


@dataclass(frozen=True)
class Comparison:
    """How one thing compares with another, and what was hoped for."""

    name: str
    value: float
    low: float | None = None  # 95% interval, where one was estimated
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "x"

    @classmethod
    def of(cls, name: str, ratio: Ratio, *, at_least: float | None = None, at_most: float | None = None) -> Comparison:
        """A comparison of two timings."""
        return cls(name, ratio.value, ratio.low, ratio.high, at_least, at_most)

    @property
    def met(self) -> bool | None:
        """Whether the goal was reached; None without a goal."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.value <= self.at_most if self.at_most is not None else None

    def cells(self) -> tuple[str, str, str]:
        """Name, value with its interval, and goal, as a table shows them."""
        value = f"{_short(self.value)} {self.unit}"
        if self.low is not None and self.high is not None:
            value += f" ({_short(self.low)} to {_short(self.high)})"
        if self.met is None:
            return self.name, value, ""
        goal = f"at least {self.at_least:,g}" if self.at_least is not None else f"at most {self.at_most:,g}"
        return self.name, value, f"{goal}: {'met' if self.met else 'missed'}"

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Comparison:
        """The inverse of `dataclasses.asdict`."""
        return cls(**stored)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
