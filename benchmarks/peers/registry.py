"""Which peers there are. A new one is a module of its own and a line here."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.peers.base import Peer

# Name as it is shown: module and class. Modules are imported when they are asked for.
PEERS = {
    "pgretrieve": "benchmarks.peers.own:Own",
    "pgretrieve, rrf": "benchmarks.peers.own:OwnRrf",
    "SQL recipe": "benchmarks.peers.recipe:Recipe",
    "LangChain": "benchmarks.peers.langchain:LangChain",
    "LlamaIndex": "benchmarks.peers.llama_index:LlamaIndex",
    "LlamaIndex, hybrid mode": "benchmarks.peers.llama_index:LlamaIndexHybridMode",
    "Haystack": "benchmarks.peers.haystack:Haystack",
    "LanceDB": "benchmarks.peers.lance:Lance",
    "Chroma": "benchmarks.peers.chroma:Chroma",
    "tantivy + faiss": "benchmarks.peers.in_process:TantivyFaiss",
}


def available(names: Iterable[str], on_missing: Callable[[str, Exception], None]) -> dict[str, type[Peer]]:
    """The classes of the peers whose packages are installed; the others are reported."""
    found: dict[str, type[Peer]] = {}
    for name in names:
        module, _, attribute = PEERS[name].partition(":")
        try:
            found[name] = getattr(import_module(module), attribute)
        except ImportError as missing:
            on_missing(name, missing)
    return found


def versions(peer: type[Peer]) -> str:
    """Packages and versions of a peer, such as 'tantivy 0.27.0, faiss-cpu 1.15.1'."""
    return ", ".join(f"{package} {_version(package)}" for package in peer.packages)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # pgretrieve itself, run from its sources
        return "(sources)"
