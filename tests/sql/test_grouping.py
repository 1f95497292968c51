"""Groups are those of the whole ranking: the k best, each with its best chunks, however deep they lie."""

import json
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference.grouping import grouped
from tests.sql.histories import one, rows

WORDS = ["vpn", "tea", "rotate", "certificate", "mail"]
EMBEDDING = [1, 2, 3, 1]
TEAMS = ["a", "b", 1, 1.0, True, None, ["a"], {"x": 1}, "null"]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """120 documents of one to twelve chunks, with vectors; their teams are of all types, or lacking."""
    rng = np.random.default_rng(7)
    docs = shared_db.create_collection(
        "docs", encoder=None, dimensions=4, storage="vector", index="none", chunking={"max_characters": 100}
    )

    def metadata(n: int) -> dict[str, Any]:
        team = {} if n % 10 == 9 else {"team": TEAMS[n % 10]}
        return {**team, "n": n, "author": {"name": f"n{n % 7}", "a.b": n % 2}}

    docs.add(
        [
            {"id": str(n), "text": " ".join(rng.choice(WORDS, size=rng.integers(1, 160))), "metadata": metadata(n)}
            for n in range(120)
        ]
    )
    return docs


@pytest.fixture(scope="module", autouse=True)
def vectors(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    schema = one(shared_sql, "select schema_name from pgretrieve.collection where name = 'docs'")
    shared_sql.execute(
        f"insert into {schema}.embedding"
        f" select id, array[1 + id % 7, 1 + id % 5, 1, id % 3]::vector from {schema}.chunk"
    )


def of(hit: pgretrieve.Hit, group_by: str) -> Any:
    """What a hit is grouped by, hashable."""
    if group_by == "document":
        return hit.document_id
    value: Any = hit.metadata
    for part in group_by.removeprefix("metadata.").split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None:
        return ("document", hit.document_id)
    # as in jsonb, 1 and 1.0 are one number, and true is none
    return json.dumps(float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value)


@settings(max_examples=120, deadline=None)
@given(
    group_by=st.sampled_from(["document", "metadata.team", "metadata.author.name", "metadata.none", "metadata.n"]),
    size=st.integers(1, 5),
    k=st.sampled_from([1, 3, 10, 200]),
    mode=st.sampled_from(["hybrid", "dense", "keyword"]),
    fusion=st.sampled_from(["blend", "rrf"]),
    filter_=st.sampled_from([None, {"n": {"$lt": 40}}]),
    query=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_groups_are_the_oracles(
    docs: pgretrieve.Collection, group_by: str, size: int, k: int, mode: str, fusion: str,
    filter_: dict[str, Any] | None, query: str,
) -> None:  # fmt: skip
    arguments: dict[str, Any] = {"embedding": EMBEDDING, "mode": mode, "filter": filter_}
    options = {"fusion": fusion, "depth": 2000}
    every = docs.search(query, k=2000, **arguments, options=options)
    hits = docs.search(query, k=k, **arguments, options={**options, "group_by": group_by, "group_size": size})
    expected = grouped(list(every), lambda hit: of(hit, group_by), k=k, size=size)
    assert [(hit.chunk_id, hit.score) for hit in hits] == [(hit.chunk_id, hit.score) for hit in expected]
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


@pytest.fixture(scope="module")
def crowded(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """A document of 1,500 chunks that are all better than those of 30 others, in both legs."""
    crowded = shared_db.create_collection("crowded", encoder=None, dimensions=4, chunking={"max_characters": 100})
    long = " ".join([" ".join(["vpn"] * 24) + "."] * 1500)
    crowded.add([{"id": "long", "text": long, "metadata": {"team": "long"}}])
    crowded.add(
        [{"id": f"{n}", "text": "vpn tea and mail in pots", "metadata": {"team": f"t{n % 5}"}} for n in range(30)],
    )
    return crowded


@pytest.fixture(scope="module", autouse=True)
def crowded_vectors(crowded: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    schema = one(shared_sql, "select schema_name from pgretrieve.collection where name = 'crowded'")
    shared_sql.execute("select setseed(0.5)")
    shared_sql.execute(
        f"insert into {schema}.embedding"
        " select c.id, array[1, (d.external_id <> 'long')::integer * 3 + random(), random(), random()]::vector"
        f" from {schema}.chunk as c join {schema}.document as d on d.id = c.document_id"
    )


@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
@pytest.mark.parametrize("filter_", [None, {"team": {"$exists": True}}], ids=str)
@pytest.mark.parametrize(("group_by", "groups"), [("document", 10), ("metadata.team", 6)])
def test_a_document_of_many_chunks_hides_no_group(
    crowded: pgretrieve.Collection, mode: str, filter_: dict[str, Any] | None, group_by: str, groups: int
) -> None:
    given_: dict[str, Any] = {"embedding": [1, 0, 0, 0], "mode": mode, "filter": filter_}
    hits = crowded.search("vpn", **given_, options={"group_by": group_by})
    assert len({of(hit, group_by) for hit in hits}) == len(hits) == groups
    assert hits[0].document_id == "long"
    report = crowded.explain("vpn", **given_, options={"group_by": group_by})
    assert [hit["chunk_id"] for hit in report["hits"]] == [hit.chunk_id for hit in hits]
    assert report["groups"] == {
        "by": group_by, "size": 1, "found": groups, "cut": False, "depths": [100, 400, 1600],
    }  # fmt: skip
    assert report["request"]["depth"] == 1600


def test_members_of_a_group_come_together_behind_its_best(crowded: pgretrieve.Collection) -> None:
    hits = crowded.search("vpn", k=3, options={"group_by": "metadata.team", "group_size": 4})
    assert [hit.metadata["team"] for hit in hits] == ["long"] * 4 + ["t0"] * 4 + ["t1"] * 4
    assert [hit.rank for hit in hits] == list(range(1, 13))


def test_a_depth_that_is_given_is_kept(crowded: pgretrieve.Collection) -> None:
    options = {"group_by": "document", "depth": 200}
    assert [hit.document_id for hit in crowded.search("vpn", options=options)] == ["long"]
    report = crowded.explain("vpn", options=options)
    assert report["groups"]["depths"] == [200]


def test_one_search_is_enough_where_groups_suffice_or_nothing_is_left(docs: pgretrieve.Collection) -> None:
    for query, k in (("vpn tea", 5), ("unicorn", 10)):
        report = docs.explain(query, k=k, mode="keyword", options={"group_by": "document"})
        assert len(report["groups"]["depths"]) == 1
    few = docs.explain("vpn", filter={"n": {"$lt": 3}}, options={"group_by": "document"})["groups"]
    assert (few["found"] <= 3, len(few["depths"]), few["cut"]) == (True, 1, False)
    assert docs.explain("vpn", options={})["groups"] is None


def test_pages_are_of_groups(docs: pgretrieve.Collection) -> None:
    for group_by in ("document", "metadata.team"):
        every = docs.search("vpn tea", embedding=EMBEDDING, k=1000, options={"depth": 1000, "group_by": group_by})
        pages = docs.pages("vpn tea", embedding=EMBEDDING, page_size=9, options={"group_by": group_by})
        assert [hit for page in pages for hit in page] == list(every)


def test_groups_of_several_rows_are_not_cut_into_pages(docs: pgretrieve.Collection) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="groups of 2 rows") as caught:
        next(docs.pages("vpn", options={"group_by": "document", "group_size": 2}))
    assert "group_size" in caught.value.hint


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"group_by": "team"}, '"team"'),
        ({"group_by": "metadata."}, '"metadata."'),
        ({"group_by": "metadata.$team"}, '"metadata.$team"'),
        ({"group_by": None}, "null"),
        ({"group_by": {"key": "team"}}, "key"),
        ({"group_by": 3}, "3"),
        ({"group_by": "document", "group_size": 0}, "0"),
        ({"group_by": "document", "group_size": 1.5}, "1.5"),
        ({"group_by": "document", "group_size": "2"}, '"2"'),
        ({"group_by": "document", "group_size": 1001}, "1001"),
        ({"group_size": 2}, "nothing is grouped"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(docs: pgretrieve.Collection, options: dict[str, Any], part: str) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match="option") as caught:
        docs.search("vpn", options=options)
    assert part in str(caught.value)
    assert caught.value.hint


def test_keys_are_values_whatever_they_hold(docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]) -> None:
    for key in ("'; drop table x --", '"', "a b", "ü", "\\", "a..b", "*", "1"):
        found = rows(
            shared_sql, "select chunk_id from pgretrieve.search('docs', 'vpn', options => %s)",
            json.dumps({"group_by": f"metadata.{key}", "depth": 200}),
        )  # fmt: skip
        by_document = docs.search("vpn", options={"group_by": "document", "depth": 200})
        assert [chunk for (chunk,) in found] == [hit.chunk_id for hit in by_document]
