"""Fair timings of several ways to answer the same queries, on a machine that may be busy with other things.

Contenders take turns query by query, in an order shuffled each time, so that whatever else runs on the machine hits
all of them alike. Per query the best of a few runs counts. Beside wall time, the CPU time of whoever does the work
is taken: it hardly depends on the load. Nothing here asserts: a goal is something to print, not to fail on.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    import psycopg
    from numpy.typing import NDArray

Query = TypeVar("Query")
CpuClock = Callable[[], float]


@dataclass(frozen=True)
class Contender(Generic[Query]):
    """One way to answer a query, with the clock that counts its CPU milliseconds (None: not to be had)."""

    name: str
    run: Callable[[Query], object]
    cpu_clock: CpuClock | None = None


@dataclass(frozen=True)
class Ratio:
    """How many times longer, in the median, with a 95% bootstrap interval over the queries."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3g} [{self.low:.3g}, {self.high:.3g}]"


@dataclass(frozen=True)
class Timings:
    """Milliseconds per query: wall time of every contender, CPU time of those that have a clock."""

    wall: dict[str, NDArray[np.float64]]
    cpu: dict[str, NDArray[np.float64]]

    def with_sum(self, name: str, parts: Sequence[str]) -> Timings:
        """A contender more: its time is the sum of its `parts`, query by query."""
        wall = {name: np.sum([self.wall[part] for part in parts], axis=0)}
        cpu = {name: np.sum([self.cpu[part] for part in parts], axis=0)} if all(p in self.cpu for p in parts) else {}
        return Timings(self.wall | wall, self.cpu | cpu)

    def ratio(self, name: str, reference: str) -> Ratio:
        """Median time of `name` over median time of `reference`, in CPU time if both have it, else in wall time."""
        times = self.cpu if name in self.cpu and reference in self.cpu else self.wall
        return bootstrap_ratio(times[name], times[reference])

    def summary(self) -> dict[str, dict[str, float]]:
        """Median and 95th percentile in milliseconds, by contender."""
        rows: dict[str, dict[str, float]] = {}
        for name, wall in self.wall.items():
            rows[name] = {"wall_ms": float(np.median(wall)), "wall_p95_ms": float(np.percentile(wall, 95))}
            if name in self.cpu:
                cpu = self.cpu[name]
                rows[name] |= {"cpu_ms": float(np.median(cpu)), "cpu_p95_ms": float(np.percentile(cpu, 95))}
        return rows


def interleaved(
    contenders: Sequence[Contender[Query]],
    queries: Sequence[Query],
    *,
    repeats: int = 3,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> Timings:
    """Time every contender on every query, taking turns; each answers the first query once before, unmeasured."""
    shuffle = random.Random(seed).shuffle
    clocked = [c.name for c in contenders if c.cpu_clock]
    wall: dict[str, list[float]] = {c.name: [] for c in contenders}
    cpu: dict[str, list[float]] = {name: [] for name in clocked}
    for contender in contenders:
        contender.run(queries[0])
    for done, query in enumerate(queries, start=1):
        best_wall = dict.fromkeys(wall, float("inf"))
        best_cpu = dict.fromkeys(clocked, float("inf"))
        for _ in range(repeats):
            turn = list(contenders)
            shuffle(turn)
            for contender in turn:
                spent_wall, spent_cpu = _time_once(contender, query)
                best_wall[contender.name] = min(best_wall[contender.name], spent_wall)
                if spent_cpu is not None:
                    best_cpu[contender.name] = min(best_cpu[contender.name], spent_cpu)
        for name, spent in best_wall.items():
            wall[name].append(spent)
        for name, spent in best_cpu.items():
            cpu[name].append(spent)
        if on_progress:
            on_progress(done, len(queries))
    return Timings(
        {name: np.array(values) for name, values in wall.items()},
        {name: np.array(values) for name, values in cpu.items()},
    )


def bootstrap_ratio(times: NDArray[np.float64], reference: NDArray[np.float64], *, resamples: int = 2000) -> Ratio:
    """Ratio of medians; the interval resamples queries, the same ones for both sides."""
    rows = np.random.default_rng(0).integers(0, len(times), (resamples, len(times)))
    ratios = np.median(times[rows], axis=1) / np.median(reference[rows], axis=1)
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Ratio(float(np.median(times) / np.median(reference)), float(low), float(high))


def process_clock() -> float:
    """CPU milliseconds of this process, for contenders that work inside it."""
    return time.process_time() * 1e3


def backend_clock(connection: psycopg.Connection[Any]) -> CpuClock | None:
    """A clock of the CPU milliseconds of a connection's server process; None if it is not a process of this machine."""
    pid = connection.info.backend_pid
    schedstat, command = Path(f"/proc/{pid}/schedstat"), Path(f"/proc/{pid}/cmdline")
    try:
        if not command.read_bytes().startswith(b"postgres"):
            return None
        file = schedstat.open("rb", buffering=0)
    except OSError:
        return None

    def clock() -> float:
        file.seek(0)
        return int(file.read().split()[0]) / 1e6

    before = clock()
    connection.execute("select count(*) from generate_series(1, 100000)")
    return clock if clock() - before > 1 else None  # another namespace's process of the same number stands still


def _time_once(contender: Contender[Query], query: Query) -> tuple[float, float | None]:
    cpu_before = contender.cpu_clock() if contender.cpu_clock else 0.0
    before = time.perf_counter()
    contender.run(query)
    wall = (time.perf_counter() - before) * 1e3
    return wall, contender.cpu_clock() - cpu_before if contender.cpu_clock else None
