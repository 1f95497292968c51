"""calibrate and models: what is fitted is shown with its figures, and searches are cut by it."""

import json
from pathlib import Path

import pytest

import pgretrieve
from tests import encoders
from tests.calibrated import documents, questions
from tests.cli.conftest import Invoke


@pytest.fixture
def subjects(db: pgretrieve.Client) -> pgretrieve.Collection:
    subjects = db.create_collection("subjects", encoder=encoders.NAME)
    subjects.add(documents())
    return subjects


def words(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def test_calibrate_shows_its_figures_beside_the_baselines(invoke: Invoke, subjects: pgretrieve.Collection) -> None:
    done = invoke("calibrate", "subjects", "--mode", "hybrid", "--mode", "keyword")
    assert done.exit_code == 0, done.exception
    models = {model.slot: model for model in subjects.models()}
    assert set(models) == {"hybrid", "keyword"}
    ranked, cut = (words(part) for part in done.stdout.split("Cut for 95% of the recall"))
    for row, mode in zip(ranked[2:], ("hybrid", "keyword"), strict=True):
        seen = models[mode].figures
        names = ("value", "baseline", "list_z", "gap_to_top", "calibration_error")
        assert row == [mode, *(f"{seen[name]:.3f}" for name in names), str(models[mode].id), "active"]
    for row, mode in zip(cut[2:], ("hybrid", "keyword"), strict=True):
        seen = models[mode].figures
        precision = [f"{seen['precision_uncut']:.3f}", "->", f"{seen['precision']:.3f}"]
        empty = [f"{seen[of]:.1%}" for of in ("own_empty", "foreign_empty")]
        assert row == [mode, f"{seen['recall_kept']:.1%}", *precision, *empty]
    assert "60 passages" in done.stderr
    assert "3 of 20" in done.stderr
    assert "foreign queries" in done.stderr


def test_json_and_nothing_activated(invoke: Invoke, subjects: pgretrieve.Collection) -> None:
    done = invoke(
        "calibrate", "subjects", "--mode", "keyword", "--relevant-hits", "2.5", "--no-activate", "--json"
    )  # fmt: skip
    assert (done.exit_code, done.stderr) == (0, "")
    fitted = json.loads(done.stdout)
    assert (fitted["mode"], fitted["active"], fitted["refused"]) == ("keyword", False, None)
    assert fitted["fitted_on"]["relevant_hits"] == 2.5
    assert [model.state for model in subjects.models()] == ["proposed"]
    said = invoke("calibrate", "subjects", "--mode", "keyword", "--no-activate")
    assert "Not activated, as asked for: keyword." in said.stderr
    assert "proposed" in said.stdout


def test_a_log_of_queries_is_evidence(invoke: Invoke, subjects: pgretrieve.Collection, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps({"_id": one["id"], "text": one["query"]}) + "\n" for one in questions()))
    stored = invoke("judgements", "import", "subjects", "--queries", str(log))
    assert (stored.exit_code, stored.stdout) == (0, "log: 20 queries, 0 judgements; 20 queries encoded.\n")
    done = invoke("calibrate", "subjects", "--query-set", "log", "--mode", "keyword")
    assert done.exit_code == 0, done.exception
    assert "60 passages" in done.stderr
    assert "20 queries that nobody has judged" in done.stderr
    [model] = subjects.models()
    assert model.fitted_on["unjudged_queries"] == 20
    assert model.fitted_on["evidence"].startswith("queries log ")
    cut = words(done.stdout.split("Cut for 95% of the recall")[1])[2]
    assert cut[:4] == ["keyword", "·", "·", "->"]  # what is relevant nobody knows
    assert cut[5:] == [f"{model.figures['own_empty']:.1%}", f"{model.figures['foreign_empty']:.1%}"]
    # measuring needs judgements
    assert isinstance(invoke("eval", "subjects", "--query-set", "log").exception, pgretrieve.InvalidInput)
    subjects.add(documents(200))
    again = "hint: pgretrieve calibrate subjects --mode keyword --query-set log\n"
    assert again in invoke("search", "subjects", "river", "--mode", "keyword").stderr
    assert invoke("eval", "subjects", "--queries", str(log)).exit_code == 2


def test_a_model_that_is_refused_is_said_and_fails(
    invoke: Invoke, subjects: pgretrieve.Collection, sql: object
) -> None:
    assert invoke("calibrate", "subjects", "--mode", "keyword").exit_code == 0
    # the one in use was never as good as this, on the same evidence
    sql.execute("update pgretrieve.model set figures = figures || '{\"value\": 1}'")
    done = invoke("calibrate", "subjects", "--mode", "keyword")
    assert done.exit_code == 1
    assert words(done.stdout)[2][-1] == "refused"
    assert "Not activated, keyword:" in done.stderr
    assert "models activate subjects MODEL --force" in done.stderr
    again = invoke("calibrate", "subjects", "--mode", "keyword", "--json")
    assert again.exit_code == 1
    refused = json.loads(again.stdout)
    assert refused["refused"]
    taken = str(refused["model_id"])
    assert isinstance(invoke("models", "activate", "subjects", taken).exception, pgretrieve.ModelRefused)
    assert invoke("models", "activate", "subjects", taken, "--force").exit_code == 0
    assert [model.id for model in subjects.models() if model.state == "active"] == [refused["model_id"]]


def test_searches_are_cut_and_show_relevance(invoke: Invoke, subjects: pgretrieve.Collection) -> None:
    arguments = ("search", "subjects", "river bridge item20", "--mode", "keyword")
    assert "relevance" not in invoke(*arguments).stdout
    for given in (("--min-relevance", "0.5"), ("--target-precision", "0.5"), ("--target-recall", "0.9")):
        assert isinstance(invoke(*arguments, *given).exception, pgretrieve.NotCalibrated)
        assert isinstance(invoke("explain", *arguments[1:], *given).exception, pgretrieve.NotCalibrated)
    gap = [json.loads(line) for line in invoke(*arguments, "--cut", "gap", "--json").stdout.splitlines()]
    assert [hit["document_id"] for hit in gap] == [
        hit.document_id for hit in subjects.search("river bridge item20", mode="keyword", options={"cut": "gap"})
    ]
    assert invoke("calibrate", "subjects", "--mode", "keyword").exit_code == 0
    whole = subjects.search("river bridge item20", mode="keyword")
    assert 0 < len(gap) < len(whole)
    shown = words(invoke(*arguments).stdout)
    assert shown[0][:3] == ["rank", "score", "relevance"]
    assert [row[2] for row in shown[1:]] == [f"{hit.relevance:.2f}" for hit in whole]
    kept = [json.loads(line) for line in invoke(*arguments, "--target-recall", "0.5", "--json").stdout.splitlines()]
    least = max(cut for target, cut in subjects.models()[0].parameters["thresholds"]["recall"] if target >= 0.5)
    assert [hit["relevance"] for hit in kept] == [hit.relevance for hit in whole if hit.relevance >= least]
    none = invoke(*arguments, "--min-relevance", "1")
    assert (none.exit_code, none.stdout) == (0, "")
    assert "No hits" in none.stderr


def test_models_are_listed_shown_retired_and_rolled_back(invoke: Invoke, subjects: pgretrieve.Collection) -> None:
    nothing = invoke("models", "list", "subjects")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "Nothing has been fitted" in nothing.stderr
    first, second = (
        json.loads(invoke("calibrate", "subjects", "--mode", "keyword", "--relevant-hits", n, "--json").stdout)
        for n in ("3", "4")
    )
    one, two = str(first["model_id"]), str(second["model_id"])
    assert invoke("models", "activate", "subjects", two, "--force").exit_code == 0
    heading, *rows = words(invoke("models", "list", "subjects").stdout)
    assert heading[:5] == ["model", "kind", "slot", "version", "state"]
    assert [row[:5] for row in rows] == [
        [two, "calibration", "keyword", "2", "active"],
        [one, "calibration", "keyword", "1", "retired"],
    ]
    listed = [json.loads(line) for line in invoke("models", "list", "subjects", "--json").stdout.splitlines()]
    assert [model["id"] for model in listed] == [second["model_id"], first["model_id"]]
    shown = invoke("models", "show", "subjects", two)
    assert ["fitted", "on", "·", "relevant_hits", "4"] in words(shown.stdout)
    assert json.loads(invoke("models", "show", "subjects", two, "--json").stdout)["id"] == second["model_id"]
    back = invoke("models", "rollback", "subjects", "calibration", "keyword")
    assert f"model {one}, calibration keyword, again" in back.stderr
    assert "did not use" in invoke("models", "retire", "subjects", two).stderr
    assert "no longer use" in invoke("models", "retire", "subjects", one).stderr
    assert {model.state for model in subjects.models()} == {"retired"}


def test_a_calibration_that_went_stale_is_said_wherever_it_would_have_counted(
    invoke: Invoke, subjects: pgretrieve.Collection
) -> None:
    assert invoke("calibrate", "subjects", "--mode", "keyword").exit_code == 0
    search, why = ("search", "subjects", "river bridge item20"), "fitted on 60 chunks, and there are 200 now"
    [model] = subjects.models()
    assert model.problem is None
    explained = invoke("explain", *search[1:], "--mode", "keyword", "--min-relevance", "0.1").stdout
    assert f"relevance  by model {model.id}; below 0.1000 left out" in explained
    subjects.add(documents(200))
    [model] = subjects.models()
    assert model.problem == f"stale: it was {why}"
    assert "active, stale" in invoke("models", "list", "subjects").stdout
    assert why in " ".join(invoke("models", "show", "subjects", str(model.id)).stdout.split())
    assert "not known: the collection has a stale" in invoke("explain", *search[1:], "--mode", "keyword").stdout
    for arguments in ((*search, "--mode", "keyword"), (*search, "--mode", "keyword", "--json"), ("migrate",)):
        done = invoke(*arguments)
        assert done.exit_code == 0
        assert why in done.stderr
        assert "pgretrieve calibrate subjects --mode keyword" in done.stderr
    assert "stale" not in invoke(*search).stderr  # the other mode was never calibrated
    subjects.retire_model(model.id)
    assert "stale" not in invoke("migrate").stderr
    assert "not known: the collection is not calibrated" in invoke("explain", *search[1:], "--mode", "keyword").stdout


def test_what_is_not_there_is_said(
    invoke: Invoke, db: pgretrieve.Client, subjects: pgretrieve.Collection, own: pgretrieve.Collection
) -> None:
    db.create_collection("empty", encoder=encoders.NAME)
    assert invoke("calibrate", "subjects", "--mode", "keyword").exit_code == 0
    model = str(subjects.models()[0].id)
    for arguments, kind, said in (
        (["calibrate", "nobody"], pgretrieve.CollectionNotFound, "nobody"),
        (["calibrate", "empty"], pgretrieve.InvalidInput, "is empty"),
        (["calibrate", "own"], pgretrieve.InvalidInput, "no encoder"),
        (["calibrate", "subjects", "--query-set", "none"], pgretrieve.NotFound, "'none'"),
        (["calibrate", "subjects", "--relevant-hits", "0"], pgretrieve.InvalidInput, "relevant_hits of 0.0"),
        (["calibrate", "subjects", "--relevant-hits", "20"], pgretrieve.InvalidInput, "relevant_hits of 20.0"),
        (["calibrate", "subjects", "--relevant-hits", "nan"], pgretrieve.InvalidInput, "relevant_hits of nan"),
        (["models", "list", "nobody"], pgretrieve.CollectionNotFound, "nobody"),
        (["models", "show", "subjects", "99999"], pgretrieve.NotFound, "99999"),
        # ids are those of all collections, and this one has none
        (["models", "activate", "own", model], pgretrieve.NotFound, f"no model {model}"),
        (["models", "retire", "own", model], pgretrieve.NotFound, f"no model {model}"),
        (["models", "rollback", "subjects", "calibration", "keyword"], pgretrieve.NotFound, "active before"),
        (["models", "rollback", "subjects", "calibration", "magic"], pgretrieve.NotFound, "magic"),
        (["search", "subjects", "x", "--target-recall", "0"], pgretrieve.InvalidInput, "target_recall"),
        (["search", "subjects", "x", "--cut", "gap", "--option", "cut=half"], pgretrieve.InvalidInput, "'half'"),
    ):
        raised = invoke(*arguments).exception
        assert isinstance(raised, kind), arguments
        assert said in raised.message, arguments
        assert raised.hint, arguments
    assert [one.state for one in subjects.models()] == ["active"]
