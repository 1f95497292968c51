"""``F`` writes the dictionary that one would write by hand, and says what is wrong where Python reads it otherwise."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

import pgretrieve
from pgretrieve import F
from pgretrieve.statements import search

RENDERED = [
    (F.team == "infra", {"team": "infra"}),
    (F.team == None, {"team": None}),  # noqa: E711  a condition on null
    (F.team != "infra", {"team": {"$ne": "infra"}}),
    (F.year > 2024, {"year": {"$gt": 2024}}),
    (F.year >= 2024, {"year": {"$gte": 2024}}),
    (F.year < 2024, {"year": {"$lt": 2024}}),
    (F.year <= 2024, {"year": {"$lte": 2024}}),
    (2024 <= F.year, {"year": {"$gte": 2024}}),  # noqa: SIM300  that too
    (F.author.name == "Ada", {"author.name": "Ada"}),
    (F["author.name"] == "Ada", {"author.name": "Ada"}),
    (F["author"]["first name"] == "Ada", {"author.first name": "Ada"}),
    (F.team.in_(["a", "b"]), {"team": {"$in": ["a", "b"]}}),
    (F.team.in_(name for name in "ab"), {"team": {"$in": ["a", "b"]}}),
    (F.team.not_in({"a"}), {"team": {"$nin": ["a"]}}),
    (F.tags.contains("net"), {"tags": {"$contains": "net"}}),
    (F.path.startswith("docs/"), {"path": {"$startsWith": "docs/"}}),
    (F.team.exists(), {"team": {"$exists": True}}),
    (F.team.exists(False), {"team": {"$exists": False}}),
    (F.day >= date(2024, 5, 1), {"day": {"$gte": "2024-05-01"}}),
    (F.day < datetime(2024, 5, 1, 8, tzinfo=UTC), {"day": {"$lt": "2024-05-01T08:00:00+00:00"}}),
    (~(F.a == 1), {"$not": {"a": 1}}),
    ((F.a == 1) & (F.b == 2), {"$and": [{"a": 1}, {"b": 2}]}),
    ((F.a == 1) & (F.b == 2) & (F.c == 3), {"$and": [{"a": 1}, {"b": 2}, {"c": 3}]}),
    ((F.a == 1) | (F.a == 2) | (F.a == 3), {"$or": [{"a": 1}, {"a": 2}, {"a": 3}]}),
    ((F.a == 1) & ((F.b == 2) | (F.b == 3)), {"$and": [{"a": 1}, {"$or": [{"b": 2}, {"b": 3}]}]}),
    ((F.a == 1) & {"$ids": ["x"]}, {"$and": [{"a": 1}, {"$ids": ["x"]}]}),
    ({"$ids": ["x"]} & (F.a == 1), {"$and": [{"$ids": ["x"]}, {"a": 1}]}),
    ({"b": 2} | (F.a == 1), {"$or": [{"b": 2}, {"a": 1}]}),
]


@pytest.mark.parametrize(("condition", "expected"), RENDERED, ids=[str(expected) for _, expected in RENDERED])
def test_condition_is_the_dictionary(condition: pgretrieve.Condition, expected: dict[str, Any]) -> None:
    assert dict(condition) == expected
    assert condition == expected
    assert eval(repr(condition), {"Condition": pgretrieve.Condition}) == condition  # noqa: S307  our own text


def test_statement_carries_the_dictionary() -> None:
    statement = search("docs", "x", None, 10, "hybrid", F.year >= 2024, None, None)
    assert statement.params is not None
    assert statement.params["filter"].obj == {"year": {"$gte": 2024}}


def test_hundreds_of_conditions_nest_no_deeper() -> None:
    condition = F.a == 0
    for n in range(1, 300):
        condition = condition | (F.a == n)
    assert len(condition["$or"]) == 300


MISREAD = {
    "and": lambda: (F.a == 1) and (F.b == 2),
    "or": lambda: (F.a == 1) or (F.b == 2),
    "not": lambda: not (F.a == 1),  # noqa: SIM201  not the same here
    "if": lambda: 1 if F.a == 1 else 2,
    "chained": lambda: 1 < F.a < 9,
    "no parentheses": lambda: F.a == 1 & F.b == 2,
    "no parentheses, or": lambda: F.a > 1 | F.b,
    "a key alone": lambda: (F.a == 1) & F.b,
    "a key negated": lambda: ~F.a,
    "a key as a truth": lambda: F.a and F.b,
    "in": lambda: "x" in F.tags,
    "joined with no condition": lambda: (F.a == 1) & True,
    "operator as a key": lambda: F["$ids"],
    "number as a key": lambda: F[1],
    "key as a value": lambda: F.a == F.b,
    "one string for many": lambda: F.a.in_("abc"),
    "one number for many": lambda: F.a.not_in(3),
}


@pytest.mark.parametrize("wrong", MISREAD.values(), ids=MISREAD)
def test_what_python_would_misread_is_an_error_with_the_remedy(wrong: Any) -> None:
    with pytest.raises(pgretrieve.InvalidFilter) as caught:
        wrong()
    assert caught.value.hint


def test_key_cannot_be_walked_through() -> None:
    for endless in (F, F.a):
        with pytest.raises(TypeError):
            list(endless)


def test_what_tools_look_for_is_not_taken_for_a_key() -> None:
    for thing in (F, F.a):
        with pytest.raises(AttributeError):
            thing._repr_html_  # noqa: B018
    assert (repr(F), repr(F.a["b"])) == ("F", "F['a.b']")
