"""The approximate indexes of a collection, and the order that a large load leaves behind, as flows.

One is over the vectors of chunks, for which ``None`` stands, and one over those of each field that has some.
"""

from __future__ import annotations

import psycopg

from pgretrieve.flow import Flow, Statement, Unwrapped
from pgretrieve.statements import in_schema, vectors_table
from pgretrieve.types import CollectionInfo

INDEX_ATTEMPTS = 5


def settle(target: CollectionInfo) -> Flow[None]:
    """After a large load: few segments, the space of merged ones free again, statistics for the planner."""
    yield Statement("select pgretrieve.compact(%(name)s)", {"name": target.name})
    for table in ("posting", "document", "chunk", *(vectors_table(target, field) for field in _indexed(target))):
        yield Unwrapped(Statement(in_schema(target, f"vacuum (analyze) {{schema}}.{table}")))


def _indexed(target: CollectionInfo) -> tuple[str | None, ...]:
    return (None, *target.vector_fields)


def drop_before_first_load(target: CollectionInfo, field: str | None) -> Flow[None]:
    """An index over nothing is cheap to drop and, built once at the end, several times cheaper than row by row."""
    table = f"{{schema}}.{vectors_table(target, field)}"
    rows = yield Statement(
        in_schema(
            target,
            f"select not exists (select from {table}) "
            "and pg_has_role((select relowner from pg_catalog.pg_class where oid = to_regclass(%(table)s)), 'usage')",
        ),
        {"table": in_schema(target, table)},
    )
    if rows[0][0] and target.index != "none":
        yield Statement(in_schema(target, f"drop index if exists {table}_ann"))


def build(target: CollectionInfo) -> Flow[bool]:
    """Builds the indexes that the collection should have and lacks; writers go on meanwhile. Returns whether it did."""
    built = False
    for field in _indexed(target):
        built = (yield from _build(target, field)) or built
    return built


def _build(target: CollectionInfo, field: str | None) -> Flow[bool]:
    """Builds one of them, if it is missing.

    Leaves it to another session that is building it. Two that begin at the same moment can get in each other's way;
    then one of them begins again.
    """
    table = in_schema(target, f"{{schema}}.{vectors_table(target, field)}")
    named = {"name": target.name, "field": field}
    settings: dict[str, str] = {}
    for attempt in range(1, INDEX_ATTEMPTS + 1):
        rows = yield Statement("select pgretrieve._index_statement(%(name)s, %(field)s)", named)
        statement: str | None = rows[0][0]
        if statement is None:
            return False
        rows = yield Statement(_IS_BEING_BUILT, {"table": table})
        if rows[0][0]:
            return False
        if not settings:
            # a graph that does not fit in it is built several times slower
            rows = yield Statement("select pgretrieve._index_memory(%(name)s, %(field)s)", named)
            settings = {"maintenance_work_mem": f"{rows[0][0]}kB"}
        try:
            yield Statement(f"drop index if exists {table}_ann")
            yield Unwrapped(
                Statement(statement), otherwise=Statement(statement.replace(" concurrently", "", 1)), settings=settings
            )
        # an internal error is how the server reports that two change one row of the catalog at the same moment
        except (
            psycopg.errors.DeadlockDetected, psycopg.errors.DuplicateTable, psycopg.errors.InternalError_,
            psycopg.errors.UniqueViolation,
        ):  # fmt: skip
            if attempt == INDEX_ATTEMPTS:
                raise
        except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory):
            # Parallel workers build in shared memory, of which containers have little; one process uses its own.
            if "max_parallel_maintenance_workers" in settings:
                raise
            settings = {"max_parallel_maintenance_workers": "0"}
        else:
            return True
    return False


_IS_BEING_BUILT = """
select exists (
    select from pg_catalog.pg_locks as l join pg_catalog.pg_stat_progress_create_index as p on p.pid = l.pid
     where l.relation = to_regclass(%(table)s) and l.mode = 'ShareUpdateExclusiveLock' and l.pid <> pg_backend_pid())
"""
