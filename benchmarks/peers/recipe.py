"""The recipe of many tutorials, by hand: HNSW, a stored tsvector with GIN, ts_rank_cd, and RRF in one statement.

The statement is that of pgvector-python's example of hybrid search, with a stored tsvector and a deeper pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from pgvector.psycopg import register_vector
from psycopg import sql

from benchmarks.peers.base import DEPTH, EF_CONSTRUCTION, RRF_K, M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.base import Filter, Passage, Place, Vector

_TABLE = """
create table {table} (
    id text primary key, content text not null, part text, embedding vector({dimensions}),
    terms tsvector generated always as (to_tsvector({language}, content)) stored)"""

_INDEXES = """
create index on {table} using hnsw (embedding vector_cosine_ops) with (m = {m}, ef_construction = {ef_construction});
create index on {table} using gin (terms);
create index on {table} (part)"""

_HYBRID = """
with semantic as (
    select id, rank() over (order by embedding <=> %(embedding)s) as rank
      from {table} {where}
     order by embedding <=> %(embedding)s
     limit %(depth)s
),
keyword as (
    select id, rank() over (order by ts_rank_cd(terms, query) desc) as rank
      from {table}, {parse}({language}, %(query)s) as query
     where terms @@ query {also}
     order by ts_rank_cd(terms, query) desc
     limit %(depth)s
),
best as (
    select coalesce(semantic.id, keyword.id) as id,
           coalesce(1.0 / (%(rrf_k)s + semantic.rank), 0.0) + coalesce(1.0 / (%(rrf_k)s + keyword.rank), 0.0) as score
      from semantic full outer join keyword on semantic.id = keyword.id
     order by score desc
     limit %(k)s
)
select id, content from best join {table} using (id) order by score desc"""

_DENSE = "select id, content from {table} {where} order by embedding <=> %(embedding)s limit %(k)s"


class Recipe:
    """One table, one statement, every word of the query required: what `websearch_to_tsquery` makes of it."""

    packages: ClassVar[Sequence[str]] = ("psycopg", "pgvector")
    hybrid: ClassVar[bool] = True
    setup: ClassVar[str] = "one table, HNSW, stored tsvector with GIN, `websearch_to_tsquery`, `ts_rank_cd`, RRF in SQL"

    def __init__(self, place: Place) -> None:
        self._place = place
        self._connection = psycopg.connect(place.dsn, autocommit=True)
        register_vector(self._connection)
        self._connection.execute(self._sql(_TABLE))

    def _sql(self, statement: str, where: Filter | None = None) -> sql.Composed:
        return sql.SQL(statement).format(
            table=sql.Identifier(self._place.name),
            language=sql.Literal(self._place.language),
            parse=sql.SQL("websearch_to_tsquery"),
            dimensions=sql.Literal(self._place.dimensions),
            m=sql.Literal(M),
            ef_construction=sql.Literal(EF_CONSTRUCTION),
            where=sql.SQL("where part = %(part)s" if where else ""),
            also=sql.SQL("and part = %(part)s" if where else ""),
        )

    def add(self, passages: Sequence[Passage], vectors: Vector) -> None:
        copied = self._sql("copy {table} (id, content, part, embedding) from stdin with (format binary)")
        with self._connection.cursor() as cursor, cursor.copy(copied) as copy:
            copy.set_types(["text", "text", "text", "vector"])
            for passage, vector in zip(passages, vectors, strict=True):
                copy.write_row((passage.id, passage.text, passage.metadata.get("part"), vector))
        for statement in _INDEXES.split(";"):
            self._connection.execute(self._sql(statement))
        self._place.analyze(self._place.name)

    def tune(self, ef_search: int) -> None:
        self._connection.execute("select set_config('hnsw.ef_search', %s, false)", [str(ef_search)])

    def search(self, query: str, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        values = {"query": query, "embedding": vector, "k": k, "depth": max(k, DEPTH), "rrf_k": RRF_K}
        return self._ids(_HYBRID, values, filter)

    def dense(self, vector: Vector, k: int, filter: Filter | None = None) -> list[str]:
        return self._ids(_DENSE, {"embedding": vector, "k": k}, filter)

    def _ids(self, statement: str, values: dict[str, Any], where: Filter | None) -> list[str]:
        rows = self._connection.execute(self._sql(statement, where), {**values, **(where or {})})
        return [row[0] for row in rows]

    def close(self) -> None:
        self._connection.close()
        self._place.drop_tables(self._place.name)
