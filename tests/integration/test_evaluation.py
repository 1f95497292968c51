"""Evaluations of a collection: what is run, compared, stored and shown."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import psycopg
import pytest

import pgretrieve
from pgretrieve import errors, evaluation
from pgretrieve.evaluation import Configuration, QuerySet
from tests import encoders

DOCUMENTS = [
    {"id": "vpn", "title": "VPN & <access>", "text": "Rotate the certificates of the vpn."},
    {"id": "tls", "title": "TLS", "text": "Renew certificates of web servers."},
    {"id": "tea", "text": "Water, leaves, four minutes."},
    {"id": "bread", "text": "Knead the dough, let it rise an hour."},
    {"id": "long", "title": "All", "text": "vpn water dough " * 60, "metadata": {"kind": "list"}},
]
JUDGED = QuerySet(
    {"1": "vpn certificates", "2": "tea <b>leaves</b>", "3": "zebra", "4": "dough", "5": "unjudged"},
    {
        "1": {"vpn": 2, "tls": 1, "gone": 1},
        "2": {"tea": 1, "bread": -1},
        "3": {"bread": 1},
        "4": {"bread": 1, "tea": 0},
    },
    name="first",
)
KEYWORD = Configuration("keyword", "keyword")


@pytest.fixture
def docs(db: pgretrieve.Client) -> pgretrieve.Collection:
    docs = db.create_collection("docs", encoder=encoders.NAME)
    docs.add(DOCUMENTS)
    assert docs.stats().chunks > len(DOCUMENTS)
    return docs


def test_configurations_side_by_side(docs: pgretrieve.Collection) -> None:
    done: list[int] = []
    report = evaluation.evaluate(docs, JUDGED, measures=["nDCG@10", "P(rel=2)@1"], on_progress=done.append)
    assert list(report.runs) == ["keyword", "dense", "hybrid"]
    assert done == list(range(1, 13))
    assert (report.candidate, report.k, report.not_there) == ("hybrid", 10, 1)
    assert report.baseline == max(("keyword", "dense"), key=lambda name: report.means[name]["nDCG@10"])
    assert list(report.queries.queries) == ["1", "2", "3", "4"]
    for name, run in report.runs.items():
        assert report.means[name]["nDCG@10"] == sum(report.values[name]["nDCG@10"].values()) / 4
        low, high = report.intervals[name]["nDCG@10"]
        assert low <= report.means[name]["nDCG@10"] <= high
        assert run.settings["mode"] == name
        assert set(run.search_ms) == set(run.hits) == {"1", "2", "3", "4"}
        for ranking in run.rankings.values():
            assert len(set(ranking)) == len(ranking)
    assert report.values["keyword"]["nDCG@10"]["3"] == 0
    assert [(one.measure, one.one, one.other) for one in report.comparisons[:3]] == [
        ("nDCG@10", "dense", "keyword"), ("nDCG@10", "hybrid", "keyword"), ("nDCG@10", "hybrid", "dense"),
    ]  # fmt: skip
    for one in report.comparisons:
        assert one.difference == pytest.approx(
            report.means[one.one][one.measure] - report.means[one.other][one.measure]
        )
        assert one.p <= one.p_corrected <= 1
        assert one.better + one.worse + one.equal == 4
    assert 0 < report.judged_share("hybrid") < 1
    json.dumps(report.as_json(), allow_nan=False)


def test_it_is_what_sql_says(docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    assert evaluation.save_set(docs, JUDGED) == 8
    assert evaluation.embed_set(docs, "first") == 5
    assert evaluation.embed_set(docs, "first") == 0
    measures = ["nDCG@3", "AP", "R@2"]
    report = evaluation.evaluate(docs, evaluation.load_set(docs, "first"), measures=measures)
    for mode in ("keyword", "dense", "hybrid"):
        rows = sql.execute("select measure, value from pgretrieve.evaluate('docs', 'first', %s, %s)", [measures, mode])
        assert report.means[mode] == pytest.approx(dict(rows.fetchall()), abs=1e-9)


def test_sets_are_loaded_as_they_were_saved(docs: pgretrieve.Collection, db: pgretrieve.Client) -> None:
    evaluation.save_set(docs, JUDGED, "other")
    loaded = evaluation.load_set(docs, "other")
    assert (loaded.queries, loaded.judgements, loaded.name) == (JUDGED.queries, JUDGED.judgements, "other")
    (row,) = evaluation.query_sets(db)
    assert (row["collection"], row["query_set"], row["queries"], row["judged_queries"]) == ("docs", "other", 5, 4)
    with pytest.raises(errors.NotFound, match="no query set 'first'") as caught:
        evaluation.load_set(docs, "first")
    assert "'other'" in caught.value.hint
    with pytest.raises(errors.InvalidInput, match="NUL"):
        evaluation.save_set(docs, QuerySet({"1": "a\0b"}, {}), "bad")


def test_a_set_is_saved_whole_or_not_at_all(docs: pgretrieve.Collection, db: pgretrieve.Client) -> None:
    with pytest.raises(errors.InvalidInput, match="document_id"):
        evaluation.save_set(docs, QuerySet({"1": "x"}, {"1": {" ": 1}}), "bad")
    assert evaluation.query_sets(db) == []


def test_runs_are_loaded_as_they_were_saved(docs: pgretrieve.Collection) -> None:
    report = evaluation.evaluate(docs, JUDGED, measures=["RR"], configurations=[KEYWORD, Configuration("both")])
    run = report.runs["both"]
    for _ in range(2):  # a run takes the place of one of the same name
        evaluation.save_run(docs, run, report.values["both"], query_set="first", name="before", versions={"host": "a"})
    loaded = evaluation.load_run(docs, "before")
    assert loaded.rankings == run.rankings
    assert loaded.search_ms == run.search_ms
    assert (loaded.settings, loaded.query_set) == ({"mode": "hybrid", "k": 100}, "first")
    assert {"pgretrieve", "PostgreSQL", "pgvector", "encoder", "host"} <= set(loaded.versions)
    assert loaded.versions["encoder"] == encoders.NAME
    (row,) = evaluation.runs(docs)
    assert row["measures"] == pytest.approx(report.means["both"])
    with pytest.raises(errors.NotFound, match="no run 'after'"):
        evaluation.load_run(docs, "after")
    assert evaluation.delete_run(docs, "before")
    assert evaluation.runs(docs) == []


def test_against_a_run_of_before(docs: pgretrieve.Collection) -> None:
    first = evaluation.evaluate(docs, JUDGED, measures=["RR@10"], configurations=[KEYWORD])
    before = evaluation.Run("before", {"k": 10}, {q: h for q, h in first.runs["keyword"].hits.items() if q != "1"}, {})
    report = evaluation.evaluate(
        docs, JUDGED, measures=["RR@10"], configurations=[Configuration("words", "keyword")], against=before
    )
    assert (report.baseline, report.candidate, list(report.queries.queries)) == ("before", "words", ["2", "3", "4"])
    assert report.means["before"] == report.means["words"]
    assert report.changes() == []
    assert report.comparisons[0].p == 1
    again = evaluation.evaluate(
        docs, JUDGED, measures=["RR@10"], configurations=[KEYWORD], against=replace(before, name="keyword")
    )
    assert list(again.runs) == ["keyword, before", "keyword"]
    with pytest.raises(errors.InvalidInput, match="goes to rank 10, the measures look at rank 50"):
        evaluation.evaluate(docs, JUDGED, measures=["R@50"], against=before)
    with pytest.raises(errors.InvalidInput, match="none of these queries"):
        evaluation.evaluate(docs, QuerySet({"9": "x"}, {"9": {"a": 1}}), measures=["RR@10"], against=before)


def test_without_an_encoder_words_are_compared_alone(db: pgretrieve.Client) -> None:
    docs = db.create_collection("own", encoder=None, dimensions=2)
    docs.add([{"id": "tea", "text": "tea", "embedding": [1, 0]}, {"id": "vpn", "text": "vpn", "embedding": [0, 1]}])
    judged = QuerySet({"1": "vpn"}, {"1": {"tea": 1}})
    report = evaluation.evaluate(docs, judged)
    assert (list(report.runs), report.baseline, report.comparisons) == (["keyword"], None, [])
    assert "Measures" in evaluation.html.page(report)
    with pytest.raises(errors.InvalidInput, match="1 of 1 queries have no embedding, which 'both' needs"):
        evaluation.evaluate(docs, judged, configurations=[Configuration("both")])
    own = QuerySet(judged.queries, judged.judgements, {"1": [1, 0]})
    assert evaluation.evaluate(docs, own, measures=["RR"]).means["dense"] == {"RR": 1}


def test_bad_input(docs: pgretrieve.Collection) -> None:
    with pytest.raises(errors.InvalidInput, match="not of AsyncCollection"):
        evaluation.evaluate(pgretrieve.AsyncCollection(None, docs.info), JUDGED)  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidInput, match="called keyword, keyword"):
        evaluation.evaluate(docs, JUDGED, configurations=[KEYWORD, KEYWORD])
    with pytest.raises(errors.InvalidInput, match="called nothing"):
        evaluation.evaluate(docs, JUDGED, configurations=[])
    for baseline in ("hybrid", "other"):
        with pytest.raises(errors.InvalidInput, match=f"the baseline cannot be '{baseline}'"):
            evaluation.evaluate(docs, JUDGED, baseline=baseline)
    with pytest.raises(errors.InvalidInput, match="'rerank'"):
        evaluation.evaluate(docs, JUDGED, configurations=[Configuration("x", options={"rerank": 1})])
    with pytest.raises(errors.NotCalibrated):
        evaluation.evaluate(docs, JUDGED, configurations=[Configuration("x", min_relevance=0.5)])
    with pytest.raises(errors.InvalidInput, match="none of 1 queries"):
        evaluation.evaluate(docs, QuerySet({"1": "x"}, {}))


def test_the_page_is_whole_and_escaped(docs: pgretrieve.Collection, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    evaluation.write_html(path, evaluation.evaluate(docs, JUDGED, baseline="keyword"))
    text = path.read_text()
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        ET.fromstring(picture)  # noqa: S314  our own
    assert "tea &lt;b&gt;leaves&lt;/b&gt;" in text or "<b>leaves" not in text
    assert "<access>" not in text
    assert not re.findall(r"(?:src|href)=\"(?!#)", re.sub(r"xlink:href=\"#", "", text))
    assert "Won most" in text


def test_the_asynchronous_client_evaluates_alike(dsn: str, docs: pgretrieve.Collection, runner: asyncio.Runner) -> None:
    report = evaluation.evaluate(docs, JUDGED, measures=["RR", "nDCG@10"])

    async def evaluated() -> evaluation.Report:
        async with await pgretrieve.connect_async(dsn) as db:
            theirs = await db.collection("docs")
            assert await evaluation.aio.save_set(theirs, JUDGED) == 8
            assert await evaluation.aio.embed_set(theirs, "first") == 5
            loaded = await evaluation.aio.load_set(theirs, "first")
            found = await evaluation.aio.evaluate(theirs, loaded, measures=["RR", "nDCG@10"])
            await evaluation.aio.save_run(theirs, found.runs["hybrid"], found.values["hybrid"], name="theirs")
            assert (await evaluation.aio.load_run(theirs, "theirs")).rankings == found.runs["hybrid"].rankings
            assert [one["name"] for one in await evaluation.aio.runs(theirs)] == ["theirs"]
            assert [one["query_set"] for one in await evaluation.aio.query_sets(db, "docs")] == ["first"]
            assert {one["_id"] async for one in evaluation.aio.documents(theirs)} == {one["id"] for one in DOCUMENTS}
            assert await evaluation.aio.delete_run(theirs, "theirs")
            with pytest.raises(errors.NotFound, match="no run"):
                await evaluation.aio.load_run(theirs, "theirs")
            with pytest.raises(errors.InvalidInput, match=r"not of AsyncCollection.*pgretrieve\.evaluation\.aio"):
                evaluation.evaluate(theirs, JUDGED)  # type: ignore[arg-type]
            return found

    found = runner.run(evaluated())
    assert (found.values, found.intervals, found.comparisons) == (report.values, report.intervals, report.comparisons)
    assert {name: run.rankings for name, run in found.runs.items()} == {
        name: run.rankings for name, run in report.runs.items()
    }


def test_documents_are_exported_with_their_texts(docs: pgretrieve.Collection) -> None:
    exported = {one["_id"]: one for one in evaluation.documents(docs)}
    assert set(exported) == {one["id"] for one in DOCUMENTS}
    for one in DOCUMENTS:
        assert exported[one["id"]]["text"].split() == one["text"].split()
        assert exported[one["id"]].get("metadata", {}) == one.get("metadata", {})
