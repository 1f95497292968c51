"""The public names, and that both clients are the same client."""

import inspect
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import pgretrieve
from pgretrieve import AsyncClient, AsyncCollection, Client, Collection
from pgretrieve.evaluation import aio as async_evaluation
from pgretrieve.evaluation import client as evaluation

ROOT = Path(__file__).parents[2]
PAIRS = [(Client, AsyncClient), (Collection, AsyncCollection), (evaluation, async_evaluation)]


def test_all_is_sorted_and_names_what_is_there():
    assert pgretrieve.__all__ == sorted(pgretrieve.__all__)
    public = {
        name for name, value in vars(pgretrieve).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }  # fmt: skip
    assert public | {"__version__"} == set(pgretrieve.__all__)


def test_the_promised_surface_is_there():
    promised = {
        "connect", "connect_async", "migrate", "read_json_lines", "register_encoder", "Client", "AsyncClient",
        "Collection", "AsyncCollection", "Document", "Hit", "Result", "AddResult", "CollectionInfo", "CollectionStats",
        "Chunk", "Facet", "Highlight", "Matches", "Page", "Encoder", "PgretrieveError",
    }  # fmt: skip
    assert promised <= set(pgretrieve.__all__)
    assert set(vars(pgretrieve.errors)) & set(pgretrieve.__all__) == {
        name for name, kind in vars(pgretrieve.errors).items()
        if inspect.isclass(kind) and issubclass(kind, pgretrieve.PgretrieveError)
    }  # fmt: skip


@pytest.mark.parametrize("name", [name for name in pgretrieve.__all__ if name != "__version__"])
def test_every_public_name_says_what_it_is(name):
    # Of a dataclass, its own docstring and not the signature that Python makes up.
    doc = inspect.getdoc(getattr(pgretrieve, name)) or ""
    assert doc
    assert not doc.startswith(f"{name}(")


def methods(kind):
    """Those of the classes that it is put together from, too; of a module its functions."""
    if isinstance(kind, ModuleType):
        own = {name: value for name, value in vars(kind).items() if inspect.isfunction(value)}
        return {name: value for name, value in own.items() if value.__module__ == kind.__name__ and name[0] != "_"}
    parts = [part for part in kind.__mro__ if part is not object]
    return {name: value for part in parts for name, value in vars(part).items() if not name.startswith("_")}


@pytest.mark.parametrize(("sync", "async_"), PAIRS)
def test_both_clients_have_the_same_names(sync, async_):
    assert list(methods(sync)) == list(methods(async_))


def _modulo_async(annotation):
    return annotation.replace("Async", "") if isinstance(annotation, str) else annotation


@pytest.mark.parametrize(
    ("sync", "async_", "name"),
    [(*pair, name) for pair in PAIRS for name, method in methods(pair[0]).items() if inspect.isfunction(method)],
)
def test_both_clients_have_the_same_signatures(sync, async_, name):
    ours, theirs = inspect.signature(getattr(sync, name)), inspect.signature(getattr(async_, name))
    theirs_function = getattr(async_, name)
    assert inspect.iscoroutinefunction(theirs_function) or inspect.isasyncgenfunction(theirs_function)
    assert list(ours.parameters) == list(theirs.parameters)
    for parameter in ours.parameters:
        one, other = ours.parameters[parameter], theirs.parameters[parameter]
        assert (one.kind, _modulo_async(one.annotation)) == (other.kind, _modulo_async(other.annotation))
        # Progress that nobody watches is a function of each module.
        assert one.default == other.default or one.default.__name__ == other.default.__name__
    assert _modulo_async(ours.return_annotation) == _modulo_async(theirs.return_annotation)


@pytest.mark.parametrize("kind", [Client, Collection, evaluation])
def test_every_method_of_the_clients_has_a_docstring(kind):
    assert [name for name, method in methods(kind).items() if not inspect.getdoc(method)] == []


USAGE = """
from collections.abc import Sequence
from typing import Any, assert_type

import numpy as np
import pgretrieve
from numpy.typing import NDArray

class Mine:
    dimensions = 3
    max_tokens = 8
    special_tokens = 0

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 3), dtype=np.float32)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_documents(texts)

    def token_spans(self, texts: Sequence[str]) -> list[Sequence[tuple[int, int]]]:
        return [[(0, len(text))] for text in texts]

pgretrieve.register_encoder("mine", Mine)

with pgretrieve.connect("postgresql://host/db") as db:
    assert_type(db, pgretrieve.Client)
    docs = db.create_collection("docs", encoder=None, dimensions=3)
    assert_type(docs, pgretrieve.Collection)
    done = docs.add([{"id": "a", "text": "x"}, pgretrieve.Document("b", "y")], embeddings=np.ones((2, 3)))
    assert_type(done, pgretrieve.AddResult)
    docs.add(pgretrieve.read_json_lines("docs.jsonl"), on_progress=print)
    hits = docs.search("x", k=5, mode="dense", embedding=[1.0, 0.0], filter={"team": "a"}, options={"exact": True})
    assert_type(hits, pgretrieve.Result)
    assert_type(hits[0], pgretrieve.Hit)
    assert_type(hits[:2], pgretrieve.Result)
    assert_type(hits[0].relevance, float | None)
    assert_type([hit.document_id for hit in hits], list[str])
    assert_type(docs.sql("x"), tuple[str, dict[str, Any]])
    assert_type(docs.explain("x"), dict[str, Any])
    for page in docs.pages("x", page_size=5):
        assert_type(page, pgretrieve.Page)
        assert_type(page.next_cursor, str | None)
    assert_type(docs.highlight(hits[:3], "x"), list[pgretrieve.Highlight])
    assert_type(docs.highlight([1, 2], "x", options={"html": False})[0].spans, tuple[tuple[int, int], ...])
    assert_type(docs.neighbours(hits[0], before=2), list[pgretrieve.Chunk])
    assert_type(docs.facets(["team"], "x"), list[pgretrieve.Facet])
    assert_type(docs.count_matches("x", filter={"team": "a"}), pgretrieve.Matches)
    assert_type(docs.delete(["a"]), int)
    assert_type(docs.count(), int)
    assert_type(docs.stats(), pgretrieve.CollectionStats)
    assert_type(docs.info, pgretrieve.CollectionInfo)
    assert_type(db.collection("docs"), pgretrieve.Collection)
    assert_type(db.collections(), list[pgretrieve.CollectionInfo])

async def main() -> None:
    async with await pgretrieve.connect_async() as db:
        assert_type(db, pgretrieve.AsyncClient)
        docs = await db.create_collection("docs")
        assert_type(docs, pgretrieve.AsyncCollection)
        assert_type(await docs.search("x"), pgretrieve.Result)
        assert_type(await docs.add([]), pgretrieve.AddResult)
        assert_type(await docs.embed_pending(), int)
        async for page in docs.pages("x"):
            assert_type(page, pgretrieve.Page)
        assert_type(await docs.neighbours(1), list[pgretrieve.Chunk])
        assert_type(await db.collection("docs"), pgretrieve.AsyncCollection)

try:
    docs.search("")
except pgretrieve.PgretrieveError as error:
    assert_type(error.hint, str)
"""


def test_public_usage_has_the_types_it_should(tmp_path):
    snippet = tmp_path / "usage.py"
    snippet.write_text(USAGE)
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", ROOT / ".mypy_cache", snippet],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env=os.environ | {"MYPYPATH": str(ROOT)},
    )  # fmt: skip
    assert [line for line in ran.stdout.splitlines() if line.startswith(str(snippet))] == []
    assert ran.returncode == 0, ran.stdout + ran.stderr
