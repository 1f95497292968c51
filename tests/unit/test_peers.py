"""The benchmark of peers: what is registered, what is skipped, and that a peer of the protocol's shape is measured."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpora import Corpus, Document
from benchmarks.peers import measure, page, registry
from benchmarks.peers.base import Place, reciprocal_rank_fusion

ROOT = Path(__file__).parents[2]
DOCUMENTS, PASSING = 1_000, 10


class Fake:
    """Compares with everything; knows words only as an empty query that it refuses."""

    packages = ("numpy", "not-a-package")
    hybrid = True
    setup = "a list"

    def __init__(self, _place):
        self.closed = False

    def add(self, passages, vectors):
        self.passages, self.vectors = passages, vectors

    def tune(self, ef_search):
        self.ef_search = ef_search

    def search(self, query, vector, k, filter=None):  # noqa: A002
        if not query:
            raise ValueError("no query")
        return self.dense(vector, k, filter)

    def dense(self, vector, k, filter=None):  # noqa: A002
        order = np.argsort(-(self.vectors @ vector), kind="stable")
        passing = (self.passages[i] for i in order if (filter or {}).items() <= self.passages[i].metadata.items())
        return [passage.id for passage in passing][:k]

    def close(self):
        self.closed = True


class Forgetful(Fake):
    """Looks for neighbours first and filters what it found."""

    def dense(self, vector, k, filter=None):  # noqa: A002
        near = super().dense(vector, max(k, 100))
        passing = {p.id for p in self.passages if (filter or {}).items() <= p.metadata.items()}
        return [found for found in near if found in passing][:k]


class Broken(Fake):
    def add(self, _passages, _vectors):
        raise OSError("the disk is full")


@pytest.fixture
def corpus():
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((DOCUMENTS, 8)).astype(np.float16)
    queries = {f"q{i}": f"question {i}" for i in range(12)}
    return Corpus(
        "tiny", [Document(str(i), "", f"passage {i}") for i in range(DOCUMENTS)], queries,
        qrels={query: {str(i): 1} for i, query in enumerate(queries)}, vectors=vectors, query_vectors=vectors[:12],
    )  # fmt: skip


@pytest.fixture
def place(tmp_path):
    return Place("peers_tiny", "host=/run/sockets port=5 user=me dbname=bench", None, tmp_path, 8)


def quiet(_label):
    return lambda _done, _total: None


def test_what_is_not_installed_is_named_and_skipped(monkeypatch):
    listed = {"here": f"{__name__}:Fake", "elsewhere": "benchmarks.peers.not_there:Nothing"}
    monkeypatch.setattr(registry, "PEERS", listed)
    missing = []
    found = registry.available(listed, lambda name, why: missing.append((name, type(why))))
    assert {name: kind.__name__ for name, kind in found.items()} == {"here": "Fake"}
    assert missing == [("elsewhere", ModuleNotFoundError)]
    assert registry.versions(Fake) == f"numpy {np.__version__}, not-a-package (sources)"


def test_every_registered_peer_has_a_module_and_a_class():
    for target in registry.PEERS.values():
        module, _, attribute = target.partition(":")
        assert f"class {attribute}" in (ROOT / module.replace(".", "/")).with_suffix(".py").read_text()


def test_the_module_imports_without_any_peer():
    packages = ["langchain_core", "langchain_postgres", "llama_index", "haystack", "haystack_integrations", "lancedb",
                "chromadb", "tantivy", "faiss"]  # fmt: skip
    program = f"""
import sys
sys.modules.update(dict.fromkeys({packages}))
import benchmarks.peers.__main__
from benchmarks.peers.registry import PEERS, available
print(*available(PEERS, lambda name, why: None), sep='; ')"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "pgretrieve; pgretrieve, rrf; SQL recipe"


def test_speed_measures_what_a_peer_does(corpus, place):
    failed = []
    peers = {"pgretrieve": Fake, "forgetful": Forgetful, "broken": Broken}
    measured = measure.speed(
        corpus, peers, lambda _: place, 10, quiet, lambda name, why: failed.append((name, str(why)))
    )
    fake, forgetful = measured["peers"]["pgretrieve"], measured["peers"]["forgetful"]
    assert fake["recall"] == 1
    assert fake["ef_search"] == measure.LADDER[0]
    assert fake["search"]["ratio"]["value"] == 1
    assert fake["filtered"] == {
        "hybrid_rows": 10, "hybrid_short": 0, "dense_rows": 10, "dense_recall": 1, "wrong": 0,
    }  # fmt: skip
    assert forgetful["filtered"]["dense_rows"] < 5
    assert forgetful["filtered"]["hybrid_short"] == 1
    assert fake["inputs"]["empty"]["error"] == "ValueError"
    assert fake["inputs"]["NUL byte"]["rows"] == 10
    assert all(outcome["works_after"] for outcome in fake["inputs"].values())
    assert ("broken", "the disk is full") in failed


def test_quality_counts_a_query_that_fails_as_one_that_found_nothing(corpus, place):
    class Half(Fake):
        def search(self, query, vector, k, filter=None):  # noqa: A002
            if int(query.split()[1]) % 2:
                raise ValueError(query)
            return super().search(query, vector, k, filter)

    measured = measure.quality(corpus, {"fake": Fake, "half": Half}, place, quiet, lambda *_: None)
    assert measured["peers"]["fake"] == {"ndcg": 1, "recall": 1, "failed": 0}
    assert measured["peers"]["half"] == {"ndcg": 0.5, "recall": 0.5, "failed": 6}


def test_the_section_of_the_page_is_replaced_and_nothing_else(corpus, place, tmp_path):
    peers = {"pgretrieve": Fake}
    results = {
        "settings": {"PostgreSQL": "18"}, "versions": {"pgretrieve": "numpy 2"}, "setup": {"pgretrieve": "a list"},
        "quality": [measure.quality(corpus, peers, place, quiet, lambda *_: None)],
        "speed": measure.speed(corpus, peers, lambda _: place, 10, quiet, lambda *_: None),
    }  # fmt: skip
    text = tmp_path / "page.md"
    text.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    page.write(text, results)
    written = text.read_text()
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert "old" not in written
    assert "| pgretrieve | 1.000 / 1.000 | 1.000 / 1.000 |" in written
    assert "**1,000 passages**" in written
    assert len(page.tables(results)) == 4


def test_urls_name_a_socket_or_a_host(place):
    assert place.url("asyncpg") == "postgresql+asyncpg://me@/bench?host=%2Frun%2Fsockets&port=5"
    there = place._replace(dsn="host=db.example port=6 user=me password=p@ss dbname=bench")
    assert there.url("psycopg2") == "postgresql+psycopg2://me:p%40ss@db.example:6/bench"


def test_fusion_by_rank():
    assert reciprocal_rank_fusion([["a", "b"], ["b", "c"]], 2) == ["b", "a"]
    assert reciprocal_rank_fusion([[], []], 2) == []
