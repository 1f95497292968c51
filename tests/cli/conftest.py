"""The command line as a user has it: a process of its own, or within this one where the tests' encoder is needed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import pgretrieve
from pgretrieve.cli.app import app
from pgretrieve.cli.common import err, out
from tests import encoders, servers

Run = Callable[..., subprocess.CompletedProcess[str]]
Invoke = Callable[..., Result]

COMMAND = [sys.executable, "-m", "pgretrieve"]


@pytest.fixture(scope="session")
def server(_servers: Callable[[int], servers.Server]) -> servers.Server:
    """One server, the newest: no command depends on the version."""
    return _servers(0 if servers.EXTERNAL else max(servers.VERSIONS))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of the developer's own, and an embedded server that only this test would use."""
    kept = {k: v for k, v in os.environ.items() if not re.match("PGRETRIEVE|FORCE_COLOR|TTY_", k)}
    root = str(Path(pgretrieve.__file__).parents[1])
    return kept | {
        "COLUMNS": "100",
        "HF_HUB_OFFLINE": "1",
        "PGRETRIEVE_DATA_FOLDER": str(tmp_path / "server"),
        "PYTHONPATH": os.pathsep.join([root, kept.get("PYTHONPATH", "")]),
        "PYTHONWARNINGS": "error::ResourceWarning",
    }


@pytest.fixture
def run(environment: dict[str, str], dsn: str) -> Run:
    """`run("add", "docs", "-", input=...)` in a process, on the test's database."""

    def run(*arguments: str, dsn: str | None = dsn, **options: Any) -> subprocess.CompletedProcess[str]:
        given = environment | ({"PGRETRIEVE_DSN": dsn} if dsn else {})
        return subprocess.run(
            [*COMMAND, *arguments], env=given, capture_output=True, text=True, timeout=120, check=False, **options
        )

    return run


@pytest.fixture
def invoke(dsn: str, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """`invoke("search", "docs", "words")` in this process, which knows the tests' encoder."""
    for console in (out, err):  # they may have taken another width when they were made: that of the parallel tests
        monkeypatch.setattr(console, "width", 100)
    return lambda *arguments, **options: CliRunner().invoke(app, ["--dsn", dsn, *arguments], **options)


DOCUMENTS = [
    {
        "id": "vpn",
        "title": "VPN",
        "text": "Rotate the certificates of the VPN.",
        "metadata": {"team": "infra", "year": 2024},
    },
    {
        "id": "tls",
        "title": "TLS",
        "text": "Renew certificates of web servers.",
        "metadata": {"team": "web", "year": 2023},
    },
    {"id": "tea", "text": "Water, leaves [bold], four minutes.", "metadata": {"team": "infra", "year": 2022}},
]


def lines(documents: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three documents as JSON Lines."""
    path = tmp_path / "documents.jsonl"
    path.write_text(lines(DOCUMENTS))
    return path


@pytest.fixture
def docs(db: pgretrieve.Client) -> Iterator[pgretrieve.Collection]:
    """A collection 'docs' with three documents, encoded by the tests' encoder."""
    docs = db.create_collection("docs", encoder=encoders.NAME)
    docs.add(DOCUMENTS)
    return docs


@pytest.fixture
def own(db: pgretrieve.Client) -> pgretrieve.Collection:
    """An empty collection 'own' without an encoder, for processes that do not know the tests' encoder."""
    return db.create_collection("own", encoder=None, dimensions=3)
