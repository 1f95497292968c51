"""search, explain and facets."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, Literal

import typer

from pgretrieve.cli.calibrating import say_stale
from pgretrieve.cli.common import Dsn, Json, Name, all_of, condition, connected, out, print_json, say, setting, waiting
from pgretrieve.cli.explanation import explanation
from pgretrieve.cli.tables import facets_table, hits_list, hits_table, marked, room_for_text
from pgretrieve.types import HIT_COLUMNS, Hit, Matches

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
TargetPrecision = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Leave out hits so that this share is relevant; needs a calibrated collection."),
]
TargetRecall = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Leave out hits, but keep this share of the relevant; needs the same."),
]
Cut = Annotated[Literal["gap"] | None, typer.Option(help="Leave out what comes after the largest drop of the score.")]
Options = Annotated[
    list[Any] | None,
    typer.Option(
        "--option", parser=setting, metavar="KEY=JSON", help="fusion, weights, depth, group_by, boosts, language, ..."
    ),
]
Exact = Annotated[bool, typer.Option("--exact", help="Compare with every vector instead of using the index.")]


def search(
    name: Name,
    query: Query,
    k: K = 10,
    mode: Mode = "hybrid",
    where: Filter = None,
    min_relevance: MinRelevance = None,
    target_precision: TargetPrecision = None,
    target_recall: TargetRecall = None,
    cut: Cut = None,
    option: Options = None,
    exact: Exact = False,
    rerank: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="A cross-encoder that puts the first hits into another order.")
    ] = None,
    rerank_depth: Annotated[int | None, typer.Option(min=1, max=1_000, help="How many; 50 by default.")] = None,
    rerank_budget_ms: Annotated[float | None, typer.Option(help="Stop it after so many milliseconds.")] = None,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Search a collection: the best chunks, best first."""
    words, given = " ".join(query), _options(option, exact)
    all_words = " ".join([words, *_further_words(given)])
    with connected(dsn) as db, waiting("Searching"):
        collection = db.collection(name)
        started = time.monotonic()
        hits = collection.search(
            words,
            k=k,
            mode=mode,
            filter=all_of(where),
            min_relevance=min_relevance,
            target_precision=target_precision,
            target_recall=target_recall,
            cut=cut,
            options=given,
            rerank=rerank,
            rerank_depth=rerank_depth,
            rerank_budget_ms=rerank_budget_ms,
        )
        took = time.monotonic() - started
        if hits and all(hit.relevance is None for hit in hits):
            say_stale(collection, mode)
        if hits.reranking is not None and hits.reranking.note:
            say(f"Not all as asked for: {hits.reranking.note}.")
        if as_json:
            shown_fields = [f.name for f in fields(Hit)] if rerank else HIT_COLUMNS
            print_json(*({name: getattr(hit, name) for name in shown_fields} for hit in hits))
            return
        if hits:
            size = 2 * (out.width - 5) if out.is_terminal else room_for_text(hits, out.width)
            options = {"max_characters": min(max(size - 4, 20), 10_000)}
            options |= {name: value for name, value in given.items() if name == "language"}
            shown = collection.highlight(hits, all_words, options=options)
        # by meaning alone there is nothing to count
        matches = None
        if mode != "dense" and out.is_terminal:
            matches = collection.count_matches(all_words, filter=all_of(where), options=given)
    if hits.cut_short:
        say("Cut short: there may be more to find. A larger --option depth=..., or --exact, looks further.")
    if not hits:
        say("No hits.")
        return
    snippets = [marked(hit.text, highlight) for hit, highlight in zip(hits, shown, strict=True)]
    if out.is_terminal:
        out.print(hits_list(hits, snippets, out.width))
        say(f"\n{_summary(len(hits), matches)} · {took:.2f} s", style="dim")
    else:
        out.print(hits_table(hits, out.width, snippets=snippets))


def _summary(count: int, matches: Matches | None) -> str:
    hits = f"{count:,} hit" + ("s" if count != 1 else "")
    if matches is None:
        return hits
    plural = "s match" if matches.documents != 1 else " matches"
    return f"{hits} · {matches.documents:,} document{plural} by words"


def explain(
    name: Name,
    query: Query,
    k: K = 10,
    mode: Mode = "hybrid",
    where: Filter = None,
    min_relevance: MinRelevance = None,
    target_precision: TargetPrecision = None,
    target_recall: TargetRecall = None,
    cut: Cut = None,
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
            target_precision=target_precision,
            target_recall=target_recall,
            cut=cut,
            options=_options(option, exact),
        )
    if as_json:
        print_json(report)
    else:
        out.print(explanation(report, out.width, plans=plan))


def _options(given: list[tuple[str, Any]] | None, exact: bool) -> dict[str, Any]:
    return dict(given or []) | ({"exact": True} if exact else {})


def _further_words(options: Mapping[str, Any]) -> list[str]:
    given = options.get("queries") or ()
    texts = [one.get("query") if isinstance(one, Mapping) else one for one in given]
    return [text for text in texts if isinstance(text, str)]


def facets(
    name: Name,
    keys: Annotated[list[str], typer.Argument(metavar="KEYS...", help="Of the metadata; author.name is nested.")],
    query: Annotated[str, typer.Option("--query", "-q", metavar="WORDS", help="Count only what this finds.")] = "",
    k: Annotated[int, typer.Option("--k", "-k", min=1, max=10_000, help="By meaning: how many hits to count.")] = 1000,
    mode: Mode = "hybrid",
    where: Filter = None,
    option: Options = None,
    max_values: Annotated[int, typer.Option(min=1, max=10_000, help="Most values of a key.")] = 20,
    as_json: Json = False,
    dsn: Dsn = None,
) -> None:
    """Count the values of metadata keys.

    Of all documents, or of those that pass a filter; with a query, of what it finds: the output says which.
    """
    with connected(dsn) as db, waiting("Counting"):
        found = db.collection(name).facets(
            keys,
            query,
            k=k,
            mode=mode,
            filter=all_of(where),
            options=_options(option, exact=False),
            max_values=max_values,
        )
    if as_json:
        print_json(*found)
    elif found:
        out.print(facets_table(found, out.width))
        say(f"Counted over: {found[0].scope}.")
    else:
        say("None of the documents has these keys.")
