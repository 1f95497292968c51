"""search and explain."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from pgretrieve.cli.common import Dsn, Json, Name, all_of, condition, connected, out, print_json, say, setting, waiting
from pgretrieve.cli.explanation import explanation
from pgretrieve.cli.tables import hits_table

Query = Annotated[list[str], typer.Argument(metavar="QUERY...", help="Plain words; any of them may match.")]
K = Annotated[int, typer.Option("--k", "-k", min=1, max=10_000, help="Most hits to show.")]
Mode = Annotated[
    Literal["hybrid", "dense", "keyword"], typer.Option(help="By words and meaning, by meaning, or by words.")
]
Filter = Annotated[
    list[Any] | None,
    typer.Option(
        "--filter",
        parser=condition,
        metavar="FILTER",
        help="On metadata: 'year>=2024', team=infra, or JSON; several: all of them. Operators: = != > >= < <=, "
        "*= (contains), ^= (starts with).",
    ),
]
MinRelevance = Annotated[
    float | None, typer.Option(min=0, max=1, help="Leave out less relevant hits; needs a calibrated collection.")
]
Options = Annotated[
    list[Any] | None,
    typer.Option("--option", parser=setting, metavar="KEY=JSON", help="fusion, rrf_k, weights, depth, group_by, ..."),
]
Exact = Annotated[bool, typer.Option("--exact", help="Compare with every vector instead of using the index.")]


def search(
    name: Name,
    query: Query,
    k: K = 10,
    mode: Mode = "hybrid",
    where: Filter = None,
    min_relevance: MinRelevance = None,
    option: Options = None,
    exact: Exact = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Search a collection: the best chunks, best first."""
    with connected(dsn) as db, waiting("Searching"):
        hits = db.collection(name).search(
            " ".join(query),
            k=k,
            mode=mode,
            filter=all_of(where),
            min_relevance=min_relevance,
            options=_options(option, exact),
        )
    if as_json:
        print_json(*hits)
    elif hits:
        out.print(hits_table(hits, out.width))
    else:
        say("No hits.")


def explain(
    name: Name,
    query: Query,
    k: K = 10,
    mode: Mode = "hybrid",
    where: Filter = None,
    min_relevance: MinRelevance = None,
    option: Options = None,
    exact: Exact = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show the plan of each leg, node by node.")] = False,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Show what a search does, leg by leg.

    Its terms and their weights, then form, rows, time and indexes of each leg, and the hits.
    """
    with connected(dsn) as db, waiting("Searching"):
        report = db.collection(name).explain(
            " ".join(query),
            k=k,
            mode=mode,
            filter=all_of(where),
            min_relevance=min_relevance,
            options=_options(option, exact),
        )
    if as_json:
        print_json(report)
    else:
        out.print(explanation(report, out.width, plans=plan))


def _options(given: list[tuple[str, Any]] | None, exact: bool) -> dict[str, Any]:
    return dict(given or []) | ({"exact": True} if exact else {})
