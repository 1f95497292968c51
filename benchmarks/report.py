"""The results as a page and a picture: the part of docs/benchmarks.md between its two markers, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import filters, fusion, languages, large, reranking, tables
from benchmarks.comparison import Comparison
from benchmarks.quality import MODES, signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

MARKERS = "<!-- results: written by benchmarks.run -->", "<!-- end of results -->"

COLOURS = {"keyword": "#4C72B0", "dense": "#DD8452", "hybrid": "#55A868", "other": "#9AA0A6"}


def write_page(page: Path, markers: tuple[str, str], results: str) -> None:
    """Replace what stands between the markers of `page` by `results`."""
    begin, end = markers
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} lacks the markers {begin!r} and {end!r}")
    page.write_text(f"{before}{begin}\n\n{results}\n{end}{after}", encoding="utf-8")


def markdown(results: dict[str, Any]) -> str:
    """The results as Markdown tables."""
    settings = ", ".join(f"{name} {value}" for name, value in results["settings"].items())
    parts = [f"Measured with {settings}."]
    if "quality" in results:
        parts.append(_quality(results["quality"]))
    if "fusion" in results:
        parts.append("\n### Fusion\n\n" + markdown_table(*fusion.rows(results["fusion"])))
        if "unknown" in results["fusion"]:
            parts.append("In languages that the encoder does not know, at most 300 queries each:\n")
            parts.append(markdown_table(*fusion.rows(results["fusion"]["unknown"])))
    if "languages" in results:
        heading, rows = languages.rows(results["languages"])
        parts.append("\n### Languages\n\n" + markdown_table(heading, rows))
    if "tables" in results:
        parts.append(_tables(results["tables"]["collections"]))
    if "latency" in results:
        parts.append(_latency(results["latency"]["corpora"]))
    if "filters" in results:
        parts.append(_filters(results["filters"]["corpora"]))
    if "ingest" in results:
        parts.append(_ingest(results["ingest"]["corpora"]))
    if "large" in results:
        parts.append(_large(results["large"]["corpora"]))
    return "\n".join(parts)


def reranked(results: dict[str, Any]) -> str:
    """The results of reranking, which have a section of their own."""
    found = results["reranking"]
    shown = [*map(reranking.rows, found["collections"]), reranking.kept(found), reranking.emptied(found)]
    return "\n".join(markdown_table(heading, cells) for heading, cells in shown)


def _quality(result: dict[str, Any]) -> str:
    rows = []
    for row in result["collections"]:
        ndcg, recall = row["ndcg"], row["recall"]
        rows.append([
            row["collection"], row["queries"], *(f"{ndcg[mode]:.3f} / {recall[mode]:.3f}" for mode in MODES),
            f"{row['bm25_ndcg']:.3f} / {row['bm25_recall']:.3f}",
            f"{signed(ndcg['hybrid'] - ndcg[row['better_leg']])} on {row['better_leg']}", f"{row['p_value']:.3f}",
        ])  # fmt: skip
    mean = result["mean"]
    rows.append(["**mean**", "", *(f"**{mean['ndcg'][m]:.3f} / {mean['recall'][m]:.3f}**" for m in MODES), "", "", ""])
    heading = ["nDCG@10 / Recall@100", "queries", *MODES, "BM25 elsewhere", "hybrid gains", "p"]
    return "\n### Quality\n\n" + markdown_table(heading, rows)


def _tables(collections: list[dict[str, Any]]) -> str:
    text = ["\n### Tables"]
    for row in collections:
        text.append(f"\n{row['collection']}: {row['documents']:,} documents, {row['queries']:,} queries.\n")
        text.append(markdown_table(*tables.rows(row)))
        text.append(markdown_table(*tables.differences(row)))
    return "\n".join(text)


def _latency(corpora: list[dict[str, Any]]) -> str:
    text = ["\n### Latency"]
    for part in corpora:
        text.append(
            f"\n{part['corpus'].capitalize()}: {part['documents']:,} passages, {part['queries']} queries of "
            f"{part['terms_per_query']:.1f} terms; ratios of medians of {part['compared']}.\n"
        )
        rows = [Comparison.from_json(stored).cells() for stored in part["comparisons"]]
        rows.append(("recall@10 of the approximate dense leg", f"{part['recall']:.3f}", ""))
        text.append(markdown_table(["what", "ratio (95% interval)", "goal"], rows))
    text.append("\nFor context only, milliseconds on whatever machine this ran: CPU median / CPU p95 / wall median.\n")
    groups = [corpora[0]["keyword"], {n: r for n, r in corpora[0]["hybrid"].items() if n != "keyword"}]
    names = [(group, name) for group, rows in zip(("keyword", "hybrid"), groups, strict=True) for name in rows]
    body = [[name, *(_milliseconds(part[group].get(name, {})) for part in corpora)] for group, name in names]
    text.append(markdown_table(["", *(part["corpus"] for part in corpora)], body))
    return "\n".join(text)


def _milliseconds(row: dict[str, float]) -> str:
    return " / ".join(f"{row[key]:.2f}" if key in row else "-" for key in ("cpu_ms", "cpu_p95_ms", "wall_ms"))


def _filters(corpora: list[dict[str, Any]]) -> str:
    text = ["\n### Filters"]
    for part in corpora:
        text.append(
            f"\n{part['corpus'].capitalize()}: {part['documents']:,} passages, {part['queries']} queries. Recall of "
            "the dense leg, least share of the rows that there are, form of the legs (dense, keyword), and ratios of "
            f"medians of {part['compared']} to the search without a filter.\n"
        )
        text.append(markdown_table(filters.headings(part), filters.cells(part)))
    return "\n".join(text)


def _ingest(corpora: list[dict[str, Any]]) -> str:
    text = ["\n### Ingest and size"]
    for part in corpora:
        text.append(
            f"\n{part['corpus'].capitalize()}: {part['documents']:,} passages of "
            f"{part['characters_per_document']:.0f} characters.\n"
        )
        rows = [Comparison.from_json(stored).cells() for stored in part["comparisons"]]
        text.append(markdown_table(["what", "measured", "goal"], rows))
        sizes = part["bytes_per_document"]
        text.append(
            "\n" + markdown_table(["bytes per document", *sizes], [["", *(f"{size:,.0f}" for size in sizes.values())]])
        )
    return "\n".join(text)


def _large(corpora: list[dict[str, Any]]) -> str:
    text = ["\n### Large collections"]
    for part in corpora:
        text.append(f"\n{part['corpus'].capitalize()}: {part['documents']:,} passages, {part['queries']} queries.\n")
        text.append(markdown_table(["what", "ratio (95% interval)", "goal"], large.compared(part)))
        text.append("\nFor context only, milliseconds on whatever machine this ran.\n")
        text.append(markdown_table(large.headings(), large.cells(part)))
    return "\n".join(text)


def markdown_table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown, numbers to the right."""
    lines = ["| " + " | ".join(heading) + " |", "|---|" + "--:|" * (len(heading) - 1)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def draw(path: Path, results: dict[str, Any]) -> None:
    """Draw latency (left) and quality (right), whichever of them there is."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    panels = [panel for panel in ("latency", "quality") if panel in results]
    if not panels:
        return
    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = plt.subplots(1, len(panels), figsize=(6.4 * len(panels), 4.4), squeeze=False)
        for axis, panel in zip(axes[0], panels, strict=True):
            (_draw_latency if panel == "latency" else _draw_quality)(axis, results[panel])
        figure.tight_layout(w_pad=3)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)
        plt.close(figure)


def _draw_latency(axis: Axes, result: dict[str, Any]) -> None:
    """Time of each contender relative to pgretrieve's keyword search, logarithmic, a group of bars a corpus."""
    corpora = result["corpora"]
    elsewhere = [("keyword", name) for name in corpora[0]["keyword"] if name != "keyword"]
    contenders = [("keyword", "keyword"), ("hybrid", "dense"), ("hybrid", "hybrid"), *elsewhere]
    labels = {"keyword": "pgretrieve keyword", "dense": "pgretrieve dense", "hybrid": "pgretrieve hybrid"}
    height = 0.8 / len(corpora)
    for row, part in enumerate(corpora):
        clock = "cpu_ms" if "cpu_ms" in part["keyword"]["keyword"] else "wall_ms"
        base = part["keyword"]["keyword"][clock]
        ratios = [part[group][name][clock] / base for group, name in contenders]
        places = [-(i + (row - (len(corpora) - 1) / 2) * height) for i in range(len(contenders))]
        colours = [COLOURS.get(name, COLOURS["other"]) for _, name in contenders]
        bars = axis.barh(places, ratios, height * 0.92, color=colours, alpha=1 - 0.45 * row)
        axis.bar_label(bars, [f" {ratio:.2g}x  {part['corpus']}" for ratio in ratios], fontsize=8, color="#444444")
    axis.set_xscale("log")
    axis.set_yticks([-i for i in range(len(contenders))], [labels.get(name, name) for _, name in contenders])
    low, high = axis.get_xlim()
    axis.set_xlim(low / 2, high * 6)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}x")
    axis.axvline(1, color="#BBBBBB", linewidth=0.8, zorder=0)
    documents = " and ".join(sorted({f"{part['documents']:,}" for part in corpora}))
    axis.set_title(f"Time for a top 10, {documents} passages", loc="left", fontweight="bold", fontsize=11)
    axis.set_xlabel("times pgretrieve's keyword search (median; log scale; less is faster)")


def _draw_quality(axis: Axes, result: dict[str, Any]) -> None:
    """nDCG@10 of the three modes, a group of bars a collection; a line where an independent BM25 stands."""
    rows = result["collections"]
    for i, mode in enumerate(MODES):
        places = [x + (i - 1) * 0.27 for x in range(len(rows) + 1)]
        heights = [row["ndcg"][mode] for row in rows] + [result["mean"]["ndcg"][mode]]
        bars = axis.bar(places, heights, 0.25, color=COLOURS[mode], label=mode)
        axis.bar_label(bars, [f"{height:.2f}".lstrip("0") for height in heights], fontsize=7.5, padding=2)
    for x, row in enumerate(rows):
        label = "BM25 elsewhere" if x == 0 else "_"
        axis.hlines(row["bm25_ndcg"], x - 0.41, x - 0.13, colors="black", linewidth=1.6, label=label)
    axis.set_xticks(range(len(rows) + 1), [row["collection"].replace("_sample", "") for row in rows] + ["mean"])
    axis.set_ylim(0, 1)
    axis.set_title("What it finds: nDCG@10", loc="left", fontweight="bold", fontsize=11)
    axis.legend(frameon=False, ncols=4, fontsize=8.5, loc="upper left", columnspacing=1.2, handlelength=1.2)
