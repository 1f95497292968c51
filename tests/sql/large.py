"""A small collection that is searched as if it were a large one."""

from typing import Any

import psycopg

from tests.sql.histories import Replica, one, rows

# Of each template what makes a collection large, and what stands there in tests.
LOWERED = {
    "bm25_best": {"greatest(20000, 3000 * count(*))": "0"},
    "bm25_top": {"to_sum bigint default 4000": "to_sum bigint default 20", "default null\n)": "default 1e9\n)"},
    "index_bitmaps": {"min_df integer default 4000": "min_df integer default 1"},
}  # fmt: skip


def search_as_large(replica: Replica) -> None:
    """From now on terms get bitmaps, and searches go by bm25_top whatever that costs."""
    for template, changes in LOWERED.items():
        rendered = "select pgretrieve._render(%s, c) from pgretrieve.collection as c where c.name = %s"
        body = one(replica.sql, rendered, template, replica.name)
        for old, new in changes.items():
            assert old in body
            body = body.replace(old, new)
        # with the path that a migration puts functions in place under
        with replica.sql.transaction():
            replica.sql.execute("set local search_path = pg_catalog, public, pg_temp")
            replica.sql.execute(body)


def scored_in_full(sql: psycopg.Connection[Any], schema: str, query: str, k: int) -> list[tuple[Any, ...]]:
    """(chunk_id, score) of the best living chunks by scoring all, best first."""
    return rows(
        sql,
        f"select b.chunk_id, b.score from {schema}.bm25(row(%s, null, null, null)) as b"
        f"  join {schema}.chunk as c on c.id = b.chunk_id order by b.score desc, b.chunk_id limit %s",
        query, k,
    )  # fmt: skip
