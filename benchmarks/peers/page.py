"""The figures as tables for a terminal, as a section of docs/benchmarks.md, and as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from benchmarks.report import COLOURS, markdown_table

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

BEGIN, END = "<!-- peers: written by benchmarks.peers -->", "<!-- end of peers -->"

_Rows = tuple[list[str], list[list[str]]]


def quality_rows(results: dict[str, Any]) -> _Rows:
    """A row a peer, a column a collection: nDCG@10 / Recall@100, and their means."""
    collections = results["quality"]
    rows = []
    for name in results["versions"]:
        of = [collection["peers"].get(name) for collection in collections]
        if not any(of):
            continue
        cells = [f"{cell['ndcg']:.3f} / {cell['recall']:.3f}" if cell else "failed" for cell in of]
        means = [sum(cell[key] for cell in of if cell) / len(of) for key in ("ndcg", "recall")] if all(of) else []
        failed = sum(cell["failed"] for cell in of if cell)
        rows.append([name, *cells, f"{means[0]:.3f} / {means[1]:.3f}" if means else "", str(failed or "")])
    heading = ["nDCG@10 / Recall@100", *(collection["collection"] for collection in collections)]
    return [*heading, "mean", "queries that failed"], rows


def speed_rows(results: dict[str, Any]) -> _Rows:
    """A row a peer: milliseconds and ratios of hybrid and dense search, effort, recall, ingest."""
    rows = []
    for name, row in results["speed"]["peers"].items():
        if "dense" not in row:
            continue
        rows.append([
            name, *_times(row.get("search")), *_times(row["dense"]), f"{row['ef_search']:,}", f"{row['recall']:.3f}",
            f"{row['documents_per_s']:,.0f}",
        ])  # fmt: skip
    heading = ["wall time, median", "hybrid ms", "ratio", "dense ms", "ratio", "`ef_search`", "recall@10"]
    return [*heading, "documents/s"], rows


def _times(cell: dict[str, Any] | None) -> list[str]:
    if cell is None:
        return ["", ""]
    ratio = cell.get("ratio")
    shown = f"{ratio['value']:.2g} ({ratio['low']:.2g} to {ratio['high']:.2g})" if ratio else ""
    return [f"{cell['wall_ms']:.2f}", shown]


def filter_rows(results: dict[str, Any]) -> _Rows:
    """A row a peer: what comes back under a filter that one document in a hundred passes."""
    rows = []
    for name, row in results["speed"]["peers"].items():
        if "filtered" not in row:
            continue
        found = row["filtered"]
        hybrid = [f"{found['hybrid_rows']:.1f}", f"{found['hybrid_short']:.0%}"] if row["hybrid"] else ["", ""]
        rows.append([name, *hybrid, f"{found['dense_rows']:.1f}", f"{found['dense_recall']:.3f}"])
    heading = ["filter, 1% pass", "hybrid rows of 10", "searches with fewer", "dense rows of 10"]
    return [*heading, "dense recall of the ten"], rows


def input_rows(results: dict[str, Any]) -> _Rows:
    """A row a peer, a column an odd query: rows, or the error."""
    peers = {name: row["inputs"] for name, row in results["speed"]["peers"].items() if "inputs" in row}
    # Where words are not looked at, nothing can be said.
    peers = {name: inputs for name, inputs in peers.items() if results["speed"]["peers"][name]["hybrid"]}
    kinds = list(next(iter(peers.values()), {}))
    return ["query", *kinds], [[name, *(_outcome(inputs[kind]) for kind in kinds)] for name, inputs in peers.items()]


def _outcome(found: dict[str, Any]) -> str:
    if "error" in found:
        text = f"{'crash' if found['panic'] else 'error'}: {found['error']}"
    else:
        text = f"{found['rows']} rows"
    if found["seconds"] >= 1:
        text += f" after {found['seconds']:.1f} s"
    return text if found["works_after"] else f"{text}, then broken"


_PARTS = {
    "quality": [("What is found", quality_rows)],
    "speed": [("Speed", speed_rows), ("Under a filter", filter_rows), ("Odd queries", input_rows)],
}


def tables(results: dict[str, Any]) -> list[Table]:
    """The figures for a terminal."""
    shown = []
    for part, sections in _PARTS.items():
        for title, make in sections if part in results else []:
            heading, rows = make(results)
            table = Table(title=title)
            for i, name in enumerate(heading):
                table.add_column(name.replace("`", ""), justify="right" if i else "left")
            for row in rows:
                table.add_row(*row)
            shown.append(table)
    return shown


def markdown(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    settings = ", ".join(f"{name} {value}" for name, value in results["settings"].items())
    parts = [f"Measured with {settings}."]
    if "quality" in results:
        parts.append("\n#### What is found\n\n" + markdown_table(*quality_rows(results)))
    if "speed" in results:
        speed = results["speed"]
        parts.append(
            f"\n#### Speed\n\n**{speed['documents']:,} passages** of Wikipedia, {speed['queries']} questions; ratios "
            "to pgretrieve with 95% intervals.\n`ef_search` is the least tried that reaches recall@10 of "
            f"{speed['wanted_recall']}; hybrid searches keep at least 100.\n"
        )
        parts.append(markdown_table(*speed_rows(results)))
        parts.append("\n#### Under a filter\n\n" + markdown_table(*filter_rows(results)))
        parts.append("\n#### Odd queries\n\n" + markdown_table(*input_rows(results)))
    rows = [[name, results["versions"][name], results["setup"][name]] for name in results["versions"]]
    parts.append("\n#### Versions\n\n" + markdown_table(["peer", "versions", "set up as"], rows).replace("--:", "---"))
    return "\n".join(parts)


def write(page: Path, results: dict[str, Any]) -> None:
    """Replace what stands between the markers of `page` by `results`."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page} lacks the markers {BEGIN!r} and {END!r}")
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}", encoding="utf-8")


def draw(path: Path, results: dict[str, Any]) -> None:
    """Draw quality, time of a search, and recall under a filter, whichever of them there are."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    panels = [_draw_quality] if "quality" in results else []
    panels += [_draw_time, _draw_filtered] if "speed" in results else []
    if not panels:
        return
    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = plt.subplots(1, len(panels), figsize=(4.6 * len(panels), 4.2), squeeze=False)
        for axis, panel in zip(axes[0], panels, strict=True):
            panel(axis, results)
        figure.tight_layout(w_pad=2.5)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)
        plt.close(figure)


def _bars(axis: Axes, values: dict[str, float], form: str, title: str) -> None:
    """Horizontal bars, in the order of the registry from above, our own in colour."""
    places = [-i for i in range(len(values))]
    colours = [COLOURS["hybrid" if name.startswith("pgretrieve") else "other"] for name in values]
    bars = axis.barh(places, list(values.values()), 0.7, color=colours)
    axis.bar_label(bars, [form.format(value) for value in values.values()], fontsize=8.5, padding=3, color="#444444")
    axis.set_yticks(places, list(values))
    axis.set_title(title, loc="left", fontweight="bold", fontsize=10.5)


def _draw_quality(axis: Axes, results: dict[str, Any]) -> None:
    collections = results["quality"]
    values = {}
    for name in results["versions"]:
        of = [collection["peers"].get(name) for collection in collections]
        if all(of):
            values[name] = sum(cell["ndcg"] for cell in of if cell) / len(of)
    _bars(axis, values, "{:.3f}", f"nDCG@10, mean of {len(collections)} collections")
    if values:
        axis.set_xlim(0, max(values.values()) * 1.18)


def _draw_time(axis: Axes, results: dict[str, Any]) -> None:
    peers = results["speed"]["peers"]
    values = {name: row["search"]["wall_ms"] for name, row in peers.items() if "search" in row}
    _bars(axis, values, "{:.1f} ms", f"Hybrid search, {results['speed']['documents']:,} passages")
    axis.set_xscale("log")
    axis.set_xlim(min(values.values(), default=1) / 2, max(values.values(), default=1) * 4)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g} ms")
    axis.set_xlabel("wall time, median; log scale; less is faster")


def _draw_filtered(axis: Axes, results: dict[str, Any]) -> None:
    peers = results["speed"]["peers"]
    values = {name: row["filtered"]["dense_recall"] for name, row in peers.items() if "filtered" in row}
    _bars(axis, values, "{:.2f}", "Recall@10, dense, 1% filter")
    axis.set_xlim(0, 1.18)
