"""docs/reference.md documents everything public, and nothing else."""

import dataclasses
import inspect
import re
from collections.abc import Iterator

import psycopg
import pytest
import typer

import pgretrieve
from pgretrieve import errors
from tests.docs.markdown import ROOT, section

PAGE = ROOT / "docs" / "reference.md"
TEXT = PAGE.read_text()


def headings(pattern: str) -> set[str]:
    return set(re.findall(rf"^#### `({pattern})`$", TEXT, re.MULTILINE))


def test_sql_functions_are_documented(sql: psycopg.Connection) -> None:
    rows = sql.execute(
        r"select proname, proargnames, pronargs from pg_proc "
        r"where pronamespace = 'pgretrieve'::regnamespace and proname not like '\_%'"
    ).fetchall()
    for name, arguments, count in rows:
        body = section(PAGE, f"pgretrieve.{name}")
        assert body is not None, name
        for argument in (arguments or [])[:count]:
            assert re.search(rf"\b{argument}\b", body), f"{name}: {argument}"
    views = sql.execute("select viewname from pg_views where schemaname = 'pgretrieve'").fetchall()
    assert headings(r"pgretrieve\.\w+") == {f"pgretrieve.{row[0]}" for row in [*rows, *views]}


def test_columns_of_views_and_hits_are_documented(sql: psycopg.Connection) -> None:
    for view in ("collections", "collection_stats", "query_sets", "judgements", "runs"):
        columns = [c.name for c in sql.execute(f"select * from pgretrieve.{view}").description]
        body = section(PAGE, f"pgretrieve.{view}")
        assert [c for c in columns if f"`{c}`" not in body] == []
    columns = [c.name for c in sql.execute("select (null::pgretrieve.hit).*").description]
    body = TEXT.partition("### Columns")[2].partition("### Options")[0]
    assert [c for c in columns if f"`{c}`" not in body] == []


def test_options_of_a_search_are_documented(sql: psycopg.Connection) -> None:
    (known,) = sql.execute("select pgretrieve._search_options('{}', 10)").fetchone()
    body = TEXT.partition("### Options")[2].partition("### Filters")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)) == set(known)


def test_filter_operators_are_documented() -> None:
    source = "".join((ROOT / "sql" / "internal" / f"_filter_{n}.sql").read_text() for n in ("comparison", "predicate"))
    known = set(re.findall(r"'(\$\w+)'", source))
    body = TEXT.partition("### Filters")[2].partition("### Scores")[0]
    assert known
    assert known <= set(re.findall(r"\$\w+", body))


def test_error_codes_are_documented() -> None:
    raised = {
        code for path in (ROOT / "sql").rglob("*.sql") for code in re.findall(r"errcode = '(RT\d+)'", path.read_text())
    }
    rows = dict(re.findall(r"^\| `(RT\d+)` \|.*\| `(\w+)` \|$", TEXT, re.MULTILINE))
    assert set(rows) == raised
    assert {code: errors._ByState.exact[code].__name__ for code in rows} == rows


@pytest.mark.parametrize("name", [n for n in pgretrieve.__all__ if n != "__version__"])
def test_python_names_are_documented(name: str) -> None:
    thing = getattr(pgretrieve, name)
    if isinstance(thing, type) and issubclass(thing, BaseException):
        row = re.search(rf"^\| `{name}` \| (.*?) \|", TEXT, re.MULTILINE)
        if name == "PgretrieveError":
            assert "`PgretrieveError`" in TEXT
            return
        assert row
        parents = {base.__name__ for base in thing.__bases__}
        stated = set(re.findall(r"`(\w+)`", row[1]))
        assert stated == parents - {"PgretrieveError"} or stated == parents & {
            "ValueError",
            "LookupError",
            "ImportError",
        }
    elif dataclasses.is_dataclass(thing) or name in ("Result", "Page"):
        assert re.search(rf"^\| `{name}` \|", TEXT, re.MULTILINE)
    else:
        assert section(PAGE, name) is not None


def methods() -> Iterator[tuple[str, object]]:
    for owner in (pgretrieve.Client, pgretrieve.Collection):
        for name, value in inspect.getmembers(owner, inspect.isfunction):
            if not name.startswith("_"):
                yield f"{owner.__name__}.{name}", value


@pytest.mark.parametrize(("name", "function"), list(methods()))
def test_methods_and_their_arguments_are_documented(name: str, function: object) -> None:
    body = section(PAGE, name)
    assert body is not None
    short = name.rpartition(".")[2]
    stated = re.search(rf"`{short}\((.*?)\)(?: -> [^`]+)?`", body, re.DOTALL)
    assert stated, "give the signature in the section's text"
    parameters = list(inspect.signature(function).parameters.values())[1:]
    given = [part.strip() for part in re.split(r",(?![^\[]*\]|[^(]*\))", " ".join(stated[1].split())) if part.strip()]
    expected = []
    for parameter in parameters:
        if parameter.kind == parameter.KEYWORD_ONLY and "*" not in expected:
            expected.append("*")
        expected.append(parameter.name)
    assert [part.partition("=")[0] for part in given] == expected
    defaults = {part.partition("=")[0]: part.partition("=")[2] for part in given if "=" in part}
    for parameter in parameters:
        if callable(parameter.default) and parameter.default is not parameter.empty:
            assert defaults[parameter.name] == "..."
        elif parameter.default is not parameter.empty:
            assert defaults[parameter.name].replace('"', "'") == repr(parameter.default)


def commands() -> Iterator[tuple[str, object]]:
    """Every command with its parameters, from the program itself."""
    from pgretrieve.cli.app import app

    def walk(command: object, path: str) -> Iterator[tuple[str, object]]:
        if subcommands := getattr(command, "commands", None):
            for name, subcommand in subcommands.items():
                yield from walk(subcommand, f"{path} {name}")
        else:
            yield path, command

    yield from walk(typer.main.get_command(app), "pgretrieve")


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_commands_and_their_options_are_documented(name: str, command: object) -> None:
    body = section(PAGE, name)
    assert body is not None
    for parameter in command.params:
        if parameter.param_type_name == "option":
            for option in parameter.opts:
                if option not in ("--help", "-h", "--dsn"):
                    assert re.search(rf"`{option}\b", body), option


def test_no_command_is_documented_that_is_not_there() -> None:
    assert headings(r"pgretrieve [a-z\- ]+") == {name for name, _ in commands()}


def test_environment_variables_are_documented() -> None:
    known = {
        name
        for path in (ROOT / "pgretrieve").rglob("*.py")
        for name in re.findall(r"\"(PGRETRIEVE_\w+)\"", path.read_text())
    }
    body = TEXT.partition("## Environment")[2]
    assert known == set(re.findall(r"^\| `(\w+)` \|", TEXT[-len(body) :], re.MULTILINE))
