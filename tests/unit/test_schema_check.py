import re

import pytest

from pgretrieve import SchemaMissing, SchemaOutdated, SchemaTooNew, ServerUnsupported, __version__, schema

FITTING = {
    "server": 160014, "server_text": "16.14", "extension": "0.8.0", "available": "0.8.5", "has_schema": True,
    "revision": schema.SCHEMA_REVISION, "version": __version__,
}  # fmt: skip
NEXT = ".".join([*__version__.split(".")[:2], "999"])


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"server": 180004, "server_text": "18.4"},
        {"extension": "0.10.0"},
        {"extension": "1.0"},
        {"version": NEXT},  # the same tables with newer functions: an older library still works
    ],
)
def test_what_fits_is_accepted(state):
    schema.check(FITTING | state)


@pytest.mark.parametrize(
    ("state", "kind", "parts"),
    [
        ({"server": 150018, "server_text": "15.18"}, ServerUnsupported, ["15.18", "16 or newer", "Upgrade"]),
        ({"extension": "0.7.4"}, ServerUnsupported, ["0.7.4", "0.8.0 or newer", "alter extension vector update"]),
        ({"revision": None, "version": None}, SchemaMissing, ["no pgretrieve schema", "pgretrieve init"]),
        ({"revision": None, "extension": None}, SchemaMissing, ["pgretrieve init"]),
        ({"revision": "0000", "version": "0.0.1"}, SchemaOutdated, ["0.0.1", "0000", "pgretrieve migrate"]),
        ({"version": "0.0.9"}, SchemaOutdated, ["0.0.9", "pgretrieve migrate"]),
        ({"version": None}, SchemaOutdated, ["pgretrieve migrate"]),
        ({"revision": "9999", "version": "9.1.0"}, SchemaTooNew, ["9.1.0", "9999", "pip install 'pgretrieve>=9.1.0'"]),
    ],
)
def test_what_does_not_fit_says_what_to_run(state, kind, parts):
    with pytest.raises(kind) as refused:
        schema.check(FITTING | state)
    assert refused.value.hint
    assert [part for part in parts if part not in str(refused.value)] == []


def test_the_revision_of_the_library_is_the_newest_migration():
    versions = schema._folder("migrations") / "versions"
    revisions = [re.search(r'^revision = "(.+)"', path.read_text(), re.M).group(1) for path in versions.glob("*.py")]
    assert max(revisions) == schema.SCHEMA_REVISION


def test_the_script_is_every_statement_of_an_installation():
    script = schema.script()
    for folder in ("functions", "views", "internal", "collection"):
        for path in schema._files(folder):
            assert path.read_text().strip().rstrip(";") in script
    assert script.index("CREATE EXTENSION IF NOT EXISTS vector") < script.index("create table pgretrieve.collection")
