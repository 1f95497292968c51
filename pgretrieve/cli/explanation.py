"""What a search did, as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text
from rich.tree import Tree

from pgretrieve.cli.tables import hits_table, plain_table
from pgretrieve.types import Hit

BAR_CELLS = 20
INDENT = 4

_FORMS = {
    ("dense", "all"): "the nearest vectors",
    ("dense", "exact"): "every vector compared",
    ("dense", "among"): "every vector that passes the filter compared",
    ("dense", "filtered"): "the nearest vectors, each tested against the filter",
    ("keyword", "all"): "BM25 over the postings of all terms",
    ("keyword", "among"): "BM25 over the chunks that pass the filter",
    ("keyword", "filtered"): "BM25, best chunks first, each tested against the filter",
}


def explanation(report: Mapping[str, Any], width: int, *, plans: bool = False) -> Tree:
    """The report of ``Collection.explain``; with ``plans`` also the plan of each leg, node by node."""
    tree = Tree(_headline(report), guide_style="dim")
    tree.add(_terms(report))
    for leg in report["legs"]:
        _add_leg(tree, report, leg, plans=plans)
    tree.add(_hits(report, width))
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
            f"\nfusion {request['fusion']} of the first {request['depth']:,} of each leg · "
            f"weights dense {request['dense_weight']:g}, keyword {request['keyword_weight']:g}"
        )
    return Text.assemble((report["query"], "bold"), "\n", (about, "dim"))


def _terms(report: Mapping[str, Any]) -> Tree:
    chunks = report["chunks"]
    branch = Tree(Text.assemble(("terms", "bold"), (f"  in {chunks:,} chunks", "dim")), guide_style="dim")
    table = plain_table()
    table.add_column("term", no_wrap=True, max_width=40, overflow="ellipsis")
    for header in ("in chunks", "weight"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    heaviest = max((term["weight"] for term in report["terms"]), default=0)
    for term in report["terms"]:
        name = term["term"] + (f" x{term['query_frequency']}" if term["query_frequency"] > 1 else "")
        bar = "━" * max(1, round(BAR_CELLS * term["weight"] / heaviest))
        table.add_row(name, f"{term['df']:,}", f"{term['weight']:.3f}", Text(bar, "cyan"))
    for term in report["unknown_terms"]:
        table.add_row(Text(term, "dim"), "0", "", Text("in no chunk", "dim"))
    if table.row_count:
        branch.add(table)
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
    text.no_wrap, text.overflow = True, "ellipsis"
    below = branch.add(text)
    for child in node.get("Plans", ()):
        _add_node(below, child)


def _hits(report: Mapping[str, Any], width: int) -> Tree:
    hits = [Hit(**hit, text="", metadata={}) for hit in report["hits"]]
    branch = Tree(Text.assemble(("hits", "bold"), f"  {len(hits):,}"), guide_style="dim")
    if hits:
        branch.add(hits_table(hits, width - 2 * INDENT, last="title"))
    return branch
