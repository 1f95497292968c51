"""The examples of README and docs/, run in the order in which they stand, each page against a database of its own.

A block in ```sql, ```python or ```sh is run, unless a comment before it says why not: <!-- not run: reason -->.
A ```text block right behind it is what it prints, among other lines perhaps.
"""

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import psycopg
import pytest

import pgretrieve
from tests import servers
from tests.docs import stand_in
from tests.docs.markdown import PAGES, ROOT, Block, blocks

RUNNABLE = ("sql", "python", "sh")

# Each command is a process of its own, and none of them loads a model.
WITH_STAND_IN = "from tests.docs import stand_in\nstand_in.register()\nfrom pgretrieve.cli import main\nmain()\n"


class Runner:
    """Runs the blocks of one page; what Python defines in one is there in the next."""

    def __init__(self, server: servers.Server, dsn: str, folder: Path) -> None:
        self.psql = server.binary("psql")
        self.dsn = dsn
        self.names: dict[str, object] = {"__name__": "__main__"}
        tools = folder / "tools"
        tools.mkdir()
        self.folder = folder / "work"
        self.folder.mkdir()
        command = tools / "pgretrieve"
        command.write_text(f"#!{sys.executable}\n{WITH_STAND_IN}")
        command.chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PGRETRIEVE_DSN": dsn,
            "COLUMNS": "160",
        }

    def run(self, block: Block) -> str:
        return {"sql": self.sql, "python": self.python, "sh": self.sh}[block.language](block.text)

    def sql(self, text: str) -> str:
        return self._process([self.psql, "-X", "-v", "ON_ERROR_STOP=1", "-d", self.dsn, "-f", "-"], text)

    def sh(self, text: str) -> str:
        return self._process(["bash", "-euo", "pipefail", "-s"], text)

    def python(self, text: str) -> str:
        with redirect_stdout(io.StringIO()) as out:
            exec(compile(text, "<example>", "exec"), self.names)  # noqa: S102  our own documentation
        return out.getvalue()

    def _process(self, command: list[str], text: str) -> str:
        ran = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, cwd=self.folder, env=self.environment
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout


def plain(text: str) -> str:
    """Without white space at line ends; psql pads there."""
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n")


def run_page(
    page: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch, languages: tuple[str, ...] = RUNNABLE
) -> None:
    monkeypatch.setenv("PGRETRIEVE_DSN", runner.dsn)
    monkeypatch.chdir(runner.folder)
    try:
        for block in blocks(page):
            if block.language not in languages or block.skip:
                continue
            try:
                printed = runner.run(block)
            except Exception as error:
                error.add_note(f"{page.relative_to(ROOT)} line {block.line}:\n{block.text}")
                raise
            if block.expected is not None:
                assert plain(block.expected) in plain(printed), f"{page.relative_to(ROOT)} line {block.line}"
    finally:
        for value in runner.names.values():
            if isinstance(value, pgretrieve.Client | psycopg.Connection):
                value.close()
        runner.names.clear()


# On the newest version alone, else they would be a tenth of all tests' time; what the functions do is tested on each.
@pytest.mark.parametrize("server", [0 if servers.EXTERNAL else max(servers.VERSIONS)], ids=["newest"], indirect=True)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_run(
    page: Path, server: servers.Server, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in.register()
    try:
        run_page(page, Runner(server, dsn, tmp_path), monkeypatch)
    finally:
        stand_in.unregister()


@pytest.mark.model
@pytest.mark.usefixtures("real_encoder")
def test_python_of_the_readme_runs_with_the_real_encoder(
    server: servers.Server, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_page(ROOT / "README.md", Runner(server, dsn, tmp_path), monkeypatch, ("python",))


def test_blocks_say_what_they_are() -> None:
    odd = [
        f"{page.name} line {block.line}" for page in PAGES for block in blocks(page)
        if block.language not in (*RUNNABLE, "text")
    ]  # fmt: skip
    assert odd == []


def test_output_stands_behind_what_prints_it() -> None:
    for page in PAGES:
        found = blocks(page)
        for before, block in zip([None, *found], found, strict=False):
            if block.language == "text":
                assert before is not None
                assert before.expected == block.text, f"{page.name} line {block.line}"


def test_roles_of_the_operating_page_are_enough(server: servers.Server, dsn: str) -> None:
    """The grants as documented, under names of this test: roles belong to the whole server."""
    page = ROOT / "docs" / "operating.md"
    grants = [b.text for b in blocks(page) if b.language == "sql" and b.skip and "test_examples" in b.skip]
    assert len(grants) == 2
    names = {name: f"{name}_{os.getpid()}" for name in ("app_owner", "app_reader", "app_writer")}
    for old, new in names.items():
        grants = [text.replace(old, new) for text in grants]
    parts = psycopg.conninfo.conninfo_to_dict(dsn)

    def as_role(name: str) -> psycopg.Connection:
        connection = psycopg.connect(dsn, autocommit=True)
        connection.execute(f"set role {names[name]}")
        return connection

    with psycopg.connect(dsn, autocommit=True) as admin:
        for name in names.values():
            admin.execute(f"create role {name}")
        try:
            # the schema is in place already, put there by the administrator: hand it over
            admin.execute(f"grant create on database {parts['dbname']} to {names['app_owner']}")
            admin.execute("select pgretrieve.create_collection('docs', encoder => null, dimensions => 2)")
            admin.execute("select pgretrieve.add_document('docs', 'a', 'some words', embedding => '[1, 0]')")
            admin.execute(
                "select pgretrieve.activate_model(pgretrieve.add_model('docs', 'calibration', 'keyword', "
                "jsonb_build_object('chunks', b.chunks, 'space', b.space), '{}', '{}')) "
                "from pgretrieve._calibration_base('docs') as b"
            )
            for text in grants:
                admin.execute(text)
            with as_role("app_reader") as reader:
                one = "select count(*) from pgretrieve.search('docs', 'words', embedding => '[1, 0]')"
                assert reader.execute(one).fetchone() == (1,)
                reader.execute("select * from pgretrieve.query_sets, pgretrieve.judgements, pgretrieve.runs")
                reader.execute("select pgretrieve.explain('docs', 'words', embedding => '[1, 0]')")
                reader.execute("select * from pgretrieve.collections, pgretrieve.collection_stats")
                problem = "select distinct problem from pgretrieve.models"
                assert reader.execute(problem).fetchall() == [(None,)]
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    reader.execute("select pgretrieve.add_document('docs', 'b', 'more words')")
                # the registry may be read by who may not read every collection
                schema = admin.execute("select schema_name from pgretrieve.collections").fetchone()[0]
                admin.execute(f"revoke usage on schema {schema} from {names['app_reader']}")
                assert reader.execute(problem).fetchall() == [("not known: this role may not read the collection",)]
            with as_role("app_writer") as writer:
                collection = pgretrieve.connect(writer).collection("docs")
                assert collection.add([{"id": "b", "text": "more words", "embedding": [0, 1]}]).written == 1
                writer.execute("select pgretrieve.add_document('docs', 'c', 'even more')")
                assert collection.delete(["c"]) == 1
                assert collection.compact()
                writer.execute("select pgretrieve.record_feedback('docs', 'words', 'a', 'up')")
                assert writer.execute("select pgretrieve.judge_feedback('docs')").fetchone() == (1,)
                writer.execute("select pgretrieve._save_run('docs', 'one', 'feedback', '{}', '{}', '{}')")
                assert writer.execute("select pgretrieve.delete_run('docs', 'one')").fetchone() == (True,)
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    writer.execute("select pgretrieve.drop_collection('docs')")
        finally:
            for name in names.values():
                admin.execute(f"drop owned by {name}")
                admin.execute(f"drop role {name}")
