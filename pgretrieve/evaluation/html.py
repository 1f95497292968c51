"""A report as one HTML file that needs nothing besides itself."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pgretrieve import __version__, errors
from pgretrieve.evaluation import pictures
from pgretrieve.evaluation.comparison import SHOWN_CHANGES, Report
from pgretrieve.evaluation.folders import writing
from pgretrieve.evaluation.measures import EXTRA


def write_html(path: str | Path, report: Report) -> None:
    """Writes the report: tables, pictures, and the queries that won and lost most.

    Raises:
        MissingDependency: the extra ``evaluation`` is not installed.
        InvalidInput: the file cannot be written.
    """
    require()
    text = page(report)
    with writing(Path(path)):
        Path(path).write_text(text, encoding="utf-8")


def require() -> None:
    """Raises MissingDependency if a page cannot be made, before anything is measured."""
    if not find_spec("jinja2"):
        raise errors.MissingDependency("an HTML report needs the package jinja2", EXTRA)
    pictures.require()


def page(report: Report) -> str:
    """The report as the text of a page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["settings"] = _settings
    changes = report.changes()
    # matplotlib escapes what it writes
    drawn = {"measures": pictures.measures(report), "latency": pictures.latency(report)}
    if report.baseline is not None:
        drawn["differences"] = pictures.differences(report)
    return environment.get_template(
        "report.html"
    ).render(
        report=report,
        means=report.means,
        colours=dict(zip(report.runs, pictures.COLOURS * len(report.runs), strict=False)),
        pictures={name: Markup(svg) for name, svg in drawn.items()},  # noqa: S704
        changes=changes,
        won=[change for change in changes[:SHOWN_CHANGES] if change.difference > 0],
        lost=[change for change in changes[::-1][:SHOWN_CHANGES] if change.difference < 0],
        version=__version__,
    )


def _settings(settings: dict[str, Any]) -> str:
    parts = {key: value for key, value in settings.items() if key != "options"} | dict(settings.get("options") or {})
    return " ".join(
        f"{key}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in parts.items()
    )
