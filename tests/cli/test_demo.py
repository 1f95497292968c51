"""The demo: its documents, and the command."""

import subprocess
import sys
from collections import Counter

import pytest

import pgretrieve
from pgretrieve import demo
from tests import encoders
from tests.cli.conftest import Invoke


@pytest.fixture(scope="session")
def documents() -> list[pgretrieve.Document]:
    return list(demo.documents())


def test_documents_are_thousands_of_all_kinds(documents: list[pgretrieve.Document]) -> None:
    kinds = Counter(document.metadata["kind"] for document in documents)
    assert len(documents) > 2000
    assert min(kinds[kind] for kind in ("module", "class", "function", "method")) > 100
    assert len({document.id for document in documents}) == len(documents)


def test_documents_are_public_and_readable(documents: list[pgretrieve.Document]) -> None:
    for document in documents:
        assert len(document.text) >= demo.LEAST_CHARACTERS
        assert len(document.title) <= demo.MOST_TITLE_CHARACTERS
        assert not any(part.startswith("_") for part in document.id.split(".")), document.id


@pytest.mark.parametrize(
    ("identifier", "title"),
    [
        ("shlex.split", "split(s, comments=False, posix=True) in shlex"),
        ("builtins.str.split", "split(sep=None, maxsplit=-1) in builtins str"),
        ("math.isclose", "isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0) in math"),
        ("difflib", "difflib"),
        ("pathlib.Path", "Path in pathlib"),
    ],
)
def test_documents_are_named_as_in_python(documents: list[pgretrieve.Document], identifier: str, title: str) -> None:
    (found,) = [document for document in documents if document.id == identifier]
    assert found.title == title


def test_what_is_parsed_is_not_imported() -> None:
    """Some modules of the standard library do something when they are imported, and some cannot be."""
    program = "import sys; from pgretrieve import demo; list(demo.documents()); print('mailbox' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_demo_answers_and_a_second_run_adds_nothing(
    invoke: Invoke, db: pgretrieve.Client, documents: list[pgretrieve.Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    db.create_collection("demo", encoder=encoders.NAME)
    monkeypatch.setattr(demo, "documents", lambda: iter(documents))
    first = invoke("demo")
    assert first.exit_code == 0
    assert f"{len(documents):,} written, 0 unchanged" in first.stderr
    for question in demo.QUESTIONS:
        assert question in first.stdout
    assert "search demo 'read a zip archive'" in first.stdout
    assert max(map(len, first.stdout.partition("Next")[0].splitlines())) <= 100
    second = invoke("demo", "-k", "2")
    assert f"0 written, {len(documents):,} unchanged" in second.stderr


BEST = dict(
    zip(
        demo.QUESTIONS,
        ("functools.cache", "shlex.split", "datetime.date.isoweekday", "secrets.token_urlsafe", "pathlib.Path.rglob"),
        strict=True,
    )
)


@pytest.mark.model
def test_the_answers_are_good(
    db: pgretrieve.Client, documents: list[pgretrieve.Document], real_encoder: pgretrieve.Encoder
) -> None:
    """With a tenth of the documents, those that matter among them: encoding all of them takes a minute."""
    some = [document for n, document in enumerate(documents) if n % 10 == 0 or document.id in BEST.values()]
    collection = db.create_collection("demo")
    collection.add(some)
    for question, best in BEST.items():
        assert best in [hit.document_id for hit in collection.search(question, k=3)], question
