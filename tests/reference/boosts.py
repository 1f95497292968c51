"""Boosts as sql/internal/_read_boosts.sql documents them: what each adds to the score of a document."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from tests.reference import filters


def added(document_id: str, metadata: Mapping[str, Any], boosts: Sequence[Mapping[str, Any]], now: datetime) -> float:
    """By all boosts together; ``now`` is the origin of those that have none."""
    return sum(boost.get("weight", 1) * _share(document_id, metadata, boost, now) for boost in boosts)


def _share(document_id: str, metadata: Mapping[str, Any], boost: Mapping[str, Any], now: datetime) -> float:
    """From 0 to 1."""
    if "filter" in boost:
        condition = dict(boost["filter"])
        ids = condition.pop("$ids", [document_id])
        return float(document_id in ids and filters.passes(metadata, condition))
    shares = [0.0]
    for value in filters.elements(metadata, boost["field"]):
        if "recency" in boost:
            if date := filters.moment(value):
                origin = filters.moment(boost["recency"].get("origin")) or now
                days = (origin - date).total_seconds() / 86400
                shares.append(0.5 ** (max(0, days) / boost["recency"]["half_life_days"]))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = Fraction(value)  # of any size
            if "saturation" in boost:
                shares.append(float(max(0, number) / (max(0, number) + Fraction(boost["saturation"]))))
            else:
                nothing, everything = map(Fraction, boost["range"])
                shares.append(float(min(1, max(0, (number - nothing) / (everything - nothing)))))
    return max(shares)
