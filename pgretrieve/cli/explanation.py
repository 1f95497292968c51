"""What a search did, as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

BAR_CELLS = 20

_FORMS = {
    ("dense", "all"): "the nearest vectors",
    ("dense", "exact"): "every vector compared",
    ("dense", "among"): "every vector that passes the filter compared",
    ("dense", "filtered"): "the nearest vectors, each tested against the filter",
    ("keyword", "all"): "BM25 over the postings of all terms",
    ("keyword", "among"): "BM25 over the chunks that pass the filter",
    ("keyword", "filtered"): "BM25, best chunks first, each tested against the filter",
}


def explanation(report: Mapping[str, Any], *, plans: bool = False) -> Tree:
    """The report of ``Collection.explain``; with ``plans`` also the plan of each leg, node by node."""
    tree = Tree(_headline(report), guide_style="dim")
    tree.add(_terms(report))
    for leg in report["legs"]:
        _add_leg(tree, report, leg, plans=plans)
    tree.add(_hits(report))
    return tree


def _headline(report: Mapping[str, Any]) -> Text:
    request = report["request"]
    about = f"{report['collection']} · {request['mode']} · k {report['k']} · {report['search_ms']:.1f} ms"
    if request["path"]:
        allowed = request["allowed_chunks"]
        passing = f"{allowed:,} chunks pass" if allowed is not None else "many chunks pass"
        about += f"\nfilter {request['path']} · {passing}"
    if len(report["legs"]) > 1:
        about += (
            f"\nreciprocal rank fusion of the first {request['depth']:,} of each leg · k {request['rrf_k']:g} · "
            f"weights dense {request['dense_weight']:g}, keyword {request['keyword_weight']:g}"
        )
    return Text.assemble((report["query"], "bold"), "\n", (about, "dim"))


def _grid(*justify: str) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for side in justify:
        grid.add_column(justify="right" if side == "right" else "left", no_wrap=True, overflow="ellipsis")
    return grid


def _terms(report: Mapping[str, Any]) -> Tree:
    chunks = report["chunks"]
    branch = Tree(Text.assemble(("terms", "bold"), (f"  in {chunks:,} chunks", "dim")), guide_style="dim")
    grid = _grid("left", "right", "right", "left")
    heaviest = max((term["weight"] for term in report["terms"]), default=0)
    if report["terms"]:
        grid.add_row(*(Text(header, "dim") for header in ("term", "in chunks", "weight")))
    for term in report["terms"]:
        name = term["term"] + (f" x{term['query_frequency']}" if term["query_frequency"] > 1 else "")
        bar = "━" * max(1, round(BAR_CELLS * term["weight"] / heaviest))
        grid.add_row(name, f"{term['df']:,}", f"{term['weight']:.3f}", Text(bar, "cyan"))
    for term in report["unknown_terms"]:
        grid.add_row(Text(term, "dim"), "0", "", Text("in no chunk", "dim"))
    if grid.row_count:
        branch.add(grid)
    return branch


def _add_leg(tree: Tree, report: Mapping[str, Any], name: str, *, plans: bool) -> None:
    leg = report["legs"][name]
    label = Text.assemble(
        (name, "bold"), f"  {leg['rows']:,.0f} rows in {leg['execution_ms']:.1f} ms",
        (f"  {_FORMS.get((name, leg['form']), leg['form'])}", "dim"),
    )  # fmt: skip
    branch = tree.add(label)
    indexes = ", ".join(leg["indexes"]) or "none"
    branch.add(Text(f"indexes {indexes} · planned in {leg['planning_ms']:.1f} ms", "dim"))
    if plans:
        _add_node(branch, leg["plan"])


def _add_node(branch: Tree, node: Mapping[str, Any]) -> None:
    place = node.get("Index Name") or node.get("Relation Name") or node.get("Function Name") or node.get("CTE Name")
    loops = f" x{node['Actual Loops']:,}" if node["Actual Loops"] != 1 else ""
    text = Text.assemble(
        node["Node Type"], (f" {place}" if place else "", "cyan"),
        (f"  {node['Actual Rows']:,g} rows{loops}, {node.get('Actual Total Time', 0):.2f} ms", "dim"),
    )  # fmt: skip
    below = branch.add(text)
    for child in node.get("Plans", ()):
        _add_node(below, child)


def _hits(report: Mapping[str, Any]) -> Tree:
    branch = Tree(Text.assemble(("hits", "bold"), f"  {len(report['hits']):,}"), guide_style="dim")
    grid = _grid("right", "right", "right", "right", "left", "left")
    for hit in report["hits"]:
        grid.add_row(
            str(hit["rank"]), f"{hit['score']:.4f}", _leg_rank("dense", hit["dense_rank"]),
            _leg_rank("keyword", hit["keyword_rank"]), Text(hit["document_id"], "bold"), Text(hit["title"], "dim"),
        )  # fmt: skip
    if report["hits"]:
        branch.add(grid)
    return branch


def _leg_rank(leg: str, rank: int | None) -> Text:
    return Text(f"{leg} {'·' if rank is None else rank}", "cyan")
