"""What of a query is encoded."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgretrieve.queries import as_encoded
from tests.reference.query_syntax import parse

PIECES = [
    "a",
    "vpn",
    "-",
    '"',
    "*",
    " ",
    "«",
    "foo*",
    " -x",
    "(",
    "5",
    "C++",
    "#",
    "é",
    "東\u3000",
    "state-of",
    "^2",
    "^",
    ")",
]


@pytest.mark.parametrize(
    ("query", "encoded"),
    [
        ("vpn certificates", "vpn certificates"),
        ("  state-of-the-art,  C++ ", "  state-of-the-art,  C++ "),
        ("-5 degrees", "-5 degrees"),
        ("tea -green", "tea"),
        ('-"green leaves" hot “tea pot”', "hot “tea pot”"),
        ("東京\u3000-大阪", "東京"),
        ("-green", "-green"),
        ('-"never closed', '-"never closed'),
        ("", ""),
        ("tea^2 pot", "tea pot"),
        ("tea^2- pot^3*", "tea pot"),
        ("(tea^2.5), pot^.5!", "(tea pot"),
        ('"tea pot"^3 hot -green^2', '"tea pot" hot'),
        ("x^2 + 10^6 (a+b)^2 tea^two tea^1234567", "x^2 + 10^6 (a+b)^2 tea^two tea^1234567"),
        ("«tea pot»^3", "«tea pot»"),
    ],
)
def test_what_is_excluded_is_not_encoded(query: str, encoded: str) -> None:
    assert as_encoded(query) == encoded


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join) | st.text(max_size=10))
def test_a_query_without_exclusions_and_weights_asks_for_the_same(query: str) -> None:
    parsed = parse(query)
    parsed.pop("excluded", None)
    weighted = parsed.pop("weighted", None)
    if parsed != {"words": ""}:
        same = parse(as_encoded(query))
        if weighted:  # signs behind a weight stay, and say nothing
            for one in (parsed, same):
                one["words"] = " ".join(word.strip(string.punctuation) for word in one["words"].split(" "))
        assert same == parsed


@pytest.mark.parametrize(
    ("query", "encoded"),
    [
        ("tea -title:green", "tea"),
        ('tea -title:"green leaves" hot', "tea hot"),
        ('tea title:"green leaves" -hot', 'tea title:"green leaves"'),
        ('tea -notes:"green leaves"', 'tea leaves"'),
        ('title:tea^2 title:x^2 title:"a pot"^3 notes:x^2', 'title:tea title:x^2 title:"a pot" notes:x'),
    ],
)
def test_what_is_excluded_from_a_field_is_not_encoded(query: str, encoded: str) -> None:
    assert as_encoded(query, ["title", "text"]).split() == encoded.split()
