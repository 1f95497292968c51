"""The last stage of a search, where one is asked for: its first hits in the order of a reranker. Pure."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from pgretrieve import errors
from pgretrieve.rerankers import Reranker
from pgretrieve.types import Hit, Reranking

DEPTH = 50
BATCH = 16
"""Texts between two looks at the clock, where there is a budget."""

_logger = logging.getLogger(__name__)


def checked(reranker: object, depth: object, budget_ms: object, query: object, options: object) -> int:
    """The depth, if all fits together."""
    if not isinstance(reranker, str) and not callable(reranker):
        raise errors.InvalidInput(
            f"a reranker cannot be {reranker!r}", "Give a function of (query, texts), or the folder of a cross-encoder"
        )
    if not isinstance(query, str) or not query.strip():
        raise errors.InvalidInput(
            "a reranker needs words to go by, and the query is empty", "Give a query, or no rerank"
        )
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or not 1 <= depth <= 1000):
        raise errors.InvalidInput(f"a rerank_depth of {depth!r} is not possible", "Give 1 to 1000 hits to rerank")
    if budget_ms is not None and (
        isinstance(budget_ms, bool) or not isinstance(budget_ms, int | float) or not 0 < budget_ms < math.inf
    ):
        raise errors.InvalidInput(
            f"a rerank_budget_ms of {budget_ms!r} is not possible", "Give milliseconds, above 0, or None for no limit"
        )
    if isinstance(options, dict) and options.get("group_size", 1) != 1:
        raise errors.InvalidInput(
            f"groups of {options['group_size']!r} cannot be reranked", "Leave the option group_size out, or rerank"
        )
    return DEPTH if depth is None else depth


def rerank(
    reranker: Reranker,
    query: str,
    hits: Sequence[Hit],
    depth: int,
    budget_ms: float | None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[list[Hit], Reranking]:
    """The first ``depth`` hits in the order of their new scores, then the others as they were; ties as they were.

    Where time runs out, those that have a score by then take the first places, which were theirs before, too. Where the
    reranker fails, all stays as it was. Both are logged, and said in what is returned.
    """
    asked = min(depth, len(hits))
    started = clock()
    scores: list[float] = []
    note: str | None = None
    size = asked if budget_ms is None else BATCH
    longest = 0.0
    while len(scores) < asked:
        begun = clock()
        if budget_ms is not None and scores and 1000 * (begun - started + longest) > budget_ms:
            note = f"out of time: {len(scores)} of {asked} hits were reranked within {budget_ms:g} ms"
            break
        batch = [_text(hit) for hit in hits[len(scores) : min(len(scores) + size, asked)]]
        try:
            given = [float(score) for score in reranker(query, batch)]
        except Exception as error:  # noqa: BLE001  whatever it is, the search has found something
            note = f"the reranker failed: {type(error).__name__}: {error}"
            scores = []
            break
        if len(given) != len(batch) or not all(map(math.isfinite, given)):
            problem = (
                f"{len(given)} scores for {len(batch)} texts"
                if len(given) != len(batch)
                else "scores that are no numbers"
            )
            raise errors.InvalidInput(f"the reranker gave {problem}", "It has to give a finite number for each text")
        scores += given
        longest = max(longest, clock() - begun)
    if note:
        _logger.warning("%s", note)
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], n)) + list(range(len(scores), len(hits)))
    moved = [
        replace(hits[n], rank=rank, rank_before=hits[n].rank, rerank_score=scores[n] if n < len(scores) else None)
        for rank, n in enumerate(order, 1)
    ]
    return moved, Reranking(asked, len(scores), 1000 * (clock() - started), note)


def _text(hit: Hit) -> str:
    """As encoders read it: with its title in front."""
    return f"{hit.title}\n{hit.text}" if hit.title else hit.text
