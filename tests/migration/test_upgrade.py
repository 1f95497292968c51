"""Upgrades and downgrades: whole or not at all, and again without harm."""

import hashlib
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory

import pgretrieve
from pgretrieve import schema
from tests.migration import dumps
from tests.servers import Server

DOCUMENTS = [
    {"id": "vpn", "title": "VPN", "text": "Rotate the certificates.", "metadata": {"team": "infra"}},
    {"id": "tea", "text": "Water, leaves, four minutes.", "metadata": {"team": "web"}},
]


def fill(dsn: str) -> None:
    with pgretrieve.connect(dsn) as db:
        docs = db.create_collection("it's full", encoder=None, dimensions=3)
        docs.add(DOCUMENTS, embeddings=[[1, 2, 3], [3, 2, 1]])


def hits(dsn: str) -> list[Any]:
    with pgretrieve.connect(dsn) as db:
        docs = db.collection("it's full")
        return [
            docs.search("certificates", embedding=[1, 2, 3]),
            docs.search("certificates water", embedding=[1, 2, 3], filter={"team": "web"}),
        ]


def test_upgrade_of_what_is_up_to_date_changes_nothing(server: Server, dsn: str) -> None:
    fill(dsn)
    before, found = dumps.schema(server, dsn), hits(dsn)
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == before
    assert hits(dsn) == found


def test_upgrade_keeps_what_others_have_built_on_views_and_may_read(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        views = [
            name for (name,) in connection.execute("select viewname from pg_views where schemaname = 'pgretrieve'")
        ]
        for name in views:
            connection.execute(f"grant select on pgretrieve.{name} to public")
            connection.execute(f"create view of_{name} as select * from pgretrieve.{name}")
    pgretrieve.migrate(dsn)
    with psycopg.connect(dsn) as connection:
        assert {"models", "collection_stats"} <= set(views)
        for name in views:
            connection.execute(f"select from of_{name}")
            granted = "select has_table_privilege('pg_monitor', %s, 'select')"
            assert connection.execute(granted, [f"pgretrieve.{name}"]).fetchone() == (True,), name


def test_upgrade_puts_back_functions_that_were_changed_or_lost(server: Server, dsn: str) -> None:
    fill(dsn)
    before, found = dumps.schema(server, dsn), hits(dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop view pgretrieve.collection_stats")
        connection.execute("create or replace function pgretrieve.version() returns text language sql as 'select null'")
        connection.execute("drop function pgretrieve_1.search")
        connection.execute("delete from pgretrieve.template")
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == before
    assert hits(dsn) == found


def test_downgrade_to_base_leaves_nothing_and_upgrade_begins_anew(server: Server, dsn: str, empty_dsn: str) -> None:
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute("create extension vector")
    fresh = dumps.schema(server, dsn)
    fill(dsn)
    with psycopg.connect(dsn) as connection:
        schema.downgrade(connection, "base")
    assert dumps.schema(server, dsn) == dumps.schema(server, empty_dsn)
    with pytest.raises(pgretrieve.SchemaMissing):
        pgretrieve.connect(dsn)
    pgretrieve.migrate(dsn)
    assert dumps.schema(server, dsn) == fresh


def test_downgrade_of_nothing_says_so(empty_dsn: str) -> None:
    with psycopg.connect(empty_dsn) as connection, pytest.raises(pgretrieve.SchemaMissing):
        schema.downgrade(connection, "base")


@pytest.mark.parametrize("empty", [True, False], ids=["of an empty database", "of a full one"])
def test_upgrade_that_fails_leaves_all_as_it_was(
    server: Server, dsn: str, empty_dsn: str, monkeypatch: pytest.MonkeyPatch, empty: bool
) -> None:
    target = empty_dsn if empty else dsn
    with psycopg.connect(empty_dsn, autocommit=True) as connection:
        connection.execute("create extension vector")  # its own transaction, as an administrator would
    before = dumps.schema(server, target)
    whole = schema._install_statements

    def failing() -> Iterator[str]:
        yield from whole()
        yield "select 1 / 0"

    monkeypatch.setattr(schema, "_install_statements", failing)
    with pytest.raises(psycopg.errors.DivisionByZero):
        pgretrieve.migrate(target)
    assert dumps.schema(server, target) == before
    monkeypatch.undo()
    pgretrieve.migrate(target)
    assert dumps.schema(server, target) == dumps.schema(server, dsn)


def test_script_gives_what_an_upgrade_gives(server: Server, dsn: str, empty_dsn: str) -> None:
    dumps.run_script(server, empty_dsn, schema.script())
    assert dumps.schema(server, empty_dsn) == dumps.schema(server, dsn)
    fill(empty_dsn)
    fill(dsn)
    assert hits(empty_dsn) == hits(dsn)
    assert dumps.schema(server, empty_dsn) == dumps.schema(server, dsn)


def test_a_database_of_an_older_release_becomes_what_a_new_one_is(server: Server, dsn: str, empty_dsn: str) -> None:
    """Its own functions are still there when the revisions run. The dump: `fill` at revision 0004, PostgreSQL 16."""
    old = Path(__file__).with_name("revision_0004.sql.xz")
    dumps.run_script(server, empty_dsn, lzma.decompress(old.read_bytes()).decode())
    pgretrieve.migrate(empty_dsn)
    fill(dsn)
    assert hits(empty_dsn) == hits(dsn)
    with pgretrieve.connect(empty_dsn) as db:
        db.collection("it's full").add(DOCUMENTS[:1], embeddings=[[1, 2, 4]])
    assert dumps.routines(empty_dsn) == dumps.routines(dsn)


@pytest.mark.parametrize("form", ["plain", "custom"])
def test_dump_restored_elsewhere_searches_writes_and_upgrades_as_before(
    server: Server, dsn: str, empty_dsn: str, form: str, tmp_path: Any
) -> None:
    fill(dsn)
    file = str(tmp_path / "dump")
    dumps.dump(server, dsn, f"--format={form}", f"--file={file}")
    if form == "plain":
        dumps.run_script(server, empty_dsn, (tmp_path / "dump").read_text())
    else:
        dumps.restore(server, empty_dsn, file)
    assert dumps.schema(server, empty_dsn) == dumps.schema(server, dsn)
    assert hits(empty_dsn) == hits(dsn)
    for where in (dsn, empty_dsn):
        with pgretrieve.connect(where) as db:
            docs = db.collection("it's full")
            docs.add([{"id": "new", "text": "New certificates."}], embeddings=[[1, 2, 2]])
            docs.delete(["vpn"])
            docs.compact()
            db.create_collection("another", encoder=None, dimensions=3)
    assert hits(empty_dsn) == hits(dsn)
    pgretrieve.migrate(empty_dsn)
    assert dumps.schema(server, empty_dsn) == dumps.schema(server, dsn)


def test_role_without_superpowers_can_install_and_use_it(server: Server, empty_dsn: str) -> None:
    """As on a managed service, where an administrator has put the extension in place."""
    with psycopg.connect(empty_dsn, autocommit=True) as admin:
        role = f"app_{admin.info.dbname}"
        admin.execute(f"create extension vector; create role {role} login; grant create on database "
                      f"{admin.info.dbname} to {role}")  # fmt: skip
        dsn = psycopg.conninfo.make_conninfo(empty_dsn, user=role)
        try:
            pgretrieve.migrate(dsn)
            fill(dsn)
            assert [hit.document_id for hit in hits(dsn)[0]] == ["vpn", "tea"]
        finally:
            admin.execute(f"drop owned by {role}; drop role {role}")


def test_role_that_may_not_create_is_told_so(empty_dsn: str) -> None:
    with psycopg.connect(empty_dsn, autocommit=True) as admin:
        role = f"guest_{admin.info.dbname}"
        admin.execute(f"create extension vector; create role {role} login")
        try:
            with pytest.raises(pgretrieve.PermissionDenied, match="permission denied"):
                pgretrieve.migrate(psycopg.conninfo.make_conninfo(empty_dsn, user=role))
        finally:
            admin.execute(f"drop role {role}")


def test_revision_that_the_library_names_is_the_only_head() -> None:
    directory = ScriptDirectory.from_config(schema._config())
    assert directory.get_heads() == [schema.SCHEMA_REVISION]


def test_revisions_are_numbered_in_order() -> None:
    """Versions are compared as text: 0002 comes after 0001, and 9 would come after 10."""
    directory = ScriptDirectory.from_config(schema._config())
    numbers = [revision.revision for revision in directory.walk_revisions()][::-1]
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]


def test_released_revisions_are_as_they_were_released() -> None:
    folder = schema._folder("migrations")
    frozen = dict(line.split("  ")[::-1] for line in (folder / "frozen.txt").read_text().splitlines())
    now = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "versions").glob("*.py"))
    }
    assert now == frozen, (
        "a revision differs from frozen.txt; write another one. Only for one that no release has: "
        "(cd migrations/versions && sha256sum *.py > ../frozen.txt)"
    )
