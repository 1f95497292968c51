"""What the clients do, as flows: written once, driven synchronously or asynchronously."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

from numpy.typing import ArrayLike

from pgretrieve import errors, indexing, intake, loading, reranking, statements, vectors
from pgretrieve.encoders import DEFAULT_ENCODER, Encoder, load_encoder
from pgretrieve.flow import Flow, Work
from pgretrieve.queries import as_encoded
from pgretrieve.rerankers import Reranker, load_reranker
from pgretrieve.texts import json_problem, text_problem
from pgretrieve.types import (
    HIT_COLUMNS,
    AddResult,
    AnswerSource,
    Chunk,
    CollectionInfo,
    CollectionStats,
    Facet,
    Highlight,
    Hit,
    Matches,
    Page,
    Result,
)

# So that creating a collection with the default encoder needs neither the model nor its packages.
_KNOWN_ENCODERS = {DEFAULT_ENCODER: (384, 256)}


_SETTING_TYPES: dict[str, tuple[type, str]] = {
    "dimensions": (Integral, "a whole number"),
    "ef_search": (Integral, "a whole number"),
    "k1": (Real, "a number"),
    "b": (Real, "a number"),
    "index_settings": (Mapping, "a dictionary"),
    "chunking": (Mapping, "a dictionary"),
    "fold_accents": (bool, "True or False"),
    "normalise_numbers": (bool, "True or False"),
    "languages": (list, "a list of languages"),
    "fields": (Mapping, 'weights by name, such as {"abstract": 1, "title": {"weight": 2, "vector": True}}'),
}


def _require_types(settings: Mapping[str, Any]) -> None:
    """PostgreSQL would only say that there is no function for such arguments."""
    for key, value in settings.items():
        kind, described = _SETTING_TYPES.get(key, (str, "text"))
        if (value is None and key != "name") or (isinstance(value, kind) and isinstance(value, bool) == (kind is bool)):
            continue
        raise errors.InvalidInput(f"{key} cannot be {value!r}", f"Give {described}")
    for language in settings.get("languages") or ():
        _word(language, "a language")
    for key, value in settings.items():
        if isinstance(value, str) and (problem := text_problem(value)):
            raise errors.InvalidInput(f"{key} {problem[0]}", problem[1])
    if problem := json_problem(dict(settings.get("fields") or {})):
        raise errors.InvalidInput(f"fields {problem[0]}", problem[1])


def create_collection(
    name: str,
    *,
    encoder: str | None,
    dimensions: int | None,
    chunking: Mapping[str, int] | None,
    settings: Mapping[str, Any],
) -> Flow[CollectionInfo]:
    """Creates a collection; what the encoder knows of itself fills in dimensions and chunk size."""
    _require_types({"name": name, "encoder": encoder, "dimensions": dimensions, "chunking": chunking, **settings})
    max_tokens = 256
    if encoder is not None:
        if encoder in _KNOWN_ENCODERS:
            own_dimensions, max_tokens = _KNOWN_ENCODERS[encoder]
        else:
            loaded: Encoder = yield Work(load_encoder, (encoder,))
            own_dimensions, max_tokens = loaded.dimensions, loaded.max_tokens
        if dimensions not in (None, own_dimensions):
            raise errors.DimensionMismatch(
                f"the encoder {encoder!r} makes {own_dimensions} dimensions, not {dimensions}",
                "Leave dimensions out, or pass encoder=None to bring your own vectors",
            )
        dimensions = own_dimensions
    elif dimensions is None:
        raise errors.InvalidInput(
            "a collection without an encoder needs dimensions", "For example encoder=None, dimensions=768"
        )
    defaults = {"max_tokens": max_tokens, "overlap_tokens": max_tokens // 8, "max_characters": 4 * max_tokens}
    settable = (*defaults, "table_tokens")
    if unknown := set(chunking or {}) - set(settable):
        raise errors.InvalidInput(
            f"chunking has no setting {', '.join(map(repr, sorted(unknown)))}", f"Settings: {', '.join(settable)}"
        )
    given = {key: value for key, value in settings.items() if value is not None}
    if "fields" in given:
        given["fields"] = {k: dict(v) if isinstance(v, Mapping) else v for k, v in given["fields"].items()}
    yield statements.create_collection(
        name, {"encoder": encoder, "dimensions": dimensions, "chunking": defaults | dict(chunking or {}), **given}
    )
    return (yield from collection(name))


def collection(name: str) -> Flow[CollectionInfo]:
    """A collection by name; CollectionNotFound names those that there are."""
    rows = yield statements.collection(name)
    if not rows:
        others = yield from collections()
        names = ", ".join(repr(other.name) for other in others[:5])
        raise errors.CollectionNotFound(
            f"collection {name!r} does not exist",
            f"Collections here: {names}" if names else "There are no collections yet; create_collection makes one",
        )
    return CollectionInfo(*rows[0])


def collections() -> Flow[list[CollectionInfo]]:
    """All collections by name."""
    rows = yield statements.collections()
    return [CollectionInfo(*row) for row in rows]


def drop_collection(name: str) -> Flow[None]:
    """Drops a collection with everything in it."""
    yield statements.drop_collection(name)


def stats(target: CollectionInfo) -> Flow[CollectionStats]:
    """Counts and sizes of a collection."""
    rows = yield statements.collection_stats(target.name)
    if not rows:
        yield from collection(target.name)  # says that it does not exist
    return CollectionStats(*rows[0])


def count(target: CollectionInfo) -> Flow[int]:
    """The number of documents."""
    rows = yield statements.count(target)
    return int(rows[0][0])


def add(
    target: CollectionInfo,
    documents: Iterable[object],
    embeddings: ArrayLike | None,
    on_progress: loading.Progress,
    *,
    field_embeddings: Mapping[str, ArrayLike] | None,
    detect_language: bool,
) -> Flow[AddResult]:
    """Adds documents; the encoder is loaded only if something is there to encode."""
    if not isinstance(field_embeddings, Mapping | None):
        raise errors.InvalidInput(
            f"field_embeddings are a dictionary of arrays by field, got {type(field_embeddings).__name__}",
            'For example {"abstract": array}',
        )
    of_fields = dict(field_embeddings or {})
    if unknown := next((name for name in of_fields if name not in target.vector_fields), None):
        raise errors.InvalidInput(
            f"collection {target.name!r} keeps no vectors of field {unknown!r}", intake.vector_fields_hint(target)
        )
    flow = loading.add(
        target, documents, embeddings, on_progress, field_embeddings=of_fields, detect_language=detect_language
    )
    return (yield from flow)


def embed_pending(target: CollectionInfo, on_progress: loading.Progress) -> Flow[int]:
    """Encodes what was written from SQL and waits for vectors."""
    if target.encoder is None:
        raise errors.InvalidInput(
            f"collection {target.name!r} has no encoder", "Add its documents again with their embeddings"
        )
    return (yield from loading.embed_pending(target, on_progress))


def delete(target: CollectionInfo, ids: Iterable[str]) -> Flow[int]:
    """Deletes documents by id; returns how many were there."""
    if isinstance(ids, str):
        raise errors.InvalidInput(f"ids are one string, {ids!r}", f"Give a list: [{ids!r}]")
    rows = yield statements.delete_documents(target.name, [str(i) for i in ids])
    return int(rows[0][0])


def compact(target: CollectionInfo, *, rewrite: bool) -> Flow[bool]:
    """Compacts the posting lists; False if another session is at it."""
    rows = yield statements.compact(target.name, rewrite=rewrite)
    return bool(rows[0][0])


def synonyms(target: CollectionInfo) -> Flow[dict[str, list[str]]]:
    """The synonyms of a collection, by term."""
    rows = yield statements.synonyms(target.name)
    return dict(rows[0][0])


def set_synonyms(target: CollectionInfo, given: Mapping[str, Iterable[str]]) -> Flow[int]:
    """Sets all synonyms of a collection; returns how many terms have some."""
    example = 'For example {"car": ["automobile", "auto"]}'
    if not isinstance(given, Mapping):
        raise errors.InvalidInput(f"synonyms are a dictionary, got {given!r}", example)
    lists = {}
    for term, words in given.items():
        if not isinstance(term, str) or isinstance(words, str | bytes) or not isinstance(words, Iterable):
            raise errors.InvalidInput(f"synonyms are lists of words, but {term!r} has {words!r}", example)
        lists[term] = [_word(word, "a synonym") for word in words]
        _word(term, "a term")
    rows = yield statements.set_synonyms(target.name, lists)
    return int(rows[0][0])


def stop_words(target: CollectionInfo) -> Flow[list[str]]:
    """The words that queries of a collection leave out."""
    rows = yield statements.stop_words(target.name)
    return list(rows[0][0])


def set_stop_words(target: CollectionInfo, words: Iterable[str]) -> Flow[int]:
    """Sets all stop words of a collection; returns how many there are."""
    if isinstance(words, str | bytes) or not isinstance(words, Iterable):
        raise errors.InvalidInput(f"stop words are a list of words, got {words!r}", 'For example ["company", "report"]')
    rows = yield statements.set_stop_words(target.name, [_word(word, "a stop word") for word in words])
    return int(rows[0][0])


def filterable(target: CollectionInfo) -> Flow[dict[str, str]]:
    """The metadata keys whose values an index orders, with their types."""
    rows = yield statements.filterable(target.name)
    return dict(rows[0][0])


def set_filterable(target: CollectionInfo, keys: Mapping[str, str]) -> Flow[int]:
    """Sets all filterable keys of a collection; returns how many there are."""
    if not isinstance(keys, Mapping) or not all(isinstance(part, str) for pair in keys.items() for part in pair):
        raise errors.InvalidInput(
            f"filterable keys are a dictionary of types by key, got {keys!r}",
            'For example {"year": "number", "day": "text"}',
        )
    rows = yield statements.set_filterable(target.name, dict(keys))
    return int(rows[0][0])


def _word(word: object, named: str) -> str:
    if not isinstance(word, str):
        raise errors.InvalidInput(f"{named} is {word!r}, not text", "Give words")
    if problem := text_problem(word):
        raise errors.InvalidInput(f"{named} {problem[0]}", problem[1])
    return word


def with_cuts(
    options: Mapping[str, Any] | None, target_precision: float | None, target_recall: float | None, cut: str | None
) -> Mapping[str, Any] | None:
    """The options of a search with the cuts that were given as arguments of their own; None is not given."""
    cuts = {"target_precision": target_precision, "target_recall": target_recall, "cut": cut}
    given = {name: value for name, value in cuts.items() if value is not None}
    if not given or not isinstance(options, Mapping | None):  # what options cannot be, the statement says
        return options
    merged = dict(options or {})
    for name, value in given.items():
        if merged.get(name) is not None and merged[name] != value:
            raise errors.InvalidInput(
                f"{name} is {value!r}, and the option of that name {merged[name]!r}", "Give one of the two"
            )
        merged[name] = value
    return merged


def search_arguments(
    target: CollectionInfo, query: str | None, embedding: ArrayLike | None, mode: str, rest: tuple[Any, ...]
) -> Flow[tuple[Any, ...]]:
    """The arguments of a search, with the vectors of its queries encoded if they take one and none was given."""
    k, filter_, min_relevance, options = rest
    asked: list[dict[str, Any]] = [{"query": query, "embedding": embedding, "mode": mode}]
    several = isinstance(options, Mapping) and isinstance(options.get("queries"), list | tuple)
    if several:
        asked += [dict(one) if isinstance(one, Mapping) else {"query": one} for one in options["queries"]]
    for one in asked:
        if one.get("embedding") is not None:
            one["embedding"] = _query_vector(target, one["embedding"])
    to_encode = [one for one in asked if target.encoder is not None and _needs_vector(one, mode)]
    if to_encode:
        encoder = yield Work(load_encoder, (target.encoder,))
        words = [as_encoded(one["query"], target.fields) for one in to_encode]
        encoded = yield Work(encoder.encode_queries, (words,))
        for one, vector in zip(to_encode, encoded, strict=True):
            one["embedding"] = _query_vector(target, vector)
    if several:
        options = {**options, "queries": [_plain_query(one) for one in asked[1:]]}
    return target.name, query, asked[0]["embedding"], k, mode, filter_, min_relevance, options


def _needs_vector(asked: Mapping[str, Any], mode: str) -> bool:
    words = asked.get("query")
    return (
        asked.get("embedding") is None
        and asked.get("mode", mode) in ("hybrid", "dense")
        and isinstance(words, str)
        and bool(words.strip())
    )


def _query_vector(target: CollectionInfo, embedding: ArrayLike, named: str = "the query") -> str:
    return vectors.as_query(embedding, target.dimensions, distance=target.distance, storage=target.storage, named=named)


def _plain_query(asked: dict[str, Any]) -> dict[str, Any]:
    """As JSON: the vector as an array of numbers."""
    vector = asked.get("embedding")
    return asked | ({} if vector is None else {"embedding": json.loads(vector)})


def search(
    target: CollectionInfo,
    query: str,
    embedding: ArrayLike | None,
    mode: str,
    k: int,
    *rest: Any,
    rerank: Reranker | str | None = None,
    rerank_depth: int | None = None,
    rerank_budget_ms: float | None = None,
) -> Flow[Result]:
    """One search: one statement, after the query has been encoded; then the reranker, if there is one."""
    if rerank is None:
        if (rerank_depth, rerank_budget_ms) != (None, None):
            raise errors.InvalidInput(
                "rerank_depth and rerank_budget_ms need a reranker", "Give rerank, or leave them out"
            )
        return (yield from _search(target, query, embedding, mode, k, *rest))
    depth = reranking.checked(rerank, rerank_depth, rerank_budget_ms, query, rest[-1])
    if isinstance(rerank, str):
        rerank = yield Work(load_reranker, (rerank,))
    deeper = max(k, depth) if isinstance(k, int) and k > 0 else k  # what it cannot be, the search says
    found = yield from _search(target, query, embedding, mode, deeper, *rest)
    hits, report = yield Work(reranking.rerank, (rerank, query, found.hits, depth, rerank_budget_ms))
    return Result(hits[:k], found.strategy, found.rows_scanned, found.cut_short and len(hits) < k, report)


def _search(target: CollectionInfo, query: str, embedding: ArrayLike | None, mode: str, *rest: Any) -> Flow[Result]:
    arguments = yield from search_arguments(target, query, embedding, mode, rest)
    rows = yield statements.search_reported(*arguments)
    count = len(HIT_COLUMNS)
    return Result([Hit(*row[:count]) for row in rows if row[0] is not None], *rows[0][count:])


def explain(
    target: CollectionInfo, query: str, embedding: ArrayLike | None, mode: str, *rest: Any
) -> Flow[dict[str, Any]]:
    """What the search does, as data."""
    arguments = yield from search_arguments(target, query, embedding, mode, rest)
    rows = yield statements.explain(*arguments)
    return dict(rows[0][0])


def sql(
    target: CollectionInfo, query: str, embedding: ArrayLike | None, mode: str, *rest: Any
) -> Flow[tuple[str, dict[str, Any]]]:
    """The statement of a search and its parameters."""
    arguments = yield from search_arguments(target, query, embedding, mode, rest)
    statement = statements.search(*arguments)
    return statement.sql, dict(statement.params or {})


def page(arguments: tuple[Any, ...], page_size: int, cursor: str | None) -> Flow[Page]:
    """One page of a search; arguments as from ``search_arguments``, the query encoded once for all pages."""
    rows = yield statements.search_page(page_size, cursor, *arguments)
    return Page([Hit(*row[:-1]) for row in rows], rows[0][-1] if rows else None)


def highlight(
    target: CollectionInfo, hits: Sequence[Hit | Chunk | int], query: str | None, options: Mapping[str, Any] | None
) -> Flow[list[Highlight]]:
    """Snippets of the given chunks, in their order."""
    rows = yield statements.highlight(target.name, [_chunk_id(hit) for hit in hits], query, options)
    return [
        Highlight(chunk_id, snippet, *(tuple((r.lower, r.upper) for r in ranges) for ranges in both))
        for chunk_id, snippet, *both in rows
    ]


def _chunk_id(given: object) -> int:
    value = given.chunk_id if isinstance(given, Hit | Chunk) else given
    if isinstance(value, bool) or not isinstance(value, Integral) or not -(2**63) <= int(value) < 2**63:
        raise errors.InvalidInput(f"{given!r} is no chunk", "Give hits of a search, or their chunk_id")
    return int(value)


def neighbours(target: CollectionInfo, chunk: Hit | Chunk | int, before: int, after: int) -> Flow[list[Chunk]]:
    """The chunk with those around it, in order."""
    rows = yield statements.neighbours(target.name, _chunk_id(chunk), before, after)
    return [Chunk(*row) for row in rows]


def rerank_with_answer(
    target: CollectionInfo,
    hits: Iterable[Hit | Chunk | int],
    texts: Mapping[str, str | None],
    embeddings: Mapping[str, ArrayLike | None],
    numbers: Mapping[str, float],
) -> Flow[list[AnswerSource]]:
    """Of the given chunks those that support an answer; what has no vector is encoded if the collection can."""
    if isinstance(hits, str | bytes) or not isinstance(hits, Iterable):
        raise errors.InvalidInput(f"hits are {hits!r}", "Give hits of a search, or their chunk_id, as a list")
    answer, null = embeddings["answer_embedding"], embeddings["null_embedding"]
    given = {
        "answer_embedding": None if answer is None else _query_vector(target, answer, "the answer"),
        "null_embedding": None if null is None else _query_vector(target, null, "the null passage"),
    }
    statement = statements.rerank_with_answer(target.name, [_chunk_id(hit) for hit in hits], texts, given, numbers)
    encoded = yield from _encoded_answer(target, texts, given)
    rows = yield replace(statement, params={**(statement.params or {}), **encoded})
    return [AnswerSource(*row) for row in rows]


def _encoded_answer(
    target: CollectionInfo, texts: Mapping[str, str | None], given: Mapping[str, str | None]
) -> Flow[dict[str, str]]:
    """The vectors that were not given, if there are texts for them: both as they stand, for neither has syntax."""
    query, answer, null = (texts[name] or "" for name in ("query", "answer", "null_passage"))
    wanted: dict[str, tuple[str, str]] = {}
    if given["answer_embedding"] is None and answer.strip():
        wanted["answer_embedding"] = ("encode_queries", f"{query}\n{answer}" if query.strip() else answer)
    if given["null_embedding"] is None and null.strip():
        wanted["null_embedding"] = ("encode_documents", null)
    encoded = {}
    if wanted and target.encoder is not None:
        encoder = yield Work(load_encoder, (target.encoder,))
        for name, (encode, text) in wanted.items():
            [vector] = yield Work(getattr(encoder, encode), ([text],))
            encoded[name] = _query_vector(target, vector)
    return encoded


def facets(
    target: CollectionInfo,
    keys: Iterable[str],
    max_values: int,
    query: str | None,
    embedding: ArrayLike | None,
    mode: str,
    *rest: Any,
) -> Flow[list[Facet]]:
    """Values of keys of the metadata, with counts."""
    if isinstance(keys, str):
        raise errors.InvalidInput(f"keys are one string, {keys!r}", f"Give a list: [{keys!r}]")
    arguments = yield from search_arguments(target, query, embedding, mode, rest)
    rows = yield statements.facets(list(keys), max_values, *arguments)
    return [Facet(*row) for row in rows]


def count_matches(
    target: CollectionInfo,
    query: str | None,
    filter: Mapping[str, Any] | None,  # noqa: A002  the contract's name
    options: Mapping[str, Any] | None,
) -> Flow[Matches]:
    """How many documents and chunks a query finds by its words."""
    rows = yield statements.count_matches(target.name, query, filter, options)
    return Matches(*rows[0])


def build_index(target: CollectionInfo) -> Flow[bool]:
    """Builds the index that the collection should have and lacks."""
    return (yield from indexing.build(target))
