"""eval and judgements on a real database."""

import json
from pathlib import Path
from typing import Any

import pytest

import pgretrieve
from pgretrieve import errors
from pgretrieve.evaluation import running
from tests.cli.conftest import Invoke, Run
from tests.cli.test_commands import rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three judged queries on the documents of `docs`, in the form of BEIR."""
    folder = tmp_path / "judged"
    (folder / "qrels").mkdir(parents=True)
    queries = {"1": "vpn certificates", "2": "boil water", "3": "web servers"}
    lines = [json.dumps({"_id": query, "text": text}) + "\n" for query, text in queries.items()]
    (folder / "queries.jsonl").write_text("".join(lines))
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\n1\tvpn\t2\n1\ttls\t1\n2\ttea\t1\n3\ttls\t1\n"
    )
    return folder


def test_eval_prints_a_table(invoke: Invoke, docs: pgretrieve.Collection, folder: Path) -> None:
    result = invoke("eval", "docs", str(folder))
    assert result.exit_code == 0
    head, *table = result.stdout.splitlines()
    assert head.split() == ["3", "queries", "nDCG@10", "RR@10", "R@100", "median", "ms", "95%", "ms"]
    assert [line.split()[0] for line in table[:3]] == ["keyword", "dense", "hybrid"]
    assert "hybrid - keyword" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert result.stderr == ""


def test_eval_as_json_with_a_page_and_a_run(
    invoke: Invoke, docs: pgretrieve.Collection, folder: Path, tmp_path: Path
) -> None:
    page, run = tmp_path / "report.html", tmp_path / "run.trec"
    result = invoke(
        "eval", "docs", str(folder), "-m", "RR", "--config", "words: mode=keyword", "--config", "both: fusion=rrf",
        "--json", "--html", str(page), "--export-run", str(run), "--limit", "2", "-k", "5", "--baseline", "words",
    )  # fmt: skip
    (report,) = rows(result.stdout)
    assert (report["queries"], report["k"], report["candidate"], report["baseline"]) == (2, 5, "both", "words")
    assert [one["settings"] for one in report["runs"]] == [
        {"mode": "keyword", "k": 5}, {"mode": "hybrid", "options": {"fusion": "rrf"}, "k": 5},
    ]  # fmt: skip
    assert report["missed"] == []
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert {line.split()[0] for line in run.read_text().splitlines()} <= {"1", "2", "3"}


def test_bars(run: Run, own: pgretrieve.Collection, folder: Path) -> None:
    own.add([{"id": "vpn", "text": "vpn certificates"}, {"id": "tls", "text": "certificates of web servers"}])
    command = ("eval", "own", str(folder), "--config", "words: mode=keyword")
    done = run(*command, "--fail-under", "P(rel=2)@1=0.3", "--save", "before")
    assert (done.returncode, done.stderr.count("error")) == (0, 0)
    low = run(*command, "--fail-under", "nDCG@10=0.9")
    assert low.returncode == 1
    assert low.stderr.splitlines()[-1].startswith("error: words has nDCG@10 0.6")
    assert run(*command, "--no-worse-than", "before").returncode == 0
    own.delete(["tls"])
    worse = run(*command, "--no-worse-than", "before", "--measure", "R@5", "--json")
    assert worse.returncode == 1
    assert "error: words has R@5 0.1667, 'before' had 0.6667 (p 0.500)" in worse.stderr
    assert rows(worse.stdout)[0]["missed"] == ["words has R@5 0.1667, 'before' had 0.6667 (p 0.500)"]
    assert run(*command, "--no-worse-than", "before", "-m", "R@5", "--tolerance", "0.5").returncode == 0
    assert "2 documents that were judged relevant are not in the collection" in worse.stderr


def test_judgements_in_and_out(invoke: Invoke, docs: pgretrieve.Collection, folder: Path, tmp_path: Path) -> None:
    assert "Nothing is judged yet" in invoke("judgements", "list").stderr
    imported = invoke("judgements", "import", "docs", str(folder))
    assert imported.stdout == "judged: 3 queries, 4 judgements; 3 queries encoded.\n"
    assert invoke("judgements", "list", "docs").stdout.splitlines()[1].split() == [
        "docs", "judged", "3", "3", "3", "4", "4",
    ]  # fmt: skip
    assert rows(invoke("judgements", "list", "--json").stdout)[0]["relevant"] == 4
    assert "3 queries" in invoke("eval", "docs", "--query-set", "judged").stdout
    out, qrels = tmp_path / "out", tmp_path / "qrels.txt"
    invoke("judgements", "export", "docs", "judged", str(out), "--corpus", "--qrels", str(qrels))
    written = (out / "qrels" / "test.tsv").read_text().splitlines()
    assert written[1:] == ["1\ttls\t1", "1\tvpn\t2", "2\ttea\t1", "3\ttls\t1"]
    assert len((out / "corpus.jsonl").read_text().splitlines()) == 3
    again = invoke(
        "judgements", "import", "docs", "--queries", str(out / "queries.jsonl"), "--qrels", str(qrels),
        "--query-set", "two", "--json",
    )  # fmt: skip
    assert rows(again.stdout) == [{"query_set": "two", "queries": 3, "judgements": 4, "encoded": 3}]


def test_judgements_are_stored_also_where_nothing_can_encode_them(
    invoke: Invoke, db: pgretrieve.Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = db.create_collection("docs")
    docs.add([{"id": "vpn", "text": "vpn certificates"}], embeddings=[[1.0] * 384])

    def missing(_: str) -> Any:
        raise errors.MissingDependency("the encoder is not installed", "Install it")

    monkeypatch.setattr(running, "load_encoder", missing)
    imported = invoke("judgements", "import", "docs", str(folder))
    assert imported.stdout == "judged: 3 queries, 4 judgements; 0 queries encoded.\n"
    assert "not encoded: the encoder is not installed" in imported.stderr
    words = invoke("eval", "docs", "--query-set", "judged", "--config", "words: mode=keyword")
    assert words.stdout.splitlines()[1].startswith("words")
    assert isinstance(invoke("eval", "docs", "--query-set", "judged").exception, errors.MissingDependency)


def test_queries_may_bring_their_vectors(invoke: Invoke, own: pgretrieve.Collection, folder: Path) -> None:
    own.add([{"id": "vpn", "text": "a", "embedding": [1, 0, 0]}, {"id": "tls", "text": "b", "embedding": [0, 1, 0]}])
    queries = [{"id": 1, "text": "x", "embedding": [0.9, 0.1, 0]}, {"id": 3, "text": "y", "embedding": [0, 1, 0.5]}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in queries))
    report = rows(invoke("eval", "own", str(folder), "--json", "-m", "RR").stdout)[0]
    assert [one["measures"]["RR"]["mean"] for one in report["runs"]] == [0, 1, 1]
    assert invoke("judgements", "import", "own", str(folder)).exit_code == 0
    assert [row["embeddings"] for row in rows(invoke("judgements", "list", "--json").stdout)] == [2]


def test_saved_runs(invoke: Invoke, docs: pgretrieve.Collection, folder: Path) -> None:
    assert "No run is saved yet" in invoke("judgements", "runs", "docs").stderr
    invoke("eval", "docs", str(folder), "--save", "first")
    listed = rows(invoke("judgements", "runs", "docs", "--json").stdout)
    assert sorted(one["name"] for one in listed) == ["first", "first/dense", "first/keyword"]
    assert {one["query_set"] for one in listed} == {"judged"}
    assert "nDCG@10" in invoke("judgements", "runs", "docs").stdout
    assert invoke("judgements", "runs", "docs", "--delete", "first").stdout == "Deleted 'first'.\n"
    assert isinstance(invoke("judgements", "runs", "docs", "--delete", "first").exception, errors.NotFound)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give a FOLDER"),
        (["FOLDER", "--query-set", "a"], "instead of files"),
        (["FOLDER", "--dataset", "a"], "give a FOLDER"),
        (["--queries", "a"], "give a FOLDER"),
        (["--dataset", "a", "--split", "dev"], "--split is of a FOLDER"),
        (["FOLDER", "--config", "mode=keyword"], "has no name"),
        (["FOLDER", "--fail-under", "nDCG@10"], "is not MEASURE=VALUE"),
    ],
)
def test_wrong_usage(invoke: Invoke, folder: Path, arguments: list[str], says: str) -> None:
    result = invoke("eval", "docs", *[str(folder) if one == "FOLDER" else one for one in arguments])
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["FOLDER", "-m", "nonsense"], errors.InvalidInput),
        (["/nowhere"], errors.InvalidInput),
        (["--query-set", "none"], errors.NotFound),
        (["FOLDER", "--no-worse-than", "none"], errors.NotFound),
        (["FOLDER", "--config", "x: mode=keyword min_relevance=0.5"], errors.NotCalibrated),
        (["FOLDER", "--split", "dev"], errors.InvalidInput),
    ],
)
def test_what_cannot_be_done(
    invoke: Invoke, docs: pgretrieve.Collection, folder: Path, arguments: list[str], kind: Any
) -> None:
    result = invoke("eval", "docs", *[str(folder) if one == "FOLDER" else one for one in arguments])
    assert isinstance(result.exception, kind)
    assert result.exception.hint
