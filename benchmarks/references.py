"""What keyword search is compared with: Postgres' own full-text ranking, and two BM25 engines inside this process.

All of them see the same terms, those that `to_tsvector` makes of a text, so analysers play no part in a difference.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from benchmarks.corpora import Corpus

K1, B = 1.2, 0.75


class FullText:
    """Postgres as it comes: a stored tsvector, a GIN index, `ts_rank_cd`. The usual way, and not BM25."""

    ANY_TERM = "GIN + ts_rank_cd, any term"
    EVERY_TERM = "GIN + ts_rank_cd, every term"
    _RANKED = """
        select best.id, best.score, p.body
          from (select p.id, ts_rank_cd(p.terms, {query}) as score
                  from pgretrieve_bench.passage as p
                 where p.terms @@ {query}
                 order by score desc, p.id limit %(k)s) as best
          join pgretrieve_bench.passage as p on p.id = best.id
         order by best.score desc, best.id"""
    _TERMS = """(
        select string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', {operator})::tsquery
          from unnest(to_tsvector(%(language)s::regconfig, %(query)s)))"""

    def __init__(self, connection: psycopg.Connection[Any], language: str, *, every_term: bool = False) -> None:
        """Search the table of `fill_full_text`: documents with any of the terms, or only those with `every_term`."""
        self.name = self.EVERY_TERM if every_term else self.ANY_TERM
        self._connection = connection
        self._language = language
        terms = sql.SQL(self._TERMS).format(operator=sql.Literal(" & " if every_term else " | "))
        self._statement = sql.SQL(self._RANKED).format(query=terms).as_string(connection)

    def search(self, query: str, k: int) -> list[int]:
        """Positions in the corpus of the best `k` documents, best first."""
        values = {"language": self._language, "query": query, "k": k}
        return [row[0] for row in self._connection.execute(self._statement, values, prepare=True)]


def fill_full_text(connection: psycopg.Connection[Any], corpus: Corpus) -> None:
    """Make the table that `FullText` searches."""
    connection.execute(
        """
        drop schema if exists pgretrieve_bench cascade;
        create schema pgretrieve_bench;
        create table pgretrieve_bench.passage (id integer primary key, body text not null, terms tsvector)"""
    )
    with connection.cursor() as cursor, cursor.copy("copy pgretrieve_bench.passage (id, body) from stdin") as copy:
        for position, document in enumerate(corpus.documents):
            copy.write_row((position, document.content))
    update = "update pgretrieve_bench.passage set terms = to_tsvector(%s::regconfig, body)"
    connection.execute(update, [corpus.language])
    connection.execute("create index on pgretrieve_bench.passage using gin (terms)")
    connection.execute("vacuum full analyze pgretrieve_bench.passage")  # as if it had been filled in one go


def drop_full_text(connection: psycopg.Connection[Any]) -> None:
    """Remove what `fill_full_text` made."""
    connection.execute("drop schema if exists pgretrieve_bench cascade")


def lexemes(connection: psycopg.Connection[Any], language: str, texts: Sequence[str]) -> list[list[str]]:
    """The terms of each text as `to_tsvector` makes them, each as often as it occurs, in no particular order."""
    terms: list[list[str]] = []
    for start in range(0, len(texts), 1000):
        rows = connection.execute(
            """
            select array(select replace(u.lexeme, ' ', '_')
                           from unnest(to_tsvector(%s::regconfig, t.text)) as u,
                                generate_series(1, cardinality(u.positions)))
              from unnest(%s::text[]) with ordinality as t(text, position) order by t.position""",
            [language, list(texts[start : start + 1000])],
        )
        terms.extend(row[0] for row in rows)
    return terms


class Bm25s:
    """bm25s: sparse scores of the whole corpus in arrays of this process. Queries are given as lists of terms."""

    def __init__(self, documents: list[list[str]]) -> None:
        """Index documents that are lists of terms."""
        import bm25s

        backend = "numba" if importlib.util.find_spec("numba") else "numpy"
        self.name = f"bm25s ({backend}, in process)"
        self._index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=backend)
        self._index.index(documents, show_progress=False)
        self._known = self._index.vocab_dict
        self._size = len(documents)

    def search(self, terms: list[str], k: int) -> list[int]:
        """Positions of the best `k` documents with a score above zero, best first."""
        known = [term for term in dict.fromkeys(terms) if term in self._known]
        if not known:
            return []
        found, scores = self._index.retrieve([known], k=min(k, self._size), show_progress=False, n_threads=1)
        return [int(i) for i, score in zip(found[0], scores[0], strict=True) if score > 0]


class Tantivy:
    """tantivy, the Rust engine, one thread, its index in memory. Queries are given as lists of terms."""

    name = "tantivy (in process)"

    def __init__(self, documents: list[list[str]]) -> None:
        """Index documents that are lists of terms."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("position", stored=False, fast=True)
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer(200_000_000, 1)
        for position, terms in enumerate(documents):
            writer.add_document(tantivy.Document(position=position, body=" ".join(terms)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._tantivy = tantivy

    def search(self, terms: list[str], k: int) -> list[int]:
        """Positions of the best `k` documents, best first."""
        should = self._tantivy.Occur.Should
        clauses = [
            (should, self._tantivy.Query.term_query(self._schema, "body", term, index_option="freq"))
            for term in dict.fromkeys(terms)
        ]
        query = self._tantivy.Query.boolean_query(clauses)
        hits = self._searcher.search(query, k, count=False).hits
        return [int(p or 0) for p in self._searcher.fast_field_values("position", [address for _, address in hits])]
