"""Pictures of a report, as SVG to stand in a page. The only module that imports matplotlib."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from pgretrieve import errors
from pgretrieve.evaluation.comparison import Report
from pgretrieve.evaluation.measures import EXTRA

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")
"""Told apart by colour-blind people, too (Okabe and Ito)."""

_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "font.family": "sans-serif",
    "svg.fonttype": "none",
    "svg.hashsalt": "pgretrieve",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#999999",
}
_WIDTH = 7.6


def require() -> None:
    """Raises MissingDependency if matplotlib is not installed."""
    if not find_spec("matplotlib"):
        raise errors.MissingDependency("pictures need the package matplotlib", EXTRA)


def measures(report: Report) -> str:
    """Each measure of each run, with its interval."""
    names, means = list(report.runs), report.means

    def draw(axes: Any) -> None:
        step = 0.5 / max(1, len(names) - 1)
        for number, name in enumerate(names):
            places = [row + number * step - (0.25 if len(names) > 1 else 0) for row in range(len(report.measures))]
            values = [means[name][measure] for measure in report.measures]
            spans = [report.intervals[name][measure] for measure in report.measures]
            sides = [
                [value - low for value, (low, _) in zip(values, spans, strict=True)],
                [high - value for value, (_, high) in zip(values, spans, strict=True)],
            ]
            axes.errorbar(
                values, places, xerr=sides, fmt="o", capsize=3, label=name, color=COLOURS[number % len(COLOURS)]
            )
        axes.set_yticks(range(len(report.measures)), report.measures)
        axes.set_ylim(len(report.measures) - 0.4, -0.6)
        axes.set_xlim(left=0)
        axes.grid(axis="x", color="#eeeeee")
        axes.set_axisbelow(True)
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))

    return _svg(draw, 0.7 + 0.28 * max(len(names), 2) * len(report.measures))


def differences(report: Report) -> str:
    """What each query won or lost against the baseline, in order."""
    assert report.baseline is not None  # noqa: S101  the page asks for it only then
    measure = report.measures[0]
    before, after = (report.values[name][measure] for name in (report.baseline, report.candidate))
    gains = sorted((after[query] - before[query] for query in before), reverse=True)

    def draw(axes: Any) -> None:
        up = [max(gain, 0) for gain in gains]
        down = [min(gain, 0) for gain in gains]
        axes.bar(range(len(gains)), up, width=1, color=COLOURS[2], label="won")
        axes.bar(range(len(gains)), down, width=1, color=COLOURS[1], label="lost")
        axes.axhline(0, color="#999999", linewidth=0.8)
        axes.set_xlabel("queries, by what they won")
        axes.set_ylabel(f"{measure}: {report.candidate} \N{MINUS SIGN} {report.baseline}")
        axes.set_xlim(-0.5, len(gains) - 0.5)
        axes.legend(frameon=False)

    return _svg(draw, 3.0)


def latency(report: Report) -> str:
    """How many of the searches took how long."""
    from matplotlib.ticker import LogLocator, NullLocator

    def draw(axes: Any) -> None:
        for number, (name, run) in enumerate(report.runs.items()):
            times = sorted(run.search_ms.values())
            shares = [(place + 1) / len(times) for place in range(len(times))]
            if times:
                axes.step(times, shares, where="post", label=name, color=COLOURS[number % len(COLOURS)])
        for share, what in ((0.5, "median"), (0.95, "95%")):
            axes.axhline(share, color="#cccccc", linewidth=0.8, linestyle="--")
            axes.annotate(
                what, (1, share), xycoords="axes fraction", xytext=(4, -3), textcoords="offset points", color="#777777"
            )
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel("milliseconds a search, without encoding the query")
        axes.set_ylabel("share of queries")
        axes.set_ylim(0, 1.02)
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.1, 0.3))

    return _svg(draw, 2.8)


def _svg(draw: Callable[[Any], None], height: float) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.subplots())
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
