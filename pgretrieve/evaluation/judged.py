"""Queries and what is judged of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pgretrieve import errors


@dataclass(frozen=True)
class QuerySet:
    """Queries with judgements.

    Attributes:
        queries: their texts by id.
        judgements: by query, the grade of each judged document: 0 or less not relevant, from 1 the more the better.
        embeddings: vectors of the queries, where they are known; the collection's encoder makes the others.
        name: what it is called where something of it is stored or shown.
    """

    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]
    embeddings: Mapping[str, Sequence[float]] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        if unknown := next((query for query in self.judgements if query not in self.queries), None):
            raise errors.InvalidInput(f"query {unknown!r} is judged, but has no text", "Add it to the queries")

    def judged(self) -> QuerySet:
        """Without the queries that have no judgement.

        Raises:
            InvalidInput: none has.
        """
        kept = {query: text for query, text in self.queries.items() if self.judgements.get(query)}
        if not kept:
            raise errors.InvalidInput(
                f"none of {len(self.queries):,} queries has a judgement",
                "Say which documents are relevant to them; docs/evaluating.md shows how",
            )
        return self.only(kept)

    def only(self, wanted: Collection[str]) -> QuerySet:
        """With these queries alone."""
        return replace(
            self,
            queries={query: text for query, text in self.queries.items() if query in wanted},
            judgements={query: grades for query, grades in self.judgements.items() if query in wanted},
            embeddings={query: vector for query, vector in self.embeddings.items() if query in wanted},
        )

    def sample(self, count: int) -> QuerySet:
        """With so many queries at most, drawn by chance, but the same ones each time."""
        names = sorted(self.queries)
        return self.only(set(random.Random(0).sample(names, min(count, len(names)))))  # noqa: S311  no secret
