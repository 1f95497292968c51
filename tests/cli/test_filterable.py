"""filterable on the command line."""

import json

import pgretrieve
from tests.cli.conftest import Invoke


def test_filterable_keys_are_shown_and_changed(invoke: Invoke, own: pgretrieve.Collection) -> None:
    assert "There are no filterable keys" in invoke("filterable", "own").stderr
    shown = invoke("filterable", "own", "--add", "year=number", "--add", "a=b=text")
    assert [line.split() for line in shown.stdout.splitlines()] == [
        ["key", "type"],
        ["a=b", "text"],
        ["year", "number"],
    ]
    planned = invoke("filterable", "own", "--remove", "a=b", "--dry-run")
    assert planned.stdout == "select pgretrieve.set_filterable('own', '{\"year\": \"number\"}'::jsonb);\n"
    left = invoke("filterable", "own", "--remove", "a=b", "--json")
    assert json.loads(left.stdout) == own.filterable() == {"year": "number"}


def test_what_cannot_be_filterable_is_refused(invoke: Invoke, own: pgretrieve.Collection) -> None:
    refused = invoke("filterable", "own", "--add", "year")
    assert refused.exit_code == 2
    assert "is not KEY=TYPE" in refused.stderr
    assert isinstance(invoke("filterable", "own", "--add", "year=date").exception, pgretrieve.InvalidInput)
    assert isinstance(invoke("filterable", "nobody").exception, pgretrieve.CollectionNotFound)
    assert own.filterable() == {}
