"""What holds for every command: help, exit status, where output goes, what an error looks like."""

import json

import pytest

import pgretrieve
from tests.cli.conftest import Invoke, Run


@pytest.fixture
def dsn() -> str:
    """No server listens there: usage is checked before anything is connected to."""
    return "postgresql://nobody@127.0.0.1:1/none"


COMMANDS = [
    ["demo"], ["init"], ["migrate"], ["collection", "create"], ["collection", "list"], ["collection", "show"],
    ["collection", "drop"], ["collection", "index"], ["add"], ["delete"], ["search"], ["explain"], ["facets"],
    ["calibrate"], ["models", "list"], ["models", "show"], ["models", "activate"], ["models", "retire"], ["models", "rollback"],
    ["stats"], ["compact"], ["worker"], ["serve-embedded"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(invoke: Invoke, command: list[str]) -> None:
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    assert result.stderr == ""


def test_help_lists_all_commands_in_the_order_of_use(invoke: Invoke) -> None:
    listed = invoke("--help").stdout.partition("Commands:")[2].split()
    names = list(dict.fromkeys(command[0] for command in COMMANDS))
    assert [word for word in listed if word in names and word != "search"][:4] == [
        "demo",
        "init",
        "migrate",
        "collection",
    ]
    assert set(names) <= set(listed)


def test_version(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"pgretrieve {pgretrieve.__version__}\n")


WRONG = {
    "unknown command": ["nope"],
    "no query": ["search", "docs"],
    "unknown mode": ["search", "docs", "x", "--mode", "magic"],
    "k of 0": ["search", "docs", "x", "--k", "0"],
    "filter is not JSON": ["search", "docs", "x", "--filter", '{"a'],
    "filter is no object": ["explain", "docs", "x", "--filter", "[1]"],
    "option without value": ["search", "docs", "x", "--option", "exact"],
    "option is not JSON": ["search", "docs", "x", "--option", "weights={"],
    "no keys": ["facets", "docs"],
    "no values": ["facets", "docs", "team", "--max-values", "0"],
    "relevance above 1": ["search", "docs", "x", "--min-relevance", "2"],
    "a precision above 1": ["search", "docs", "x", "--target-precision", "2"],
    "a recall below 0": ["explain", "docs", "x", "--target-recall", "-1"],
    "unknown cut": ["search", "docs", "x", "--cut", "half"],
    "calibrate: unknown mode": ["calibrate", "docs", "--mode", "magic"],
    "calibrate: unknown family": ["calibrate", "docs", "--family", "cubic"],
    "calibrate: no number": ["calibrate", "docs", "--relevant-hits", "many"],
    "no model": ["models", "show", "docs"],
    "a model of no number": ["models", "activate", "docs", "x"],
    "model 0": ["models", "retire", "docs", "0"],
    "no kind": ["models", "rollback", "docs"],
    "no such file": ["add", "docs", "/nowhere.jsonl"],
    "a folder": ["add", "docs", "/"],
    "unknown storage": ["collection", "create", "docs", "--storage", "gold"],
    "interval of 0": ["worker", "docs", "--interval-s", "0"],
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_2(invoke: Invoke, arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "rror" in result.stderr


def test_an_error_is_1_with_its_hint_on_a_line_of_its_own(run: Run) -> None:
    done = run("collection", "list")
    assert (done.returncode, done.stdout) == (1, "")
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: connection failed")
    assert hint == "hint: Check the DSN, and that the server is running"


def test_verbose_shows_where(run: Run) -> None:
    done = run("-v", "collection", "list")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "DatabaseUnavailable" in done.stderr


def test_the_dsn_can_stand_before_or_after_the_command(run: Run) -> None:
    before = run("--dsn", "postgresql://127.0.0.1:2/x", "stats")
    after = run("stats", "--dsn", "postgresql://127.0.0.1:2/x")
    both = run("--dsn", "postgresql://127.0.0.1:3/x", "stats", "--dsn", "postgresql://127.0.0.1:2/x")
    assert "port 2 failed" in before.stderr
    assert before.stderr == after.stderr == both.stderr


def test_a_dsn_that_cannot_be_read(run: Run) -> None:
    done = run("stats", "--dsn", "nonsense")
    assert done.returncode == 1
    assert "hint: For example postgresql://" in done.stderr


def test_what_would_be_run_needs_no_database(run: Run) -> None:
    done = run("collection", "create", "it's", "--no-encoder", "--dimensions", "3", "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith("select pgretrieve.create_collection('it''s', encoder => NULL, dimensions => 3,")
    assert run("collection", "drop", "docs", "--dry-run").stdout == "select pgretrieve.drop_collection('docs');\n"


def test_the_script_of_the_schema_goes_to_stdout(run: Run) -> None:
    done = run("migrate", "--sql")
    assert (done.returncode, done.stderr) == (0, "")
    assert "CREATE EXTENSION IF NOT EXISTS vector" in done.stdout
    assert "create or replace function pgretrieve.search(" in done.stdout


def test_settings_are_json_or_a_bare_word(invoke: Invoke) -> None:
    created = invoke("collection", "create", "c", "--chunking", "max_tokens=64", "--index-setting", "m=8", "--dry-run")
    assert '"max_tokens": 64' in created.stdout
    assert json.dumps({"m": 8}) in created.stdout
