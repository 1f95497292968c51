"""The image of docker/ serves every way into pgretrieve: Python, SQL and the shell."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

import pgretrieve

pytestmark = pytest.mark.containers

DOCUMENTS = [
    {"id": "vpn", "title": "VPN", "text": "Rotate the certificates of the VPN.", "metadata": {"team": "infra"}},
    {"id": "tls", "title": "TLS", "text": "Renew certificates of web servers.", "metadata": {"team": "web"}},
    {"id": "tea", "title": "Tea", "text": "Water, leaves, four minutes.", "metadata": {"team": "infra"}},
]
EMBEDDINGS = np.eye(3, dtype=np.float32)
LIKE_VPN = np.array([0.9, 0.3, 0.1], dtype=np.float32)  # nearest to vpn, then tls, then tea


def add_docs(db: Any) -> Any:
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    docs.add(DOCUMENTS, embeddings=EMBEDDINGS)
    return docs


def ids(hits: Any) -> list[str]:
    return [hit.document_id for hit in hits]


@pytest.fixture(scope="module")
def migrated(dsn: str) -> str:
    pgretrieve.migrate(dsn)
    return dsn


@pytest.fixture
def docs(migrated: str) -> Iterator[Any]:
    with pgretrieve.connect(migrated) as db:
        yield add_docs(db)
        db.drop_collection("docs")


def test_server_has_pgvector_and_the_settings_of_the_image(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        version = connection.execute("select extversion from pg_extension where extname = 'vector'").fetchone()
        settings = connection.execute(
            "select name, source from pg_settings where name in ('shared_buffers', 'maintenance_work_mem')"
        ).fetchall()
    assert version is not None
    assert tuple(map(int, version[0].split("."))) >= (0, 8)
    assert dict(settings) == {"shared_buffers": "command line", "maintenance_work_mem": "command line"}


def test_migrating_again_changes_nothing(docs: Any, migrated: str) -> None:
    pgretrieve.migrate(migrated)
    assert docs.count() == 3


def test_hybrid_search_fuses_both_legs(docs: Any) -> None:
    hits = docs.search("rotate certificates", embedding=LIKE_VPN, k=10)
    assert ids(hits) == ["vpn", "tls", "tea"]
    assert [(hit.dense_rank, hit.keyword_rank) for hit in hits] == [(1, 1), (2, 2), (3, None)]


def test_filter_holds_in_both_legs(docs: Any) -> None:
    assert ids(docs.search("certificates", embedding=LIKE_VPN, k=10, filter={"team": "infra"})) == ["vpn", "tea"]


def test_deleted_documents_are_gone(docs: Any) -> None:
    docs.delete(["vpn"])
    assert docs.count() == 2
    assert ids(docs.search("rotate certificates", embedding=LIKE_VPN, k=10)) == ["tls", "tea"]


@pytest.mark.usefixtures("docs")
def test_plain_sql_gives_the_same_ranking(migrated: str) -> None:
    with psycopg.connect(migrated) as connection:
        rows = connection.execute(
            "select document_id, rank, dense_rank, keyword_rank "
            "from pgretrieve.search('docs', %s, embedding => %s, k => 10) order by rank",
            ["rotate certificates", str(LIKE_VPN.tolist())],
        ).fetchall()
    assert rows == [("vpn", 1, 1, 1), ("tls", 2, 2, 2), ("tea", 3, 3, None)]


@pytest.mark.usefixtures("docs")
def test_shell_search(migrated: str) -> None:
    command = [sys.executable, "-m", "pgretrieve", "--dsn", migrated]
    result = subprocess.run(
        [*command, "search", "docs", "rotate certificates", "--mode", "keyword", "--json"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert re.findall(r'"document_id": *"(\w+)"', result.stdout) == ["vpn", "tls"]


def test_rows_outlive_their_container(server: Callable[..., AbstractContextManager[str]], volume: str) -> None:
    with server(volume=volume) as dsn:
        pgretrieve.migrate(dsn)
        with pgretrieve.connect(dsn) as db:
            add_docs(db)
    with server(volume=volume) as dsn, pgretrieve.connect(dsn) as db:
        docs = db.collection("docs")
        assert docs.count() == 3
        assert ids(docs.search("rotate certificates", embedding=LIKE_VPN, k=1)) == ["vpn"]
