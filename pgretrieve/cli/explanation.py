"""What a search did, as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pgretrieve.cli.tables import bar, on_one_line, plain_table

BAR_CELLS = 20
HIT_INDENT = 8  # of what stands below a hit: two levels of the tree

_FORMS = {
    ("dense", "all"): "the nearest vectors",
    ("dense", "exact"): "every vector compared",
    ("dense", "among"): "every vector that passes the filter compared",
    ("dense", "filtered"): "the nearest vectors, each tested against the filter",
    ("keyword", "all"): "BM25 over the postings of all terms",
    ("keyword", "among"): "BM25 over the chunks that pass the filter",
    ("keyword", "filtered"): "BM25, best chunks first, each tested against the filter",
}
_STRATEGIES = {
    "among": "few pass, so both legs run exactly over these",
    "filtered": "many pass, so the legs test their candidates in order of rank",
    "compared": "too few of the nearest pass, so the dense leg compared all that do",
}
_STAGES = {
    "request": "arguments, filter",
    "dense": "dense leg",
    "keyword": "keyword leg",
    "rest": "planning, fusion, texts",
}


def explanation(report: Mapping[str, Any], width: int, *, plans: bool = False) -> Tree:
    """The report of ``Collection.explain``; with ``plans`` also the plan of each leg, node by node."""
    tree = Tree(_headline(report), guide_style="dim")
    if report["like"]:
        chunks = report["like"]["left_out_chunks"]
        tree.add(_branch("like", f"given documents; their {chunks:,} chunk{'s' * (chunks != 1)} left out"))
    if understood := _understood(report["understood"]):
        tree.add(understood)
    if "keyword" in report["legs"]:
        tree.add(_terms(report))
    if report["filter"]:
        tree.add(_filter(report))
    if report["cut_short"]:
        tree.add(_branch("cut short", "fewer rows than asked for, though there may be more to find"))
    for leg in report["legs"]:
        _add_leg(tree, report, leg, plans=plans)
    if len(report["legs"]) > 1:
        tree.add(_fusion(report["request"]))
    if boosts := report["request"]["boosts"]:
        tree.add(_boosts(boosts))
    if report["groups"]:
        tree.add(_groups(report["groups"]))
    if report["request"]["mmr_lambda"] is not None:
        tree.add(_diversity(report["request"]))
    tree.add(_relevance(report["relevance"]))
    tree.add(_stages(report))
    tree.add(_hits(report, width))
    return tree


def _headline(report: Mapping[str, Any]) -> Text:
    about = f"{report['collection']} · {report['request']['mode']} · k {report['k']} · {report['search_ms']:.1f} ms"
    return Text.assemble((report["query"] or "", "bold"), "\n" if report["query"] else "", (about, "dim"))


def _branch(name: str, about: str = "") -> Tree:
    return Tree(Text.assemble((name, "bold"), (f"  {about}" if about else "", "dim")), guide_style="dim")


def _relevance(told: Mapping[str, Any]) -> Tree:
    """Which calibration it comes from, and what was cut by it; or why it is not known."""
    if not told["known"]:
        return _branch("relevance", f"not known: the collection {told['problem']}")
    cut = "" if told["min_relevance"] is None else f"; below {told['min_relevance']:.4f} left out"
    return _branch("relevance", f"by model {told['model']}{cut}")


def _understood(understood: Mapping[str, Any]) -> Tree | None:
    """What the signs of a query came to, a line for each; None for plain words."""
    lines = [("language", understood["language"])] if "language" in understood else []
    lines += [("required", " or ".join(clause)) for clause in understood.get("required", ())]
    lines += [("in a field", member) for member in understood.get("fielded", ())]
    lines += [(f"times {given['factor']:g}", given["words"]) for given in understood.get("weighted", ())]
    lines += [("excluded", member) for member in understood.get("excluded", ())]
    lines += [
        ("alternatives", " or ".join(group))
        for group in understood.get("alternatives", ())
        if group not in understood.get("required", ())
    ]
    for prefix in understood.get("prefixes", ()):
        more = f", and {prefix['left_out']:,} more that are left out" if prefix["left_out"] else ""
        lines.append((f"{prefix['prefix']}*", (", ".join(prefix["terms"]) or "no term begins so") + more))
    if match := understood.get("min_match"):
        lines.append(("at least", f"{match['least']} of {match['units']}"))
    if dropped := understood["dropped"]:
        lines.append(("left out", f"{len(dropped):,} frequent terms, {dropped[0]['term']} first"))
    lines += [("a quotation", member) for member in understood.get("quotations", ())]
    lines += [("no term in", member) for member in understood.get("without_terms", ())]
    lines += [("too many for", member) for member in understood.get("ignored", ())]
    if not lines:
        return None
    branch = Tree(Text("understood", "bold"), guide_style="dim")
    table = plain_table()
    table.show_header = False
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value in lines:
        table.add_row(name, Text(value))
    branch.add(table)
    return branch


def _terms(report: Mapping[str, Any]) -> Tree:
    average = report["average_chunk_terms"]
    branch = _branch("terms", f"in {report['chunks']:,} chunks" + (f" of {average:,.0f} terms" if average else ""))
    table = plain_table()
    table.add_column("term", no_wrap=True, max_width=40, overflow="ellipsis")
    for header in ("in chunks", "idf", "weight"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    heaviest = max((term["weight"] for term in report["terms"]), default=0)
    for term in report["terms"]:
        name = term["term"] + (f" x{term['query_frequency']}" if term["query_frequency"] > 1 else "")
        name += _factor(term)
        cells = (f"{term['df']:,}", f"{term['idf']:.3f}", f"{term['weight']:.3f}")
        table.add_row(name, *cells, bar(term["weight"], heaviest, BAR_CELLS))
    for term in report["unknown_terms"]:
        table.add_row(Text(term, "dim"), "0", "", "", Text("in no chunk", "dim"))
    if table.row_count:
        branch.add(table)
    return branch


def _filter(report: Mapping[str, Any]) -> Tree:
    passing = report["filter"]["passing_chunks"]
    branch = _branch("filter", f"{passing:,} chunks pass" if passing is not None else "many chunks pass")
    branch.add(Text(str(report["filter"]["path"]), "cyan"))
    branch.add(Text(_STRATEGIES.get(report["strategy"], report["strategy"]), "dim"))
    return branch


def _add_leg(tree: Tree, report: Mapping[str, Any], name: str, *, plans: bool) -> None:
    leg = report["legs"][name]
    leg_of, _, number = name.partition(" ")
    kind, _, field = leg_of.partition(".")
    label = Text.assemble(
        (name, "bold"), f"  {leg['rows']:,.0f} rows in {leg['execution_ms']:.1f} ms",
        (f"  {_FORMS.get((kind, leg['form']), leg['form'])}", "dim"),
    )  # fmt: skip
    branch = tree.add(label)
    if number or field:
        words = on_one_line(Text(leg["query"] or "an embedding alone"))
        branch.add(words.append(f"  weight {leg['weight']:g}", "dim"))
    branch.add(Text(f"indexes {', '.join(leg['indexes']) or 'none'} · planned in {leg['planning_ms']:.1f} ms", "dim"))
    if kind == "dense" and any("embedding" in index and index.endswith("_ann") for index in leg["indexes"]):
        branch.add(Text(" · ".join(_scan_settings(report["settings"])), "dim"))
    if plans:
        _add_node(branch, leg["plan"])


def _scan_settings(settings: Mapping[str, str]) -> list[str]:
    """Those of the vector index: hnsw.ef_search 200, ..."""
    return [f"{name} {value}" for name, value in sorted(settings.items()) if "." in name]


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


def _fusion(request: Mapping[str, Any]) -> Tree:
    branch = _branch("fusion", f"{request['fusion']} of the first {request['depth']:,} of each leg")
    weights = f"dense {request['dense_weight']:g}, keyword {request['keyword_weight']:g}"
    rrf_k = f"rrf_k {request['rrf_k']:g} · " if request["fusion"].startswith("rrf") else ""
    branch.add(Text(f"{rrf_k}weights {weights}", "dim"))
    return branch


def _boosts(boosts: list[Mapping[str, Any]]) -> Tree:
    branch = _branch("boosts", "added to the score of each candidate")
    table = plain_table()
    table.show_header = False
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for boost in boosts:
        table.add_row(boost["kind"], on_one_line(Text(f"{boost['weight']:g} at most: {_reads(boost)}")))
    branch.add(table)
    return branch


def _reads(boost: Mapping[str, Any]) -> str:
    match boost["kind"]:
        case "recency":
            return f"{boost['field']}, half for each {boost['half_life_days']:g} days before {boost['origin'][:19]} UTC"
        case "saturation":
            return f"{boost['field']}, half at {boost['pivot']:g}"
        case "range":
            return f"{boost['field']}, nothing at {boost['nothing_at']:g}, all at {boost['all_at']:g}"
    return str(boost["path"]) + ("" if boost["ids"] is None else f", and one of {len(boost['ids']):,} ids")


def _groups(groups: Mapping[str, Any]) -> Tree:
    size = f", the best {groups['size']:,} of each" if groups["size"] > 1 else ""
    branch = _branch("groups", f"{groups['found']:,} by {groups['by']}{size}")
    if len(groups["depths"]) > 1:
        depths = ", ".join(f"{depth:,}" for depth in groups["depths"])
        branch.add(Text(f"searched again for more groups, at depths {depths}", "dim"))
    if groups["cut"]:
        branch.add(Text("deeper there may be more of them", "dim"))
    return branch


def _diversity(request: Mapping[str, Any]) -> Tree:
    branch = _branch("diversity", f"the best {request['mmr_candidates']:,} by maximal marginal relevance")
    branch.add(Text(f"lambda {request['mmr_lambda']:g}, from 0 (unlike each other) to 1 (relevant)", "dim"))
    return branch


def _stages(report: Mapping[str, Any]) -> Tree:
    branch = _branch("time", f"{report['search_ms']:.1f} ms")
    table = plain_table()
    table.show_header = False
    table.add_column(style="dim", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    stages = [stage for stage in report["stages"] if stage["ms"] is not None]
    for stage in stages:
        longest = max(stage["ms"] for stage in stages)
        name = _STAGES.get(stage["stage"], stage["stage"])
        table.add_row(name, f"{stage['ms']:.1f} ms", bar(stage["ms"], longest, BAR_CELLS))
    branch.add(table)
    return branch


def _hits(report: Mapping[str, Any], width: int) -> Tree:
    branch = _branch("hits")
    assert isinstance(branch.label, Text)  # noqa: S101  made so
    branch.label.append(f"  {len(report['hits']):,}")
    for hit in report["hits"]:
        branch.add(Group(_hit_line(hit, width - HIT_INDENT), _arithmetic(hit)))
    return branch


def _hit_line(hit: Mapping[str, Any], width: int) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(style="bold", no_wrap=True)
    name = on_one_line(Text(hit["document_id"], "bold"))
    if hit["title"] not in ("", hit["document_id"]):
        name.append("  ").append_text(on_one_line(Text(hit["title"], "dim")))
    name.truncate(max(20, width - 20), overflow="ellipsis")
    grid.add_row(str(hit["rank"]), name, f"{hit['score']:.5f}")
    return grid


def _arithmetic(hit: Mapping[str, Any]) -> Table:
    """How the score came about: a line for each leg, with the terms that make up BM25, and one for each boost."""
    fused = hit["fusion"]["method"] != "none"
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=len(str(hit["rank"])))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(overflow="fold")
    for part in hit["fusion"]["parts"]:
        formula = f"{part['formula']} = " if part["formula"] not in (None, "0") else ""
        lines = [Text(f"{formula}{part['contribution']:.5f}")] if fused else []
        if terms := hit["terms"] if part["leg"] == "keyword" else part.get("terms"):
            lines.append(_parts_of_bm25(terms))
        rank = "·" if part["rank"] is None else f"#{part['rank']}"
        score = "·" if part["score"] is None else f"{part['score']:.4f}"
        grid.add_row("", part["leg"], rank, score, Text("\n").join(lines))
    for boost in hit["fusion"]["boosts"]:
        formula = f"{boost['formula']} = " if boost["formula"] != "0" else ""
        field = f"{boost['field']}: " if boost["field"] is not None else ""
        grid.add_row("", boost["kind"], "", "", on_one_line(Text(f"{field}{formula}{boost['contribution']:.5f}")))
    return grid


def _parts_of_bm25(terms: list[Mapping[str, Any]]) -> Text:
    text = Text()
    for term in terms:
        text.append(" + " if text else "")
        text.append(f"{term['term']} {term['contribution']:.4f}")
        tf = f"{term['tf']:,}" if isinstance(term["tf"], int) else f"{term['tf']:,.2f}"
        in_fields = "".join(f", {field} {part['share']:.2f}" for field, part in term.get("fields", {}).items())
        text.append(f" (tf {tf}{in_fields} · idf {term['idf']:.3f}{_factor(term)})", "dim")
    return text


def _factor(term: Mapping[str, Any]) -> str:
    """What ``^`` in the query multiplies the weight of a term by."""
    return "" if term["factor"] == 1 else f" ^{term['factor']:g}"
