"""The vector index of a collection: dropped where that is cheap, built once at the end of a load. As flows."""

from __future__ import annotations

import psycopg

from pgretrieve.flow import Flow, Statement, Unwrapped
from pgretrieve.statements import in_schema
from pgretrieve.types import CollectionInfo

MOST_ATTEMPTS = 5

_IS_BEING_BUILT = """
select exists (
    select from pg_catalog.pg_locks as l join pg_catalog.pg_stat_progress_create_index as p on p.pid = l.pid
     where l.relation = to_regclass(%(table)s) and l.mode = 'ShareUpdateExclusiveLock' and l.pid <> pg_backend_pid())
"""


def drop_before_first_load(target: CollectionInfo) -> Flow[None]:
    """An index over nothing is cheap to drop and, built once at the end, several times cheaper than row by row."""
    rows = yield Statement(in_schema(target, "select not exists (select from {schema}.embedding)"))
    if rows[0][0] and target.index != "none":
        yield Statement(in_schema(target, "drop index if exists {schema}.embedding_ann"))


def build(target: CollectionInfo) -> Flow[bool]:
    """Builds the index that the collection should have and lacks; writers go on meanwhile. Returns whether it did.

    Leaves it to another session that is building it. Two that begin together can get in each other's way; then
    one of them begins again.
    """
    for attempt in range(1, MOST_ATTEMPTS + 1):
        rows = yield Statement("select pgretrieve._index_statement(%(name)s)", {"name": target.name})
        statement: str | None = rows[0][0]
        if statement is None:
            return False
        rows = yield Statement(_IS_BEING_BUILT, {"table": in_schema(target, "{schema}.embedding")})
        if rows[0][0]:
            return False
        try:
            yield Statement(in_schema(target, "drop index if exists {schema}.embedding_ann"))
            yield Unwrapped(Statement(statement), otherwise=Statement(statement.replace(" concurrently", "", 1)))
        except (psycopg.errors.DeadlockDetected, psycopg.errors.DuplicateTable, psycopg.errors.UniqueViolation):
            if attempt == MOST_ATTEMPTS:
                raise
        else:
            return True
    return False
