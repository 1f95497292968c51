"""Judged queries in files: BEIR folders, TREC qrels, and data sets of ir_datasets."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from pgretrieve import errors
from pgretrieve.evaluation.judged import QuerySet

HEADER = ("query-id", "corpus-id", "score")


def read_folder(folder: str | Path, split: str | None = None) -> QuerySet:
    """A folder as BEIR has it: queries.jsonl, and qrels.tsv or qrels/SPLIT.tsv; each may end in .gz.

    Args:
        folder: where they lie.
        split: which queries: those of qrels/SPLIT.tsv, or those that splits/SPLIT.txt names. By default 'test' if there
            is one, else the only one; 'all' for all.

    Raises:
        InvalidInput: a file is missing or cannot be read; the line is named.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise errors.InvalidInput(f"{str(folder)!r} is not a folder", "Give one with queries.jsonl and qrels")
    queries_file = _one_of(folder, "queries.jsonl", "queries.tsv")
    if queries_file is None:
        raise errors.InvalidInput(
            f"there is no queries.jsonl in {str(folder)!r}", "A folder as BEIR has it holds queries.jsonl and qrels"
        )
    queries, embeddings = read_asked(queries_file)
    judgements = {query: grades for query, grades in _judgements_of(folder, split).items() if query in queries}
    return QuerySet(queries, judgements, embeddings, folder.resolve().name)


def _judgements_of(folder: Path, split: str | None) -> dict[str, dict[str, int]]:
    """By default the split 'test', else the only one."""
    whole = _one_of(folder, "qrels.tsv", "qrels.txt", "qrels.trec")
    if whole is not None:
        judgements = read_qrels(whole)
        lists = {path.stem: path for path in sorted((folder / "splits").glob("*.txt"))}
        chosen = _chosen(split, lists, folder) if lists or split not in (None, "all") else None
        if chosen is None:
            return judgements
        wanted = set(lists[chosen].read_text(encoding="utf-8").split())
        return {query: grades for query, grades in judgements.items() if query in wanted}
    parts = {path.name.partition(".")[0]: path for path in sorted((folder / "qrels").glob("*.tsv*"))}
    if not parts:
        raise errors.InvalidInput(
            f"there are no judgements in {str(folder)!r}", "A folder as BEIR has it holds qrels.tsv or qrels/test.tsv"
        )
    chosen = _chosen(split, parts, folder)
    judgements = defaultdict(dict)
    for path in parts.values() if chosen is None else [parts[chosen]]:
        for query, grades in read_qrels(path).items():
            judgements[query].update(grades)
    return dict(judgements)


def _chosen(split: str | None, known: Mapping[str, Path], folder: Path) -> str | None:
    """The name of the split; None for all."""
    if split == "all":
        return None
    if split is None and ("test" in known or len(known) == 1):
        return "test" if "test" in known else next(iter(known))
    if split in known:
        return split
    problem = "has several splits" if split is None else f"has no split {split!r}"
    raise errors.InvalidInput(f"{str(folder)!r} {problem}", f"Give one of: {', '.join([*known, 'all'])}")


def _one_of(folder: Path, *names: str) -> Path | None:
    candidates = (folder / f"{name}{end}" for name in names for end in ("", ".gz"))
    return next((path for path in candidates if path.is_file()), None)


def read_queries(path: str | Path) -> dict[str, str]:
    """Texts of queries by id: JSON Lines with _id (or id) and text, or lines of id, tab, text."""
    return read_asked(path)[0]


def read_asked(path: str | Path) -> tuple[dict[str, str], dict[str, list[float]]]:
    """As ``read_queries``, and the embeddings of those lines that bring one."""
    queries: dict[str, str] = {}
    embeddings: dict[str, list[float]] = {}
    form = 'A line is {"_id": "1", "text": "..."}, or id, tab, text'
    for place, line in read_lines(path):
        embedding = None
        if line.lstrip().startswith("{"):
            try:
                given = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise errors.InvalidInput(f"{place} is not valid JSON: {error}", form) from None
            identifier, text, embedding = given.get("_id", given.get("id")), given.get("text"), given.get("embedding")
        else:
            identifier, _, text = line.partition("\t")
        if identifier in (None, "") or not isinstance(text, str) or not text.strip():
            raise errors.InvalidInput(f"{place} is no query with an id and a text", form)
        queries[str(identifier)] = text.strip()
        if embedding is not None:
            if not isinstance(embedding, list) or not all(type(x) in (int, float) for x in embedding):
                raise errors.InvalidInput(f"{place} has an embedding that is not an array of numbers", form)
            embeddings[str(identifier)] = embedding
    return queries, embeddings


def read_qrels(path: str | Path) -> dict[str, dict[str, int]]:
    """Grades by query and document: lines of query, document, grade (BEIR), or query, 0, document, grade (TREC)."""
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    for number, (place, line) in enumerate(read_lines(path)):
        parts = line.split("\t") if line.count("\t") == 2 else line.split()
        parts = [part.strip() for part in parts]
        if number == 0 and tuple(parts) == HEADER:
            continue
        try:
            query, document, grade = (parts[0], parts[2], parts[3]) if len(parts) == 4 else parts
            judgements[query][document] = int(grade)
        except ValueError:
            raise errors.InvalidInput(
                f"{place} is no judgement: {line[:80]!r}",
                "A line is query, document, grade with tabs between, or query, 0, document, grade as TREC has it",
            ) from None
    return dict(judgements)


def read_dataset(name: str) -> QuerySet:
    """Queries and judgements of a data set of ir_datasets, by its name there.

    Raises:
        MissingDependency: ir_datasets is not installed.
        InvalidInput: it knows no such data set, or none with queries and judgements.
    """
    if not find_spec("ir_datasets"):
        raise errors.MissingDependency("data sets by name need the package ir_datasets", "Run: pip install ir-datasets")
    library: Any = import_module("ir_datasets")
    try:
        dataset = library.load(name)
    except KeyError:
        raise errors.InvalidInput(f"ir_datasets has no data set {name!r}", "See https://ir-datasets.com") from None
    if not (dataset.has_queries() and dataset.has_qrels()):
        raise errors.InvalidInput(
            f"the data set {name!r} has no queries with judgements", "Give a part of it that has, such as NAME/test"
        )
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    for judgement in dataset.qrels_iter():
        judgements[judgement.query_id][judgement.doc_id] = int(judgement.relevance)
    queries = {query.query_id: query.default_text() for query in dataset.queries_iter()}
    return QuerySet(queries, {q: grades for q, grades in judgements.items() if q in queries}, name=name)


def write_folder(
    folder: str | Path, given: QuerySet, documents: Iterable[Mapping[str, Any]] | None = None, split: str = "test"
) -> None:
    """Writes a folder as BEIR has it: queries.jsonl, qrels/SPLIT.tsv, and corpus.jsonl if documents are given."""
    folder = Path(folder)
    with writing(folder / "qrels" / f"{split}.tsv"):
        (folder / "qrels").mkdir(parents=True, exist_ok=True)
        with (folder / "qrels" / f"{split}.tsv").open("w", encoding="utf-8") as out:
            print(*HEADER, sep="\t", file=out)
            for query, document, grade in _sorted(given):
                print(query, document, grade, sep="\t", file=out)
        queries = ({"_id": query, "text": text} for query, text in given.queries.items())
        _write_json_lines(folder / "queries.jsonl", queries)
        if documents is not None:
            _write_json_lines(folder / "corpus.jsonl", documents)


def write_qrels(path: str | Path, given: QuerySet) -> None:
    """Writes judgements as TREC has them: query, 0, document, grade.

    Raises:
        InvalidInput: an id holds white space, which the format cannot hold.
    """
    with writing(Path(path)), open(path, "w", encoding="utf-8") as out:
        for query, document, grade in _sorted(given):
            require_one_word(query, document)
            print(query, 0, document, grade, file=out)


def require_one_word(*ids: str) -> None:
    """Raises InvalidInput if an id has white space: in files of TREC it ends a column."""
    if broken := next((one for one in ids if len(one.split()) != 1), None):
        raise errors.InvalidInput(
            f"the id {broken!r} holds white space, which files of TREC cannot hold", "Export a BEIR folder instead"
        )


def _sorted(given: QuerySet) -> Iterator[tuple[str, str, int]]:
    for query in given.queries:
        for document, grade in sorted(given.judgements.get(query, {}).items()):
            yield query, document, grade


def _write_json_lines(path: Path, values: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for value in values:
            out.write(json.dumps(value, ensure_ascii=False) + "\n")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Says which file cannot be written."""
    try:
        yield
    except OSError as error:
        raise errors.InvalidInput(
            f"{str(path)!r} cannot be written: {error.strerror or error}", "Check the path"
        ) from None


def read_lines(path: str | Path) -> Iterator[tuple[str, str]]:
    """Lines that are not blank, each with its place for messages; .gz is unpacked."""
    try:
        with _open(Path(path)) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path} line {number}", line.rstrip("\r\n")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise errors.InvalidInput(f"{path} is not text in UTF-8: {error}", "Convert the file") from None
    except OSError as error:
        raise errors.InvalidInput(f"{path} cannot be read: {error.strerror or error}", "Check the path") from None


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")
