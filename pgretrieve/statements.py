"""Every call of the database as a statement: text and parameters. Pure: nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from pgretrieve import errors
from pgretrieve.flow import Statement
from pgretrieve.texts import json_problem, text_problem
from pgretrieve.types import (
    CHUNK_COLUMNS,
    COLLECTION_COLUMNS,
    HIT_COLUMNS,
    MODEL_COLUMNS,
    REPORT_COLUMNS,
    SOURCE_COLUMNS,
    STATS_COLUMNS,
    CollectionInfo,
)

MODES = ("hybrid", "dense", "keyword")


def in_schema(target: CollectionInfo, template: str) -> str:
    """A statement of ours with the schema of a collection in the place of ``{schema}``."""
    return template.replace("{schema}", sql.Identifier(target.schema_name).as_string())


def vectors_table(target: CollectionInfo, field: str | None) -> str:
    """The name of the table that holds the vectors of a field; of the chunks for None."""
    return "embedding" if field is None else f"field_embedding_{target.vector_fields.index(field) + 1}"


_ARGUMENTS = """%(collection)s, %(query)s, embedding => %(embedding)s, k => %(k)s, mode => %(mode)s,
       filter => %(filter)s, min_relevance => %(min_relevance)s, options => %(options)s"""

_SEARCH = f"select {', '.join(HIT_COLUMNS)}\n  from pgretrieve.search({_ARGUMENTS})"

_REPORTED = f"select {', '.join(HIT_COLUMNS + REPORT_COLUMNS)}\n  from pgretrieve.search_reported({_ARGUMENTS})"

_PAGE = f"""select {", ".join(HIT_COLUMNS)}, next_cursor
  from pgretrieve.search_page({_ARGUMENTS.replace("k => %(k)s", "page_size => %(page_size)s, cursor => %(cursor)s")})"""

_FACETS = """select key, value, count, scope
  from pgretrieve.facets(%(collection)s, %(keys)s::text[], %(query)s, embedding => %(embedding)s, k => %(k)s,
       mode => %(mode)s, filter => %(filter)s, options => %(options)s, max_values => %(max_values)s)"""

_EXPLAIN = f"select pgretrieve.explain({_ARGUMENTS})"


def _search_parameters(
    collection: str,
    query: str | None,
    embedding: str | None,
    k: int,
    mode: str,
    filter: Mapping[str, Any] | None,  # noqa: A002  the contract's name
    min_relevance: float | None,
    options: Mapping[str, Any] | None,
) -> dict[str, Any]:
    words = _words(query)
    k = whole("k", k, "Give 1 to 10000 rows to return")
    if not isinstance(mode, str):
        raise errors.InvalidInput(f"mode {mode!r} does not exist", f"One of: {', '.join(MODES)}")
    if isinstance(min_relevance, bool) or not isinstance(min_relevance, int | float | None):
        raise errors.InvalidInput(f"min_relevance of {min_relevance!r} is not possible", "Give a number from 0 to 1")
    return {
        "collection": collection,
        "query": words,
        "embedding": embedding,
        "k": k,
        "mode": mode,
        "filter": filter_parameter(filter),
        "min_relevance": min_relevance,
        "options": _options(options),
    }


def _words(given: object, named: str = "the query") -> str | None:
    if not isinstance(given, str | None):
        raise errors.InvalidInput(f"{named} is {type(given).__name__}, not text", "Give words to search for")
    if given and (problem := text_problem(given)):
        raise errors.InvalidInput(f"{named} {problem[0]}", problem[1])
    return given


def filter_parameter(given: Mapping[str, Any] | None) -> Jsonb | None:
    """A filter as a parameter. Raises InvalidFilter for what is none, or no JSON."""
    if not isinstance(given, Mapping | None):
        raise errors.InvalidFilter(
            f"a filter is a dictionary or made with F, got {given!r}",
            'For example {"team": "infra"} or F.team == "infra"',
        )
    if given is not None and (problem := json_problem(dict(given))):
        raise errors.InvalidFilter(f"the filter {problem[0]}", problem[1])
    return None if given is None else Jsonb(dict(given))


def _options(given: Mapping[str, Any] | None) -> Jsonb:
    if not isinstance(given, Mapping | None):
        raise errors.InvalidInput(f"options are a dictionary, got {given!r}", 'For example {"exact": True}')
    options = dict(given or {})
    if isinstance(boosts := options.get("boosts"), list | tuple):
        options["boosts"] = [_plain_boost(boost) for boost in boosts]
    if problem := json_problem(options):
        raise errors.InvalidInput(f"an option {problem[0]}", problem[1])
    return Jsonb(options)


def _plain_boost(boost: Any) -> Any:
    """With a condition made with F as the dictionary that it is."""
    if isinstance(boost, Mapping) and isinstance(condition := boost.get("filter"), Mapping):
        return {**boost, "filter": dict(condition)}
    return boost


def search(*arguments: Any) -> Statement:
    """pgretrieve.search; rows have the columns of ``Hit``. Arguments as in ``_search_parameters``."""
    return Statement(_SEARCH, _search_parameters(*arguments))


def search_reported(*arguments: Any) -> Statement:
    """pgretrieve.search_reported; columns of ``Hit`` and the report; without hits one row, of nulls and the report."""
    return Statement(_REPORTED, _search_parameters(*arguments))


def explain(*arguments: Any) -> Statement:
    """pgretrieve.explain; one row of one JSON object."""
    return Statement(_EXPLAIN, _search_parameters(*arguments))


def search_page(page_size: int, cursor: str | None, *arguments: Any) -> Statement:
    """pgretrieve.search_page; the columns of ``Hit`` and next_cursor."""
    return Statement(_PAGE, _search_parameters(*arguments) | _page_parameters(page_size, cursor))


def _page_parameters(page_size: int, cursor: str | None) -> dict[str, Any]:
    if not isinstance(cursor, str | None):
        raise errors.InvalidInput(f"cursor {cursor!r} is not text", "Pass next_cursor of the page before, or None")
    if cursor and (problem := text_problem(cursor)):
        raise errors.InvalidInput(f"the cursor {problem[0]}", problem[1])
    return {"page_size": whole("page_size", page_size, "Give 1 to 1000 rows a page"), "cursor": cursor}


def whole(name: str, value: object, hint: str) -> int:
    """A number that fits the integer of SQL; how large it may be is checked there."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise errors.InvalidInput(f"{name} of {value!r} is not possible", hint)
    return value


def highlight(collection: str, chunk_ids: list[int], query: str | None, options: Mapping[str, Any] | None) -> Statement:
    """pgretrieve.highlight; a row for each id, in their order."""
    return Statement(
        "select chunk_id, snippet, spans, fragments"
        "  from pgretrieve.highlight(%(collection)s, %(chunk_ids)s::bigint[], %(query)s, %(options)s)",
        {"collection": collection, "chunk_ids": chunk_ids, "query": _words(query), "options": _options(options)},
    )


_RERANK_WITH_ANSWER = f"""select {", ".join(SOURCE_COLUMNS)}
  from pgretrieve.rerank_with_answer(%(collection)s, %(chunk_ids)s::bigint[], %(query)s, %(answer)s,
       %(answer_embedding)s, %(null_passage)s, %(null_embedding)s, %(dense_weight)s::double precision,
       %(keyword_weight)s::double precision,
       %(number_factor)s::double precision, %(keep_ratio)s::double precision)
 order by rank"""


def rerank_with_answer(
    collection: str,
    chunk_ids: list[int],
    texts: Mapping[str, str | None],
    embeddings: Mapping[str, str | None],
    numbers: Mapping[str, float],
) -> Statement:
    """pgretrieve.rerank_with_answer, with its other arguments by name; rows have the columns of ``AnswerSource``."""
    for name, text in texts.items():
        _words(text, f"the {name.replace('_', ' ')}")
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) > 1e9:
            raise errors.InvalidInput(f"{name} of {number!r} is not possible", "Give a number from 0 to 1e9")
    known: dict[str, Any] = {"collection": collection, "chunk_ids": chunk_ids}
    return Statement(_RERANK_WITH_ANSWER, {**known, **texts, **embeddings, **numbers})


def neighbours(collection: str, chunk_id: int, before: int, after: int) -> Statement:
    """pgretrieve.neighbours; rows have the columns of ``Chunk``."""
    hint = "Give the number of chunks on each side, at least 0"
    return Statement(
        f"select {columns(CHUNK_COLUMNS)}"
        "  from pgretrieve.neighbours(%(collection)s, %(chunk)s::bigint, %(before)s, %(after)s)",
        {
            "collection": collection,
            "chunk": chunk_id,
            "before": whole("before", before, hint),
            "after": whole("after", after, hint),
        },
    )


def facets(keys: list[str], max_values: int, *arguments: Any) -> Statement:
    """pgretrieve.facets; rows have the columns of ``Facet``. No relevance is cut on."""
    for key in keys:
        if not isinstance(key, str):
            raise errors.InvalidInput(f"key {key!r} is not text", "Give keys of the metadata, such as ['team']")
        if problem := text_problem(key):
            raise errors.InvalidInput(f"key {key!r} {problem[0]}", problem[1])
    own = {"keys": keys, "max_values": whole("max_values", max_values, "Give 1 to 10000 values for each key")}
    return Statement(_FACETS, _search_parameters(*arguments) | own)


def count_matches(
    collection: str,
    query: str | None,
    filter: Mapping[str, Any] | None,  # noqa: A002  the contract's name
    options: Mapping[str, Any] | None,
) -> Statement:
    """pgretrieve.count_matches; one row with the columns of ``Matches``."""
    return Statement(
        "select documents, chunks from pgretrieve.count_matches(%(collection)s, %(query)s, %(filter)s, %(options)s)",
        {
            "collection": collection,
            "query": _words(query),
            "filter": filter_parameter(filter),
            "options": _options(options),
        },
    )


def collections() -> Statement:
    """All collections by name; rows have the columns of ``CollectionInfo``."""
    return Statement(f"select {columns(COLLECTION_COLUMNS)} from pgretrieve.collections order by name")


def collection(name: str) -> Statement:
    """One collection; no row if it does not exist."""
    return Statement(
        f"select {columns(COLLECTION_COLUMNS)} from pgretrieve.collections where name = %(name)s", {"name": name}
    )


def collection_stats(name: str) -> Statement:
    """Counts and sizes of one collection; the columns of ``CollectionStats``."""
    return Statement(f"select {columns(STATS_COLUMNS)} from pgretrieve._stats(%(name)s)", {"name": name})


def columns(names: tuple[str, ...]) -> str:
    """Quoted names: some are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def create_collection(name: str, settings: Mapping[str, Any]) -> Statement:
    """pgretrieve.create_collection; settings that are left out keep the default of the SQL function."""
    named = "".join(f", {key} => %({key})s" for key in settings)
    params = {key: Jsonb(dict(value)) if isinstance(value, Mapping) else value for key, value in settings.items()}
    return Statement(f"select pgretrieve.create_collection(%(name)s{named})", {"name": name, **params})


def drop_collection(name: str) -> Statement:
    """pgretrieve.drop_collection."""
    return Statement("select pgretrieve.drop_collection(%(name)s)", {"name": name})


def delete_documents(collection: str, ids: list[str]) -> Statement:
    """pgretrieve.delete_documents; one row with the number of documents that were there."""
    return Statement(
        "select pgretrieve.delete_documents(%(collection)s, %(ids)s::text[])", {"collection": collection, "ids": ids}
    )


def synonyms(collection: str) -> Statement:
    """pgretrieve.synonyms; one row of one JSON object."""
    return Statement("select pgretrieve.synonyms(%(collection)s)", {"collection": collection})


def set_synonyms(collection: str, synonyms: Mapping[str, list[str]]) -> Statement:
    """pgretrieve.set_synonyms; one row with the number of terms."""
    return Statement(
        "select pgretrieve.set_synonyms(%(collection)s, %(synonyms)s)",
        {"collection": collection, "synonyms": Jsonb(dict(synonyms))},
    )


def stop_words(collection: str) -> Statement:
    """pgretrieve.stop_words; one row of one array."""
    return Statement("select pgretrieve.stop_words(%(collection)s)", {"collection": collection})


def set_stop_words(collection: str, words: list[str]) -> Statement:
    """pgretrieve.set_stop_words; one row with the number of words."""
    return Statement(
        "select pgretrieve.set_stop_words(%(collection)s, %(words)s::text[])",
        {"collection": collection, "words": words},
    )


def filterable(collection: str) -> Statement:
    """pgretrieve.filterable; one row of one object."""
    return Statement("select pgretrieve.filterable(%(collection)s)", {"collection": collection})


def set_filterable(collection: str, keys: dict[str, str]) -> Statement:
    """pgretrieve.set_filterable; one row with the number of keys."""
    return Statement(
        "select pgretrieve.set_filterable(%(collection)s, %(keys)s)", {"collection": collection, "keys": Jsonb(keys)}
    )


def count(target: CollectionInfo) -> Statement:
    """The number of documents."""
    return Statement(in_schema(target, "select count(*) from {schema}.document"))


def compact(collection: str, *, rewrite: bool) -> Statement:
    """pgretrieve.compact."""
    return Statement(
        "select pgretrieve.compact(%(collection)s, rewrite => %(rewrite)s)",
        {"collection": collection, "rewrite": rewrite},
    )


def evidence(
    collection: str, mode: str, asked: tuple[str, str | None, int | None, str | None, str | None], most: int
) -> Statement:
    """pgretrieve._evidence; rows of document_id, chunk_id, dense_score, keyword_score, hit_numbers, query_numbers,
    dense_part, keyword_part.
    """
    query, embedding, chunk, text, source = asked
    return Statement(
        "select document_id, chunk_id, dense_score, keyword_score, hit_numbers, query_numbers, dense_part, keyword_part"
        "  from pgretrieve._evidence(%(collection)s, %(query)s, %(embedding)s, %(mode)s, %(chunk)s, %(text)s,"
        "       %(source)s, most => %(most)s)",
        {
            "collection": collection, "query": query, "mode": mode,
            "embedding": embedding if mode != "keyword" else None, "chunk": chunk, "text": text, "source": source,
            "most": most,
        },
    )  # fmt: skip


def sample_chunks(target: CollectionInfo, most: int) -> Statement:
    """Rows of chunk_id, title, text, taken evenly over the collection."""
    return Statement(
        in_schema(target, "select chunk_id, title, text from {schema}.sample_chunks(%(most)s)"), {"most": most}
    )


def judged_queries(collection: str, query_set: str) -> Statement:
    """Rows of text, embedding as text, and the ids of relevant documents, of the queries that have judgements."""
    return Statement(
        "select q.text, q.embedding::text, coalesce(array_agg(j.document_id) filter (where j.grade > 0), '{}')"
        "  from pgretrieve.query as q"
        "  join pgretrieve.collection as c on c.id = q.collection_id"
        "  join pgretrieve.judgement as j using (collection_id, query_set, query_id)"
        " where c.name = %(collection)s and q.query_set = %(query_set)s"
        " group by q.query_id, q.text, q.embedding::text order by q.query_id",
        {"collection": collection, "query_set": query_set},
    )


def sample_queries(collection: str, query_set: str, most: int) -> Statement:
    """Rows of text and embedding as text, so many queries of a set at most, always the same ones."""
    return Statement(
        "select q.text, q.embedding::text from pgretrieve.query as q"
        "  join pgretrieve.collection as c on c.id = q.collection_id"
        " where c.name = %(collection)s and q.query_set = %(query_set)s"
        " order by md5(q.query_id), q.query_id limit %(most)s",
        {"collection": collection, "query_set": query_set, "most": most},
    )


def calibration_base(collection: str) -> Statement:
    """pgretrieve._calibration_base; one row of chunks and what scores hang on."""
    return Statement(
        "select chunks, space from pgretrieve._calibration_base(%(collection)s)", {"collection": collection}
    )


def set_bm25(collection: str, k1: float, b: float) -> Statement:
    """pgretrieve._set_bm25."""
    return Statement(
        "select pgretrieve._set_bm25(c.id, %(k1)s, %(b)s) from pgretrieve._find_collection(%(collection)s) as c",
        {"collection": collection, "k1": k1, "b": b},
    )


def search_defaults(collection: str) -> Statement:
    """One row: the options that searches of a collection have unless they say otherwise."""
    return Statement(
        "select c.search_defaults from pgretrieve._find_collection(%(collection)s) as c", {"collection": collection}
    )


def add_model(
    collection: str, kind: str, slot: str, parameters: Any, fitted_on: Any, figures: Any, parts: Any
) -> Statement:
    """pgretrieve.add_model; one row with the id."""
    return Statement(
        "select pgretrieve.add_model(%(collection)s, %(kind)s, %(slot)s, %(parameters)s, %(fitted_on)s, %(figures)s,"
        "  %(parts)s)",
        {
            "collection": collection, "kind": kind, "slot": slot, "parameters": Jsonb(parameters),
            "fitted_on": Jsonb(fitted_on), "figures": Jsonb(figures), "parts": Jsonb(parts),
        },
    )  # fmt: skip


def activate_model(model_id: int, *, force: bool) -> Statement:
    """pgretrieve.activate_model."""
    return Statement(
        "select pgretrieve.activate_model(%(model)s, force => %(force)s)",
        {"model": whole("model", model_id, "Give the id of a model"), "force": force},
    )


def retire_model(model_id: int) -> Statement:
    """pgretrieve.retire_model."""
    return Statement(
        "select pgretrieve.retire_model(%(model)s)", {"model": whole("model", model_id, "Give the id of a model")}
    )


def rollback_model(collection: str, kind: str, slot: str) -> Statement:
    """pgretrieve.rollback_model; one row with the id of the model that is active then."""
    return Statement(
        "select pgretrieve.rollback_model(%(collection)s, %(kind)s, %(slot)s)",
        {"collection": collection, "kind": kind, "slot": slot},
    )


def models(collection: str) -> Statement:
    """The models of a collection; rows have the columns of ``Model``."""
    return Statement(
        f"select {columns(MODEL_COLUMNS)} from pgretrieve.models where collection = %(collection)s",
        {"collection": collection},
    )
