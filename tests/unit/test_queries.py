"""What of a query is encoded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgretrieve.queries import without_exclusions
from tests.reference.query_syntax import parse

PIECES = ["a", "vpn", "-", '"', "*", " ", "«", "foo*", " -x", "(", "5", "C++", "#", "é", "東\u3000", "state-of"]


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
    ],
)
def test_what_is_excluded_is_not_encoded(query: str, encoded: str) -> None:
    assert without_exclusions(query) == encoded


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join) | st.text(max_size=10))
def test_a_query_without_its_exclusions_asks_for_the_same(query: str) -> None:
    parsed = parse(query)
    parsed.pop("excluded", None)
    if parsed != {"words": ""}:
        assert parse(without_exclusions(query)) == parsed


@pytest.mark.parametrize(
    ("query", "encoded"),
    [
        ("tea -title:green", "tea"),
        ('tea -title:"green leaves" hot', "tea hot"),
        ('tea title:"green leaves" -hot', 'tea title:"green leaves"'),
        ('tea -notes:"green leaves"', 'tea leaves"'),
    ],
)
def test_what_is_excluded_from_a_field_is_not_encoded(query: str, encoded: str) -> None:
    assert without_exclusions(query, ["title", "text"]).split() == encoded.split()
