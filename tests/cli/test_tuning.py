"""tune on the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

import pgretrieve
from tests.cli.conftest import Invoke


@pytest.fixture
def lists(db: pgretrieve.Client) -> pgretrieve.Collection:
    """A collection whose index misses a good part at first."""
    docs = db.create_collection(
        "lists", encoder=None, dimensions=8, index="ivfflat", index_settings={"lists": 20, "probes": 1}
    )
    vectors = np.random.default_rng(3).normal(size=(1_500, 8))
    docs.add(({"id": str(n), "text": "w", "metadata": {"n": n}} for n in range(1_500)), embeddings=vectors)
    return docs


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    path = tmp_path / "queries.jsonl"
    vectors = np.random.default_rng(4).normal(size=(10, 8)).tolist()
    path.write_text("".join(json.dumps({"_id": "q", "text": "w", "embedding": vector}) + "\n\n" for vector in vectors))
    return path


def test_tune_shows_what_it_measured_and_stores_what_it_chose(
    invoke: Invoke, db: pgretrieve.Client, lists: pgretrieve.Collection, queries: Path
) -> None:
    tried = invoke("tune", "lists", "--queries", str(queries), "--target-recall", "0.9", "--dry-run", "--json")
    assert tried.exit_code == 0
    report = json.loads(tried.stdout)
    assert (report["stored"], report["reached"], report["target_recall"]) == (False, True, 0.9)
    assert db.collection("lists").info.index_settings["probes"] == 1
    done = invoke("tune", "lists", "--queries", str(queries), "--target-recall", "0.9")
    assert done.exit_code == 0
    heading, *rows = [line.split() for line in done.stdout.splitlines()]
    assert heading == ["probes", "mean", "worst", "tenth", "minimum", "median", "ms", "time"]
    assert [int(row[0]) for row in rows] == [1, 2, 4, 8, 16, 20]
    assert rows[0][-1] == "now"
    [chosen] = [row for row in rows if row[-1] == "chosen"]
    assert chosen[1] == f"{report['chosen']['mean']:.3f}"
    assert f"probes {chosen[0]} reaches 0.9" in done.stderr
    assert "10 given queries" in done.stderr
    assert "stored" in done.stderr
    assert db.collection("lists").info.index_settings["probes"] == int(chosen[0]) == report["chosen"]["value"]


def test_a_target_that_no_setting_reaches_fails(invoke: Invoke, db: pgretrieve.Client) -> None:
    docs = db.create_collection("graph", encoder=None, dimensions=8, index_settings={"m": 2, "ef_construction": 4})
    vectors = np.random.default_rng(3).normal(size=(1_500, 8))
    docs.add(({"id": str(n), "text": "w"} for n in range(1_500)), embeddings=vectors)
    done = invoke("tune", "graph", "--target-recall", "1", "--sample", "40")
    assert done.exit_code == 1
    assert "No setting reaches 1; the best is" in done.stderr
    assert "40 queries made from the collection itself" in done.stderr
    assert "m 4, ef_construction 8: 1,500 vectors" in done.stderr
    assert db.collection("graph").info.ef_search is None


def test_an_exact_collection_has_nothing_to_tune(invoke: Invoke, own: pgretrieve.Collection) -> None:
    done = invoke("tune", "own")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Nothing is approximate" in done.stderr
    assert "0 chunks" in done.stderr


def test_a_picture_is_drawn(invoke: Invoke, lists: pgretrieve.Collection, queries: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "recall.svg"
    done = invoke("tune", "lists", "--queries", str(queries), "--filter", "n<1400", "--dry-run", "--plot", str(picture))
    assert done.exit_code == 0, done.exception
    assert picture.read_text().lstrip().startswith("<?xml")


def test_without_matplotlib_a_picture_is_refused_before_anything_is_measured(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pgretrieve.cli.tuning.find_spec", lambda _: None)
    done = invoke("tune", "own", "--plot", "recall.png")
    assert isinstance(done.exception, pgretrieve.MissingDependency)
    assert "pip install" in done.exception.hint


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target-recall", "1.5"], "--target-recall"),
        (["--target-recall", "much"], "--target-recall"),
        (["--k", "0"], "--k"),
        (["--sample", "0"], "--sample"),
        (["--filter", "x"], "x"),
        (["--queries", "nowhere"], "not there"),
        (["--queries", "."], "a folder"),
        (["--plot", "nowhere/x.png"], "no folder"),
        (["--plot", "x.gif"], ".png"),
    ],
)
def test_wrong_usage(invoke: Invoke, own: pgretrieve.Collection, arguments: list[str], said: str) -> None:
    done = invoke("tune", "own", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [("\n", "no queries"), ('{"a": 1}\n', "neither"), ("{x\n", "valid JSON"), ('words\n{"embedding": [1]}', "line 2")],
)
def test_a_file_of_queries_that_cannot_be_read_is_wrong_usage(
    invoke: Invoke, own: pgretrieve.Collection, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "q"
    path.write_text(text)
    done = invoke("tune", "own", "--queries", str(path))
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_errors_of_the_library_come_through(invoke: Invoke, own: pgretrieve.Collection) -> None:
    assert isinstance(invoke("tune", "nobody").exception, pgretrieve.CollectionNotFound)
    assert isinstance(invoke("tune", "own", "--target-recall", "0").exception, pgretrieve.InvalidInput)
    assert isinstance(invoke("tune", "own", "--filter", '{"$no": 1}').exception, pgretrieve.InvalidFilter)
    assert isinstance(invoke("tune", "own", "--query-set", "none").exception, pgretrieve.InvalidInput)
