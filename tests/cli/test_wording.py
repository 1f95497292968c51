"""Words on the command line: synonyms, stop words, languages, weights, fields."""

import json
import re
from pathlib import Path

import pytest
from rich.console import Console

import pgretrieve
from pgretrieve.cli import searching
from tests.cli.conftest import Invoke


def test_synonyms_are_shown_changed_and_replaced(invoke: Invoke, own: pgretrieve.Collection, tmp_path: Path) -> None:
    assert "There are no synonyms" in invoke("synonyms", "own").stderr
    shown = invoke("synonyms", "own", "--set", "car = automobile, auto", "--set", "vpn=remote access")
    assert [line.strip().split(maxsplit=1) for line in shown.stdout.splitlines()] == [
        ["term", "synonyms"], ["car", "automobile, auto"], ["vpn", "remote access"],
    ]  # fmt: skip
    left = invoke("synonyms", "own", "--set", "car=", "--json")
    assert json.loads(left.stdout) == own.synonyms() == {"vpn": ["remote access"]}
    file = tmp_path / "synonyms.json"
    file.write_text('{"tee": ["tea", "chai"]}')
    planned = invoke("synonyms", "own", "--file", str(file), "--dry-run")
    assert planned.stdout.startswith("select pgretrieve.set_synonyms('own', '{\"tee\":")
    assert own.synonyms() == {"vpn": ["remote access"]}
    assert invoke("synonyms", "own", "--file", str(file)).exit_code == 0
    assert own.synonyms() == {"tee": ["tea", "chai"]}


def test_stop_words_are_shown_and_changed(invoke: Invoke, own: pgretrieve.Collection) -> None:
    assert "There are no stop words" in invoke("stop-words", "own").stderr
    assert invoke("stop-words", "own", "--add", "company", "--add", "year").stdout == "company\nyear\n"
    planned = invoke("stop-words", "own", "--remove", "year", "--dry-run")
    assert planned.stdout == "select pgretrieve.set_stop_words('own', '{company}'::text[]);\n"
    assert json.loads(invoke("stop-words", "own", "--remove", "year", "--json").stdout) == ["company"]
    assert own.stop_words() == ["company"]


def test_what_cannot_be_understood_is_wrong_usage(invoke: Invoke, own: pgretrieve.Collection, tmp_path: Path) -> None:
    for text in ("car", "=auto", " =auto"):
        refused = invoke("synonyms", "own", "--set", text)
        assert refused.exit_code == 2
        assert "is not TERM=SYNONYM" in refused.stderr
    file = tmp_path / "synonyms.json"
    for content, says in (("[", "not valid JSON"), ("[]", "not a JSON object")):
        file.write_text(content)
        refused = invoke("synonyms", "own", "--file", str(file))
        assert refused.exit_code == 2
        assert says in refused.stderr
    assert invoke("synonyms", "own", "--file", str(tmp_path / "none.json")).exit_code == 2
    file.write_text('{"car": "auto"}')
    assert isinstance(invoke("synonyms", "own", "--file", str(file)).exception, pgretrieve.InvalidInput)
    assert isinstance(invoke("stop-words", "own", "--add", " ").exception, pgretrieve.InvalidInput)
    assert isinstance(invoke("stop-words", "nobody").exception, pgretrieve.CollectionNotFound)
    assert own.synonyms() == {}


def test_create_takes_languages_and_fold_accents(invoke: Invoke, db: pgretrieve.Client) -> None:
    made = invoke(
        "collection", "create", "c", "--no-encoder", "--dimensions", "3", "--language", "korean", "--fold-accents",
        "--languages", "german", "--languages", "chinese", "--normalise-numbers",
    )  # fmt: skip
    assert made.stdout == "Created 'c': your own vectors, 3 dimensions, cjk.\n"
    info = db.collection("c").info
    assert (info.fold_accents, info.languages, info.normalise_numbers) == (True, ["german"], True)


def test_create_takes_table_tokens_and_refuses_those_that_cannot_be(invoke: Invoke, db: pgretrieve.Client) -> None:
    create = ("collection", "create", "t", "--no-encoder", "--dimensions", "3", "--chunking")
    for given in ("table_tokens=7", "table_tokens=many"):
        refused = invoke(*create, given).exception
        assert isinstance(refused, pgretrieve.InvalidInput)
        assert "8 to max_tokens" in (refused.hint or "")
    assert invoke(*create, "table_tokens=64").exit_code == 0
    assert db.collection("t").info.chunking["table_tokens"] == 64


def test_a_query_says_its_language_and_weighs_its_words(
    invoke: Invoke, db: pgretrieve.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = db.create_collection("c", encoder=None, dimensions=3, languages=["german"])
    docs.add([{"id": "en", "text": "The die is cast."}, {"id": "de", "text": "Die Bäume.", "language": "german"}])
    german = ("--mode", "keyword", "--option", "language=german")
    found = invoke("search", "c", "die Baum^2", *german, "--json")
    assert [json.loads(line)["document_id"] for line in found.stdout.splitlines()] == ["de"]
    shown = invoke("explain", "c", "die Baum^2", *german).stdout
    assert re.search(r"language +german", shown)
    assert re.search(r"times 2 +Baum", shown)
    assert "baum ^2" in shown
    assert "(tf 1 · idf 0.693 ^2)" in shown
    assert "language" not in invoke("explain", "c", "die Baum", "--mode", "keyword").stdout
    console = Console(highlight=False, markup=False, emoji=False, force_terminal=True, color_system=None, width=80)
    monkeypatch.setattr(searching, "out", console)
    assert "1 document matches by words" in invoke("search", "c", "die Baum", *german).stderr
    assert "2 documents match by words" in invoke("search", "c", "die Baum", "--mode", "keyword").stderr
    for command in (("search", "c", "die"), ("explain", "c", "die"), ("facets", "c", "a", "--query", "die")):
        refused = invoke(*command, "--mode", "keyword", "--option", "language=french")
        assert isinstance(refused.exception, pgretrieve.InvalidInput)
        assert "has no language 'french'" in str(refused.exception)


def test_create_and_add_take_fields(invoke: Invoke, db: pgretrieve.Client, tmp_path: Path) -> None:
    made = invoke(
        "collection",
        "create",
        "c",
        "--no-encoder",
        "--dimensions",
        "3",
        "--field",
        "abstract=1",
        "--field",
        "title=2.5",
        "--field",
        'text={"weight": 3, "b": 0.3}',
    )
    assert made.exit_code == 0
    assert db.collection("c").info.fields == {"abstract": 1, "text": {"weight": 3, "b": 0.3}, "title": 2.5}
    refused = invoke("collection", "create", "d", "--no-encoder", "--dimensions", "3", "--field", 'text={"b": 2}')
    assert isinstance(refused.exception, pgretrieve.InvalidInput)
    assert '"abstract": 1' in invoke("collection", "show", "c", "--json").stdout
    file = tmp_path / "documents.jsonl"
    file.write_text('{"id": "a", "text": "A report.", "fields": {"abstract": "Of tunnels."}}\n')
    assert invoke("add", "c", str(file)).stdout == "1 written, 0 unchanged, 1 chunks.\n"
    shown = invoke("explain", "c", "tunnel", "--mode", "keyword", "--option", 'fields={"abstract": 3}').stdout
    assert "abstract 3.00" in shown
    shown = invoke("explain", "c", "abstract:tunnel -title:report", "--mode", "keyword").stdout
    assert [line.split()[-1] for line in shown.splitlines() if "in a field" in line or "excluded" in line] == [
        "abstract:tunnel", "title:report",
    ]  # fmt: skip
    file.write_text('{"id": "a", "text": "A report.", "fields": {"notes": "Of tunnels."}}\n')
    for dry in ([], ["--dry-run"]):
        refused = invoke("add", "c", str(file), *dry).exception
        assert isinstance(refused, pgretrieve.InvalidDocument)
        assert "'a' has the field 'notes', which collection 'c' does not have" in str(refused)


def test_create_and_add_take_vectors_of_fields(invoke: Invoke, db: pgretrieve.Client, tmp_path: Path) -> None:
    fields = ["--field", "abstract=2,vector", "--field", "title=vector", "--field", 'notes={"weight": 3}']
    made = invoke("collection", "create", "c", "--no-encoder", "--dimensions", "3", *fields)
    assert made.exit_code == 0
    info = db.collection("c").info
    assert info.fields == {"abstract": 2, "title": 1, "text": 1, "notes": 3}
    assert info.vector_fields == ["abstract", "title"]
    shown = json.loads(invoke("collection", "show", "c", "--json").stdout)
    assert (shown["fields"], shown["vector_fields"]) == (info.fields, info.vector_fields)
    assert "vector fields" in invoke("collection", "show", "c").stdout
    printed = invoke("collection", "create", "d", "--no-encoder", "--dimensions", "3", *fields, "--dry-run").stdout
    assert '{"abstract": {"weight": 2, "vector": true}, "title": {"weight": 1, "vector": true}' in printed
    file = tmp_path / "documents.jsonl"
    document = '{"id": "a", "title": "T", "text": "A report.", "fields": {"abstract": "Of tunnels."}, %s}\n'
    file.write_text(document % '"embedding": [1, 0, 0], "field_embeddings": {"abstract": [0, 1, 0]}')
    assert invoke("add", "c", str(file)).stdout == "1 written, 0 unchanged, 1 chunks.\n"
    stats = json.loads(invoke("stats", "c", "--json").stdout)
    assert (stats["field_embeddings"], stats["pending_field_embeddings"], stats["pending_embeddings"]) == (1, 1, 0)
    assert invoke("stats").stdout.splitlines()[-1].split()[:4] == ["c", "1", "1", "1"]
    file.write_text(document % '"field_embeddings": {"notes": [0, 1, 0]}')
    refused = invoke("add", "c", str(file)).exception
    assert isinstance(refused, pgretrieve.InvalidDocument)
    assert "'a' has an embedding of field 'notes', of which collection 'c' keeps none" in str(refused)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("text=vector", "field 'text' cannot have a vector"),
        ("abstract=0,vector", "field 'abstract' cannot weigh 0"),
        ("abstract=big,vector", "field 'abstract' cannot weigh \"big\""),
        ("abstract=vectors", "field 'abstract' cannot weigh \"vectors\""),
    ],
)
def test_fields_that_cannot_be_are_refused(invoke: Invoke, db: pgretrieve.Client, given: str, message: str) -> None:
    refused = invoke("collection", "create", "c", "--no-encoder", "--dimensions", "3", "--field", given).exception
    assert isinstance(refused, pgretrieve.InvalidInput)
    assert message in str(refused)
    assert db.collections() == []


@pytest.mark.parametrize("given", ["abstract", "=vector", "abstract=,vector", "abstract={,vector"])
def test_fields_that_cannot_be_read_are_wrong_usage(invoke: Invoke, given: str) -> None:
    made = invoke("collection", "create", "c", "--no-encoder", "--dimensions", "3", "--field", given)
    assert made.exit_code == 2
