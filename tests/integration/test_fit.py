"""Settings fitted on judged queries: what helps is found, stored, used, and can be taken back."""

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
import psycopg
import pytest
from psycopg.types.json import Jsonb

import pgretrieve
from pgretrieve import InvalidInput, ModelRefused, evaluation
from pgretrieve.evaluation import QuerySet
from tests import servers

COUNT = 20  # the least
FILLER = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


# Searching hundreds of times is left to the newest version; what the database does with a setting is tested on each.
newest = pytest.mark.parametrize(
    "server", [0 if servers.EXTERNAL else max(servers.VERSIONS)], ids=["newest"], indirect=True
)


def long_and_relevant(number: int) -> str:
    return f"term{number} " * 6 + " ".join(FILLER[(number + i) % 10] for i in range(200))


@pytest.fixture
def judged() -> QuerySet:
    return QuerySet(
        {f"q{i}": f"term{i}" for i in range(COUNT)}, {f"q{i}": {f"d{i}": 1} for i in range(COUNT)}, name="terms"
    )


@pytest.fixture
def lengths(db: pgretrieve.Client) -> pgretrieve.Collection:
    """What is relevant is long: with the usual b three short chunks that name the term come first."""
    docs = db.create_collection("lengths", encoder=None, dimensions=4, language="simple")
    documents = [{"id": f"d{i}", "text": long_and_relevant(i)} for i in range(COUNT)]
    documents += [{"id": f"d{i}-{n}", "text": f"term{i} {FILLER[n]}"} for i in range(COUNT) for n in range(3)]
    docs.add(documents, embeddings=np.random.default_rng(0).normal(size=(len(documents), 4)))
    return docs


def functions(sql: psycopg.Connection[Any], schema: str) -> dict[str, str]:
    """What the functions of a collection are."""
    rows = sql.execute(
        "select p.proname, pg_get_functiondef(p.oid) from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace"
        " where n.nspname = %s",
        [schema],
    ).fetchall()
    return dict(rows)


def test_bm25_is_fitted_where_lengths_mislead(
    db: pgretrieve.Client, lengths: pgretrieve.Collection, judged: QuerySet, sql: psycopg.Connection[Any]
) -> None:
    schema = lengths.info.schema_name
    untouched = functions(sql, schema)
    done: list[tuple[int, int]] = []
    [fitted] = evaluation.fit(
        lengths, judged, settings=["bm25"], mode="keyword", on_progress=lambda *given: done.append(given)
    )
    assert (fitted.setting, fitted.mode, fitted.active, fitted.refused) == ("bm25", "keyword", True, None)
    assert fitted.present == {"k1": 1.2, "b": 0.75}
    assert fitted.chosen["b"] < 0.5
    assert fitted.figures["gain"] > 0.2
    assert fitted.figures["low"] > 0
    assert fitted.figures["queries"] == COUNT
    assert done[-1][0] <= done[-1][1]
    tried = dict(fitted.tried["b"])
    assert tried[0.0] > tried[0.75] == pytest.approx(fitted.figures["baseline"])

    # what is in place is what installing the collection anew would put there, and it is what is shown
    info = db.collection("lengths").info
    assert {"k1": info.k1, "b": info.b} == fitted.chosen
    replaced = functions(sql, schema)
    sql.execute("select pgretrieve._install_collection(c) from pgretrieve.collection as c where c.name = 'lengths'")
    assert functions(sql, schema) == replaced != untouched
    report = evaluation.evaluate(lengths, judged, configurations=[evaluation.Configuration("words", "keyword")])
    assert report.means["words"]["nDCG@10"] > tried[0.75] + 0.2

    assert fitted.model_id is not None
    lengths.retire_model(fitted.model_id)
    assert functions(sql, schema) == untouched
    info = db.collection("lengths").info
    assert (info.k1, info.b) == (1.2, 0.75)
    assert sql.execute("select created_bm25 from pgretrieve.collection where name = 'lengths'").fetchone() == (None,)


@newest
def test_trying_leaves_no_trace(lengths: pgretrieve.Collection, judged: QuerySet, sql: psycopg.Connection[Any]) -> None:
    before = functions(sql, lengths.info.schema_name), lengths.search("term3", mode="keyword")
    [fitted] = evaluation.fit(lengths, judged, settings=["bm25"], mode="keyword", activate=False)
    assert (fitted.active, fitted.refused) == (False, None)
    assert (functions(sql, lengths.info.schema_name), lengths.search("term3", mode="keyword")) == before
    assert [(model.kind, model.slot, model.state) for model in lengths.models()] == [("settings", "bm25", "proposed")]


@newest
def test_weights_of_legs_follow_the_leg_that_knows(db: pgretrieve.Client) -> None:
    docs = db.create_collection("legs", encoder=None, dimensions=8, language="simple")
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(200, 8))
    texts = [" ".join(chance.choice(FILLER, 4)) for _ in vectors]
    docs.add([{"id": f"d{i}", "text": text} for i, text in enumerate(texts)], embeddings=vectors)
    # words of another document, and the vector of the right one, nearly
    queries = QuerySet(
        {f"q{i}": texts[(i + 7) % 200] for i in range(COUNT)},
        {f"q{i}": {f"d{i}": 1} for i in range(COUNT)},
        {f"q{i}": (vectors[i] + 0.5 * chance.normal(size=8)).tolist() for i in range(COUNT)},
    )
    [fitted] = evaluation.fit(docs, queries, settings=["fusion"])
    assert (fitted.mode, fitted.active) == ("hybrid", True)
    assert fitted.chosen["keyword"] < 0.5
    before = docs.search(queries.queries["q0"], embedding=queries.embeddings["q0"], options={"weights": {"keyword": 1}})
    after = docs.search(queries.queries["q0"], embedding=queries.embeddings["q0"])
    given = docs.search(
        queries.queries["q0"], embedding=queries.embeddings["q0"],
        options={"fusion": "blend", "weights": {"keyword": fitted.chosen["keyword"]}},
    )  # fmt: skip
    assert list(after) == list(given) != list(before)
    # from there on nothing is to be gained, and what is no better is left alone
    [again] = evaluation.fit(docs, queries, settings=["fusion"])
    assert again.present["keyword"] == fitted.chosen["keyword"]
    assert again.active == (again.figures["gain"] > 0)
    assert (again.refused is None) == again.active or again.model_id is None


@newest
def test_weights_of_fields(db: pgretrieve.Client, judged: QuerySet) -> None:
    docs = db.create_collection("fields", encoder=None, dimensions=4, language="simple", fields={"tags": 1, "title": 3})
    documents = [
        {"id": f"d{i}", "title": FILLER[i % 10], "text": "plain words", "fields": {"tags": f"term{i} {FILLER[i % 10]}"}}
        for i in range(COUNT)
    ]
    documents += [
        {"id": f"d{i}-{n}", "title": f"term{i} {FILLER[n]}", "text": "plain words", "fields": {"tags": FILLER[n]}}
        for i in range(COUNT) for n in range(3)
    ]  # fmt: skip
    docs.add(documents, embeddings=np.random.default_rng(0).normal(size=(len(documents), 4)))
    assert docs.search("term5", mode="keyword")[0].document_id != "d5"
    [bm25, fields] = evaluation.fit(docs, judged, mode="keyword")
    assert (bm25.setting, fields.setting) == ("bm25", "fields")
    assert fields.active
    assert fields.chosen["title"] == 3  # the largest stays as it is
    assert fields.chosen["tags"] > 3
    assert docs.search("term5", mode="keyword")[0].document_id == "d5"
    # a query's own weights go before
    assert docs.search("term5", mode="keyword", options={"fields": {"tags": 1}})[0].document_id != "d5"


def test_what_cannot_be_fitted_is_said(lengths: pgretrieve.Collection, judged: QuerySet) -> None:
    few = judged.only({f"q{i}" for i in range(19)})
    for arguments, said in (
        ({"queries": few}, "19 queries are judged"),
        ({"settings": ["magic"]}, "magic"),
        ({"settings": []}, r"\[\]"),
        ({"settings": "bm25"}, "'bm25'"),
        ({"mode": "magic"}, "magic"),
        ({"mode": "dense"}, "mode is dense"),
        ({"settings": ["fusion"], "mode": "keyword"}, "fusion is of hybrid"),
        ({"settings": ["fields"]}, "fewer than two fields"),
        ({"measure": "magic"}, "magic"),
        ({"limit": 5}, "limit of 5"),
        ({"limit": True}, "limit of True"),
        ({"mode": "hybrid"}, "no embedding"),
    ):
        with pytest.raises(InvalidInput, match=said) as raised:
            evaluation.fit(lengths, **{"queries": judged, **arguments})
        assert raised.value.hint
    assert lengths.models() == []


@newest
def test_a_collection_without_documents(db: pgretrieve.Client, judged: QuerySet) -> None:
    empty = db.create_collection("empty", encoder=None, dimensions=4)
    [fitted] = evaluation.fit(empty, judged, settings=["bm25"], mode="keyword")
    assert (fitted.model_id, fitted.active, fitted.figures["gain"]) == (None, False, 0)
    assert fitted.chosen == fitted.present


def add(sql: psycopg.Connection[Any], slot: str, parameters: Any, value: float = 1.0) -> int:
    row = sql.execute(
        "select pgretrieve.add_model('lengths', 'settings', %s, %s, '{}', %s)",
        [slot, Jsonb(parameters), Jsonb({"measure": "nDCG@10", "value": value, "baseline": 0.5})],
    ).fetchone()
    return int(row[0])


def test_settings_from_sql(lengths: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    for slot, parameters, said in (
        ("bm25", {"k1": 1}, "cannot be"),
        ("bm25", {"k1": 1, "b": 2}, "cannot be"),
        ("bm25", {"k1": "1", "b": 0.5}, "cannot be"),
        ("bm25", {"k1": 1, "b": 0.5, "c": 1}, "cannot be"),
        ("bm25", {}, "cannot be"),
        ("fields", {"fields": {"abstract": 1}}, "without fields"),
        ("fusion", {"weights": {"keyword": -1}}, "weights"),
        ("fusion", {"magic": 1}, "magic"),
    ):
        with pytest.raises(InvalidInput, match=said):
            lengths.activate_model(add(sql, slot, parameters))
    with pytest.raises(ModelRefused):
        lengths.activate_model(add(sql, "bm25", {"k1": 1, "b": 0.1}, value=0.4))
    # slots stand side by side, and each goes back by itself
    first, second = (add(sql, "bm25", {"k1": 2, "b": b}) for b in (0.1, 0.2))
    weights = add(sql, "fusion", {"fusion": "blend", "weights": {"keyword": 0.5}})
    for model in (first, second, weights):
        lengths.activate_model(model)
    state = "select k1, b, created_bm25, search_defaults from pgretrieve.collection where name = 'lengths'"
    created = {"k1": 1.2, "b": 0.75}
    defaults = {"fusion": "blend", "weights": {"keyword": 0.5}}
    assert sql.execute(state).fetchone() == (2, 0.2, created, defaults)
    assert lengths.rollback_model("settings", "bm25") == first
    assert sql.execute(state).fetchone() == (2, 0.1, created, defaults)
    lengths.retire_model(weights)
    lengths.retire_model(first)
    assert sql.execute(state).fetchone() == (1.2, 0.75, None, {})


@newest
def test_the_asynchronous_client_fits_alike(
    dsn: str, lengths: pgretrieve.Collection, judged: QuerySet, runner: asyncio.Runner
) -> None:
    """Trials of k1 and b leave no trace, whoever makes them."""
    [fitted] = evaluation.fit(lengths, judged, settings=["bm25"], mode="keyword", activate=False)

    async def fit() -> evaluation.Fit:
        async with await pgretrieve.connect_async(dsn) as db:
            [found] = await evaluation.aio.fit(
                await db.collection("lengths"), judged, settings=["bm25"], mode="keyword", activate=False
            )
            return found

    found = runner.run(fit())
    assert replace(found, model_id=None) == replace(fitted, model_id=None)
    info = lengths._client.collection("lengths").info
    assert (info.k1, info.b) == (lengths.info.k1, lengths.info.b) == (1.2, 0.75)


def test_a_calibration_of_other_settings_is_stale(lengths: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    chunks, space = sql.execute("select chunks, space from pgretrieve._calibration_base('lengths')").fetchone()
    (model,) = sql.execute(
        "select pgretrieve.add_model('lengths', 'calibration', 'keyword', %s, '{}', '{}')",
        [Jsonb({"hit": str([0.1] * 15), "query": str([0.1] * 8), "family": None, "thresholds": {}, "chunks": chunks,
                "space": space})],
    ).fetchone()  # fmt: skip
    lengths.activate_model(model)
    assert lengths.search("term3", mode="keyword")[0].relevance is not None
    lengths.activate_model(add(sql, "bm25", {"k1": 1.2, "b": 0.3}))
    assert lengths.search("term3", mode="keyword")[0].relevance is None
    with pytest.raises(pgretrieve.NotCalibrated, match="settings or scoring have changed"):
        lengths.search("term3", mode="keyword", min_relevance=0.5)
