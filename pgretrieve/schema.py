"""The schema: finds sql/ and migrations/, upgrades a database, and checks that library and database fit.

The only module of the package that imports Alembic and SQLAlchemy, and only when a migration runs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import redirect_stdout
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import psycopg

from pgretrieve import errors
from pgretrieve._version import __version__
from pgretrieve.flow import Flow, Statement

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA_REVISION = "0011"
"""The newest revision in migrations/versions; a test keeps it true."""

OLDEST_SERVER = 160000
OLDEST_PGVECTOR = (0, 8, 0)

_HERE = Path(__file__).parent


def _folder(name: str) -> Path:
    """sql/ or migrations/: inside the installed package, or beside it in a checkout."""
    installed = _HERE / f"_{name}"
    return installed if installed.is_dir() else _HERE.parent / name


def _files(folder: str) -> list[Path]:
    return sorted((_folder("sql") / folder).glob("*.sql"))


# Parts that read the posting lists. A collection with fields has them from the templates of these names with field_
# before.
_READ_LISTS = (
    "postings", "held_postings", "term_postings", "matching_postings", "frequent_postings", "synonym_counts"
)  # fmt: skip

# Parts of other templates, and statements that run at other times.
_NOT_FUNCTIONS = (
    "tables", "index", "search_settings", "keyword_hits", "keyword_hits_plain", "keyword_hits_filtered", "fusion",
    "fused", "fusion_legs", "plain_page", "known_legs", "relevance", "words", "synonym_leg", "best_scores", "gap_cut",
    "dense_relevance", "keyword_relevance", "hit_numbers", "query_numbers", "asked_terms",
    "query_languages", *_READ_LISTS,
    *(f"field_{name}" for name in _READ_LISTS),
    "field_table", "field_near", "field_among", "field_walk", "field_passing", "field_score", "field_removal",
    "field_vectors", "field_waiting", "first_chunk",
)  # fmt: skip

# What marks bring in whose values pgretrieve._render makes up.
_CALLED_THROUGH_MARKS = {
    "prepared_in": {"prepared"},
    "analyse_in": {"analyse", "prepared"},
    "query_terms": {"analyse", "query_languages"},
    "chunk_matches": {"analyse_in", "field_vector"},
    "index_chunks": {"terms", "field_terms"},
    "remove_chunks": {"terms", "field_terms"},
    **{name: {f"field_{name}"} for name in _READ_LISTS},
}


def _in_order_of_creation(templates: dict[str, str]) -> list[str]:
    """Names of templates, each after those that it calls or is made of: bodies are bound when they are created."""
    return list(
        TopologicalSorter(
            {
                name: sorted(
                    (
                        {*re.findall(r"@schema@\.(\w+)\(", body), *re.findall(r"@(\w+)@", body)}
                        & templates.keys() - {name}
                    )
                    | _CALLED_THROUGH_MARKS.get(name, set())
                )
                for name, body in templates.items()
            }
        ).static_order()
    )


def _quoted(text: str) -> str:
    """A string constant, dollar quoted so that a person can read the script."""
    return f"$pgretrieve${text}$pgretrieve$"


# Internal functions go before they come anew: their signatures may change with any release. Those of collections that
# call them go along, and come back with the rest. Not those that views stand on: with the views would go what was
# granted on them and what others have built on them. A revision that changes the signature of one says so itself.
_DROP_INTERNAL = """
do $$
declare
    routine text;
begin
    foreach routine in array (
        select coalesce(array_agg(p.oid::regprocedure::text), '{}')
          from pg_catalog.pg_proc as p
         where p.pronamespace = 'pgretrieve'::regnamespace and p.proname like '\\_%'
           and not exists (select from pg_catalog.pg_depend as d
                            where d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
                              and d.classid = 'pg_rewrite'::regclass))
    loop
        execute 'drop function if exists ' || routine || ' cascade';
    end loop;
end;
$$
"""


def _fusion_methods() -> str:
    """The function that names the methods of fusion: the files of sql/fusion/. Each is one expression."""
    names = ", ".join(f"'{path.stem}'" for path in _files("fusion"))
    return f"""
        create or replace function pgretrieve._fusion_methods() returns text[]
            language sql immutable parallel safe
            return array[{names}];
        comment on function pgretrieve._fusion_methods() is 'Names of the methods of fusion.'
        """


def _install_statements() -> Iterator[str]:
    """What puts the functions of this release in place, one statement or file at a time."""
    yield _DROP_INTERNAL
    for folder in ("types", "internal", "functions", "views"):
        for path in _files(folder):
            yield path.read_text()
    yield _fusion_methods()
    yield "delete from pgretrieve.template"
    templates = {path.stem: path.read_text() for path in _files("collection")}
    for order, name in enumerate(_in_order_of_creation(templates)):
        yield (
            "insert into pgretrieve.template (name, body, install_order) values "
            f"('{name}', {_quoted(templates[name])}, {'null' if name in _NOT_FUNCTIONS else order})"
        )
    methods = "\n".join(f"when '{path.stem}' then\n{path.read_text().rstrip()}" for path in _files("fusion"))
    yield f"insert into pgretrieve.template (name, body) values ('fusion_methods', {_quoted(methods)})"
    yield "delete from pgretrieve.installation"
    yield f"insert into pgretrieve.installation (version) values ('{__version__}')"
    yield "select pgretrieve._install_collection(c) from pgretrieve.collection as c"


# Two programs that start together both migrate; the second waits for the first and finds nothing to do.
_ONE_THREAD_AT_A_TIME = Lock()  # alembic.context is one for all threads
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('pgretrieve migration', 0))"

# Reading a table makes a session notice what others committed while it waited. Its cache still says that there is no
# schema, and CREATE SCHEMA IF NOT EXISTS believes the cache.
_LOOK_AGAIN = "select from pg_catalog.pg_namespace limit 0"

_PIN_SEARCH_PATH = """
do $$
begin
    perform set_config('search_path', 'pg_catalog, ' || quote_ident(n.nspname) || ', pg_temp', true)
       from pg_catalog.pg_extension as e join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
      where e.extname = 'vector';
end;
$$
"""

_DROP_FUNCTIONS = """
do $$
declare
    routine text;
begin
    foreach routine in array (
        select coalesce(array_agg(c.oid::regclass::text), '{}')
          from pg_catalog.pg_class as c where c.relnamespace = 'pgretrieve'::regnamespace and c.relkind = 'v')
    loop
        execute 'drop view ' || routine;
    end loop;
    -- All names first: a cascade takes others along, of which only a number would be left.
    foreach routine in array (
        select coalesce(array_agg(p.oid::regprocedure::text), '{}')
          from pg_catalog.pg_proc as p where p.pronamespace = 'pgretrieve'::regnamespace)
    loop
        execute 'drop function if exists ' || routine || ' cascade';
    end loop;
end;
$$
"""


def run_sql(sql: str) -> None:
    """Runs SQL text within the current migration as it stands, or prints it where a script is asked for."""
    from alembic import context

    migration = context.get_context()
    if migration.as_sql:
        migration.impl.static_output(sql.strip().rstrip(";") + ";\n")
    else:
        connection = migration.connection
        assert connection is not None  # noqa: S101  online, so there is one
        connection.exec_driver_sql(sql, execution_options={"no_parameters": True})


def run_migrations(context: Any) -> None:
    """What migrations/env.py does: revisions and functions in one transaction."""
    attributes = context.config.attributes
    downgrading = attributes["downgrading"]
    context.configure(
        connection=attributes.get("connection"),
        dialect_name="postgresql",
        as_sql=context.is_offline_mode(),
        version_table_schema="pgretrieve",
        output_buffer=attributes.get("script"),
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not context.is_offline_mode():
            run_sql(_ONE_AT_A_TIME)
            run_sql(_LOOK_AGAIN)
        if not downgrading:
            run_sql("create schema if not exists pgretrieve")
        run_sql(_PIN_SEARCH_PATH)
        if downgrading:
            run_sql(_DROP_FUNCTIONS)
        context.run_migrations()
        if not downgrading:
            for statement in _install_statements():
                run_sql(statement)
        elif attributes["target"] == "base":
            run_sql("drop schema pgretrieve cascade")


def _config(**attributes: Any) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


def _migrate(connection: psycopg.Connection[Any], target: str, *, downgrading: bool) -> None:
    import sqlalchemy
    from alembic import command

    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=sqlalchemy.pool.StaticPool
    )
    with _ONE_THREAD_AT_A_TIME, errors.translating():
        try:
            with engine.connect() as bound:
                config = _config(connection=bound, downgrading=downgrading, target=target)
                step: Callable[..., None] = command.downgrade if downgrading else command.upgrade
                step(config, target)
                bound.commit()
        except sqlalchemy.exc.DBAPIError as error:
            # the driver's error says more, and is what our translation knows
            raise (error.orig or error) from None


def upgrade(connection: psycopg.Connection[Any]) -> None:
    """Creates or upgrades the schema, and puts the functions of this release in place.

    Args:
        connection: a connection of its own, not within a transaction; it stays open.

    Raises:
        ServerUnsupported: PostgreSQL below 16, or pgvector missing or below 0.8.
        SchemaTooNew: the database was upgraded by a newer release.
        PermissionDenied: the role may not create schemas or the extension.
    """
    connection.autocommit = False
    with errors.translating():
        connection.execute(_ONE_AT_A_TIME)
    state = _read_state(connection)
    _require_server(state)
    if state["extension"] is None:
        if state["available"] is None:
            raise errors.ServerUnsupported(
                "the extension pgvector is not installed on this server",
                "Install the package of pgvector on the server, or use a service that has it",
            )
        with errors.translating():
            connection.execute("create extension if not exists vector")
        state = _read_state(connection)
    _require_pgvector(state)
    if _is_newer(state):
        raise _too_new(state)
    connection.commit()
    _migrate(connection, "head", downgrading=False)


def downgrade(connection: psycopg.Connection[Any], revision: str) -> None:
    """Takes the schema back to a revision; 'base' removes it with all collections.

    The functions are removed too: those of the older release come back when it runs its own ``migrate``.
    """
    connection.autocommit = False
    if _read_state(connection)["revision"] is None:
        raise errors.SchemaMissing("there is no pgretrieve schema to take back", "Check the DSN")
    connection.commit()
    _migrate(connection, revision, downgrading=True)


def script() -> str:
    """The SQL that ``upgrade`` would run on an empty database, for a person to read and run."""
    from alembic import command

    buffer = io.StringIO()
    buffer.write(f"-- pgretrieve {__version__}\nCREATE EXTENSION IF NOT EXISTS vector;\n\n")
    config = _config(script=buffer, downgrading=False, target="head")
    with _ONE_THREAD_AT_A_TIME, redirect_stdout(io.StringIO()):
        command.upgrade(config, "head", sql=True)
    return buffer.getvalue()


_STATE = """
select current_setting('server_version_num')::int,
       current_setting('server_version'),
       (select extversion from pg_catalog.pg_extension where extname = 'vector'),
       (select default_version from pg_catalog.pg_available_extensions where name = 'vector'),
       to_regclass('pgretrieve.alembic_version') is not null
"""
_STATE_KEYS = ("server", "server_text", "extension", "available", "has_schema")
_INSTALLED = """
select (select version_num from pgretrieve.alembic_version), (select version from pgretrieve.installation)
"""

State = dict[str, Any]


def state_flow() -> Flow[State]:
    """Versions of server, extension, schema and functions, as the database tells them."""
    rows = yield Statement(_STATE)
    state: State = dict(zip(_STATE_KEYS, rows[0], strict=True)) | {"revision": None, "version": None}
    if state["has_schema"]:
        rows = yield Statement(_INSTALLED)
        state["revision"], state["version"] = rows[0]
    return state


def _read_state(connection: psycopg.Connection[Any]) -> State:
    flow: Generator[Any, Any, State] = state_flow()
    answer = None
    with errors.translating():
        while True:
            try:
                statement = flow.send(answer)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            answer = connection.execute(statement.sql, statement.params).fetchall()


def check(state: State) -> None:
    """Raises unless library and database fit; the error says what to run."""
    _require_server(state)
    if state["extension"] is not None:
        _require_pgvector(state)
    if state["revision"] is None:
        raise errors.SchemaMissing("the database has no pgretrieve schema", "Run: pgretrieve init")
    if state["revision"] > SCHEMA_REVISION:
        raise _too_new(state)
    if state["revision"] < SCHEMA_REVISION or _numbers(state["version"]) < _numbers(__version__):
        raise errors.SchemaOutdated(
            f"the database has pgretrieve {state['version']} (schema {state['revision']}), "
            f"this library is {__version__} (schema {SCHEMA_REVISION})",
            "Run: pgretrieve migrate",
        )


def _is_newer(state: State) -> bool:
    """Whether a newer release than this library has upgraded the database."""
    return state["revision"] is not None and (
        state["revision"] > SCHEMA_REVISION or _numbers(state["version"]) > _numbers(__version__)
    )


def _too_new(state: State) -> errors.SchemaTooNew:
    return errors.SchemaTooNew(
        f"the database has pgretrieve {state['version']} (schema {state['revision']}), "
        f"this library is {__version__} (schema {SCHEMA_REVISION})",
        f"Run: pip install 'pgretrieve>={state['version']}'",
    )


def _require_server(state: State) -> None:
    if state["server"] < OLDEST_SERVER:
        raise errors.ServerUnsupported(
            f"the server is PostgreSQL {state['server_text']}, pgretrieve needs 16 or newer", "Upgrade the server"
        )


def _require_pgvector(state: State) -> None:
    if _numbers(state["extension"]) < OLDEST_PGVECTOR:
        needed = ".".join(map(str, OLDEST_PGVECTOR))
        raise errors.ServerUnsupported(
            f"the extension pgvector is {state['extension']}, pgretrieve needs {needed} or newer",
            "Install a newer pgvector on the server, then run in this database: alter extension vector update",
        )


def _numbers(version: str | None) -> tuple[int, ...]:
    """'0.8.5' as (0, 8, 5); whatever follows the numbers does not count."""
    parts = (version or "0").split(".")
    return tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in parts[:3])
