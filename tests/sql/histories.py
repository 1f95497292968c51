"""Collections with a history of writes, and what a search of them must give.

A ``Replica`` does every write twice: in the database, and in a dictionary. What must be found is worked out from the
dictionary alone; of the database it only asks which ids the chunks were given.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

import pgretrieve
from pgretrieve import chunking
from tests.reference.bm25 import BM25, analysed
from tests.reference.ranking import assert_ranking

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Text:
    """What of a document is searched."""

    text: str
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def rows(sql: psycopg.Connection[Any], statement: str, *parameters: Any) -> list[Row]:
    return sql.execute(statement, parameters).fetchall()


def one(sql: psycopg.Connection[Any], statement: str, *parameters: Any) -> Any:
    """The first column of the only row."""
    [(value, *_)] = rows(sql, statement, *parameters)
    return value


def keyword(sql: psycopg.Connection[Any], collection: str, query: str, k: int = 10, **named: Any) -> list[Row]:
    """(document_id, chunk_id, score) of a keyword search, best first."""
    arguments = "".join(f", {name} => %({name})s" for name in named)
    return sql.execute(
        "select document_id, chunk_id, score"
        f"  from pgretrieve.search(%(collection)s, %(query)s, k => %(k)s, mode => 'keyword'{arguments}) order by rank",
        {"collection": collection, "query": query, "k": k, **named},
    ).fetchall()


@dataclass
class Replica:
    """A collection without an encoder, and what should be in it."""

    sql: psycopg.Connection[Any]
    collection: pgretrieve.Collection
    documents: dict[str, Text] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.collection.name

    @property
    def schema(self) -> str:
        return self.collection.info.schema_name

    def add(self, documents: Mapping[str, Text], metadata: Any = None) -> None:
        """Through SQL, all at once; one alone through the function for one."""
        if len(documents) == 1:
            [(key, document)] = documents.items()
            self.sql.execute(
                "select pgretrieve.add_document(%s, %s, %s, %s, fields => %s)",
                [self.name, key, document.text, document.title, json.dumps(dict(document.fields))],
            )
        else:
            self.sql.execute("select pgretrieve.add_documents(%s, %s)", [self.name, self._json(documents, metadata)])
        self.documents |= documents

    def _json(self, documents: Mapping[str, Text], metadata: Any) -> str:
        return json.dumps(
            [
                {"id": i, "text": d.text, "title": d.title, "metadata": metadata, "fields": dict(d.fields)}
                for i, d in documents.items()
            ]
        )

    def load(self, documents: Mapping[str, Text], metadata: Mapping[str, Any] | None = None) -> pgretrieve.AddResult:
        """Through the Python client."""
        result = self.collection.add(
            pgretrieve.Document(key, document.text, document.title, metadata or {}, fields=document.fields)
            for key, document in documents.items()
        )
        self.documents |= documents
        return result

    def delete(self, ids: Sequence[str]) -> None:
        there = len(self.documents.keys() & set(ids))
        assert one(self.sql, "select pgretrieve.delete_documents(%s, %s)", self.name, list(ids)) == there
        for key in ids:
            self.documents.pop(key, None)

    def compact(self) -> None:
        assert one(self.sql, "select pgretrieve.compact(%s)", self.name) is True

    def merge_everything(self) -> None:
        """What ``compact`` comes to in time: one segment, however little there is to gain."""
        self.sql.execute(f"select {self.schema}.fold_delta()")
        self.sql.execute(f"select {self.schema}.merge_segments(array(select id from {self.schema}.segment))")

    def chunks(self) -> dict[int, str]:
        """The text that is analysed for each chunk, by the id that the database gave it; checks that all are there."""
        return {chunk: f"{parts['title']}\n{parts['text']}" for chunk, parts in self.parts().items()}

    def parts(self) -> dict[int, dict[str, str]]:
        """Title, text and fields of each chunk, by its id; checks that all are there."""
        expected = {}
        for key, document in self.documents.items():
            spans = chunking.by_characters(document.text, self.collection.info.chunking["max_characters"])
            for ordinal, (start, end) in enumerate(spans):
                expected[key, ordinal] = {
                    **document.fields, "title": document.title, "text": document.text[start:end]
                }  # fmt: skip
        ids = rows(
            self.sql,
            f"select d.external_id, c.ordinal, c.id"
            f"  from {self.schema}.chunk as c join {self.schema}.document as d on d.id = c.document_id",
        )
        assert {(key, ordinal) for key, ordinal, _ in ids} == expected.keys()
        return {chunk: expected[key, ordinal] for key, ordinal, chunk in ids}

    def oracle(self) -> BM25:
        info = self.collection.info
        chunks = self.chunks()
        terms = analysed(self.sql, info.language, list(chunks.values()))
        return BM25(dict(zip(chunks, terms, strict=True)), info.k1, info.b)

    def assert_finds_what_it_should(self, queries: Sequence[str], k: int = 10) -> None:
        """Fails unless keyword searches give the oracle's rankings and scores."""
        oracle = self.oracle()
        for query in queries:
            [terms] = analysed(self.sql, self.collection.info.language, [query])
            got = [(chunk, score) for _, chunk, score in keyword(self.sql, self.name, query, k)]
            assert_ranking(got, oracle.scores(terms), k, evidence=oracle.evidence(terms))

    def assert_counts_right(self) -> None:
        """Fails unless all statistics are what a count gives."""
        oracle = self.oracle()
        stats = self.collection.stats()
        assert (stats.documents, stats.chunks) == (len(self.documents), len(oracle.chunks))
        assert stats.average_chunk_terms == (pytest.approx(oracle.average_length) if oracle.chunks else None)
        counted = rows(
            self.sql,
            f"select (select count(*) from {self.schema}.delta),"
            f"       (select count(distinct chunk_id) from {self.schema}.delta where code < 0),"
            f"       (select count(*) from {self.schema}.segment)",
        )
        assert [(stats.delta_postings, stats.dead_chunks, stats.segments)] == counted
        # A segment's size says when it is merged; one that no longer has blocks would never go.
        told = dict(rows(self.sql, f"select id, postings from {self.schema}.segment"))
        held = rows(
            self.sql, f"select segment, sum(cardinality(chunk_ids)) from {self.schema}.posting group by segment"
        )
        assert {segment: size for segment, size in told.items() if size} == dict(held)

    def assert_nothing_dead_is_kept(self) -> None:
        """Fails if a posting or a removal of a chunk that is gone is left, as after a merge of everything."""
        assert not rows(self.sql, f"select from {self.schema}.delta")
        left = rows(
            self.sql,
            f"select id from {self.schema}.posting, unnest(chunk_ids) as id except select id from {self.schema}.chunk",
        )
        assert not left
        assert self.collection.stats().dead_chunks == 0
