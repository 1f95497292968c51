"""fit: what was tried and what it is worth are shown, and what was not used is said."""

import json
from pathlib import Path

import numpy as np
import pytest

import pgretrieve
from pgretrieve import InvalidInput
from tests.cli.conftest import Invoke

COUNT = 20
FILLER = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@pytest.fixture
def lengths(db: pgretrieve.Client) -> pgretrieve.Collection:
    """What is relevant is long: with the usual b short chunks that name the term come first."""
    docs = db.create_collection("lengths", encoder=None, dimensions=4, language="simple")
    documents = [{"id": f"d{i}", "text": f"term{i} " * 6 + " ".join(FILLER * 20)} for i in range(COUNT)]
    documents += [{"id": f"d{i}-{n}", "text": f"term{i} {FILLER[n]}"} for i in range(COUNT) for n in range(3)]
    docs.add(documents, embeddings=np.random.default_rng(0).normal(size=(len(documents), 4)))
    return docs


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    folder = tmp_path / "terms"
    folder.mkdir()
    (folder / "queries.jsonl").write_text(
        "".join(json.dumps({"_id": str(i), "text": f"term{i}"}) + "\n" for i in range(COUNT))
    )
    (folder / "qrels.txt").write_text("".join(f"{i} 0 d{i} 1\n" for i in range(COUNT)))
    return folder


def test_what_is_better_is_used_and_shown(
    invoke: Invoke, db: pgretrieve.Client, lengths: pgretrieve.Collection, terms: Path
) -> None:
    done = invoke("fit", "lengths", str(terms))
    assert done.exit_code == 0, done.exception
    numbers, figures = done.stdout.split("\n\n")
    [model] = lengths.models()
    info = db.collection("lengths").info
    assert [line.split()[:4] for line in numbers.splitlines()[1:2]] == [["bm25", "k1", "1.2", f"{info.k1:g}"]]
    assert f"{info.b:g}" in numbers
    assert "0.75=" in numbers
    assert "nDCG@10 of keyword searches, on 20 queries, each held out" in figures
    seen = model.figures
    row = figures.splitlines()[-1].split()
    assert row[:4] == ["bm25", f"{seen['baseline']:.3f}", f"{seen['value']:.3f}", f"{seen['gain']:+.3f}"]
    assert row[-2:] == [str(model.id), "active"]
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert done.stderr == ""
    assert invoke("models", "retire", "lengths", str(model.id)).exit_code == 0
    assert db.collection("lengths").info.b == 0.75


def test_json_and_nothing_activated(invoke: Invoke, lengths: pgretrieve.Collection, terms: Path) -> None:
    assert invoke("judgements", "import", "lengths", str(terms)).exit_code == 0
    done = invoke("fit", "lengths", "--query-set", "terms", "--setting", "bm25", "--mode", "keyword", "--no-activate",
                  "-m", "RR@5", "--json")  # fmt: skip
    fitted = json.loads(done.stdout)
    assert (fitted["setting"], fitted["active"], fitted["refused"]) == ("bm25", False, None)
    assert fitted["figures"]["measure"] == "RR@5"
    assert [model.state for model in lengths.models()] == ["proposed"]


def test_what_is_no_better_is_left_alone(invoke: Invoke, db: pgretrieve.Client, terms: Path) -> None:
    same = db.create_collection("same", encoder=None, dimensions=4, language="simple")
    same.add([{"id": f"d{i}", "text": f"term{i}"} for i in range(COUNT)], embeddings=np.eye(4).repeat(5, axis=0))
    done = invoke("fit", "same", str(terms))
    assert done.exit_code == 0, done.exception
    assert "bm25: what there is was chosen." in done.stderr
    assert same.models() == []


def test_wrong_usage(invoke: Invoke, lengths: pgretrieve.Collection, terms: Path) -> None:
    for arguments, code in (
        (["fit", "lengths"], 2),
        (["fit", "lengths", str(terms), "--query-set", "terms"], 2),
        (["fit", "lengths", str(terms), "--setting", "magic"], 2),
        (["fit", "lengths", str(terms), "--mode", "magic"], 2),
    ):
        assert invoke(*arguments).exit_code == code, arguments
    for arguments, kind, said in (
        (["fit", "lengths", str(terms), "--limit", "3"], InvalidInput, "limit of 3"),
        (["fit", "lengths", str(terms), "-m", "magic"], InvalidInput, "magic"),
        (["fit", "lengths", "--query-set", "nobody"], pgretrieve.NotFound, "nobody"),
        (["fit", "nobody", str(terms)], pgretrieve.CollectionNotFound, "nobody"),
    ):
        raised = invoke(*arguments).exception
        assert isinstance(raised, kind), arguments
        assert said in raised.message
        assert raised.hint
