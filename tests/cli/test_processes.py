"""What only a process shows: interruptions, broken pipes, programs that go on until they are stopped."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg

import pgretrieve
from tests import encoders
from tests.cli.conftest import COMMAND, Run

# The command line with the tests' encoder, which a process of its own does not know.
_PROGRAM = """
import pgretrieve.cli, tests.encoders
pgretrieve.register_encoder(tests.encoders.NAME, tests.encoders.HashingEncoder)
pgretrieve.cli.main()
"""
WITH_ENCODER = [sys.executable, "-c", _PROGRAM]


def generate(path: Path, count: int, bad: int | None = None) -> Path:
    with path.open("w") as out:
        for number in range(1, count + 1):
            if number == bad:
                out.write('{"id": "broken", "text": \n')
            else:
                out.write(
                    json.dumps({"id": str(number), "text": f"Document {number} about topic {number % 97}."}) + "\n"
                )
    return path


@contextmanager
def started(command: list[str], environment: dict[str, str], dsn: str | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, env=environment | ({"PGRETRIEVE_DSN": dsn} if dsn else {}), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # a shell starts what runs in the background with Ctrl-C ignored, and that is inherited
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads here
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def test_ctrl_c_while_adding_keeps_what_is_stored(
    run: Run, own: pgretrieve.Collection, environment: dict[str, str], dsn: str, tmp_path: Path
) -> None:
    path = generate(tmp_path / "long.jsonl", 150_000)
    with started([*COMMAND, "add", "own", str(path)], environment, dsn) as process:
        wait_until(lambda: own.count() > 0)
        process.send_signal(signal.SIGINT)
        try:
            stdout, stderr = process.communicate(timeout=4)
        except subprocess.TimeoutExpired:  # an interrupt can fall into a finalizer, where Python drops it
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, (stdout, stderr)
    assert stdout == ""
    assert "Traceback" not in stderr
    stored = own.count()
    assert 0 < stored < 150_000
    assert stderr == f"Interrupted. 'own' holds {stored:,} documents; the same command goes on from there.\n"
    again = run("add", "own", str(path), "--json")
    assert json.loads(again.stdout)["written"] == 150_000 - stored
    assert json.loads(again.stdout)["unchanged"] == stored
    assert own.count() == 150_000


def test_a_bad_line_is_named_and_what_is_stored_is_said(run: Run, own: pgretrieve.Collection, tmp_path: Path) -> None:
    path = generate(tmp_path / "large.jsonl", 70_400, bad=70_312)
    done = run("add", "own", str(path))
    assert done.returncode == 1
    assert done.stdout == ""
    error, hint = done.stderr.splitlines()
    assert error.startswith(f"error: {path} line 70312 is not valid JSON")
    assert f"The {own.count():,} documents of the batches before are stored; a new run skips them" in hint
    assert own.count() > 60_000


def test_a_broken_pipe_is_quiet(run: Run, own: pgretrieve.Collection, environment: dict[str, str], dsn: str) -> None:
    own.add({"id": str(n), "text": "word " * 200} for n in range(2000))
    with started([*COMMAND, "search", "own", "word", "-k", "2000", "--json"], environment, dsn) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(60) in (0, 1)


def test_the_worker_encodes_what_arrives_and_stops_when_told(
    docs: pgretrieve.Collection, environment: dict[str, str], dsn: str
) -> None:
    assert docs.info.encoder == encoders.NAME
    with started([*WITH_ENCODER, "worker", "docs", "--interval-s", "0.1"], environment, dsn) as process:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("select pgretrieve.add_document('docs', 'new', 'Written from SQL.')")
        wait_until(lambda: docs.stats().pending_embeddings == 0)
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 0
    assert stdout == "1 documents encoded.\n"
    assert stderr.splitlines()[-1] == "Stopped."


def test_the_embedded_server_serves_until_it_is_stopped(environment: dict[str, str], tmp_path: Path) -> None:
    with started([*COMMAND, "serve-embedded"], environment) as process:
        assert process.stdout is not None
        dsn = process.stdout.readline().strip()
        assert process.stdout.readline() == f"psql '{dsn}'\n"
        with psycopg.connect(dsn) as connection:
            assert connection.execute("select count(*) from pgretrieve.collections").fetchone() == (0,)
        postmaster = tmp_path / "server" / "postmaster.pid"
        assert postmaster.exists()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert not postmaster.exists()


def test_without_a_dsn_there_is_an_embedded_server(run: Run, tmp_path: Path) -> None:
    done = run("collection", "list", dsn=None)
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == f"Creating an embedded PostgreSQL in {tmp_path / 'server'}"
    assert not (tmp_path / "server" / "postmaster.pid").exists()


def test_the_embedded_server_stops_though_another_user_of_it_was_killed(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    with started([*COMMAND, "serve-embedded"], environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.wait()
    assert (tmp_path / "server" / "postmaster.pid").exists()
    assert run("collection", "list", dsn=None).returncode == 0
    assert not (tmp_path / "server" / "postmaster.pid").exists()
