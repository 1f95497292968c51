"""Links resolve, pictures are those of their sources, and nothing names what a reader does not have."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.markdown import PAGES, ROOT, anchors, links

# A page that others write, but link to.
ALL_PAGES = [*PAGES, ROOT / "docs" / "benchmarks.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_resolve(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page) if link[0] != "#"]
    assert {p for p in ALL_PAGES if p.exists()} <= seen


PICTURES = sorted((ROOT / "docs" / "images").glob("*.dot"))


def drawn(svg: str) -> list[str]:
    """What a picture says, whatever release of Graphviz laid it out: nodes, edges, words."""
    return sorted(re.findall(r"<title>(.*?)</title>|<text [^>]*>(.*?)</text>", svg))


@pytest.mark.parametrize("source", PICTURES, ids=lambda source: source.stem)
def test_pictures_are_those_of_their_sources(source: Path) -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    made = subprocess.run(["dot", "-Tsvg", source], capture_output=True, text=True, check=True).stdout
    assert drawn(source.with_suffix(".svg").read_text()) == drawn(made), "draw it again; docs/architecture.md says how"


@pytest.mark.parametrize("source", PICTURES, ids=lambda source: source.stem)
def test_pictures_are_shown_somewhere(source: Path) -> None:
    assert any(f"images/{source.stem}.svg" in page.read_text() for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_that_are_named_exist(page: Path) -> None:
    """Paths such as `sql/collection/bm25.sql` in running text."""
    named = re.findall(r"`((?:sql|migrations|pgretrieve|tests|docs|docker|benchmarks)/[\w./*-]+)`", page.read_text())
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_lines_are_not_endless(page: Path) -> None:
    long = [
        number for number, line in enumerate(page.read_text().splitlines(), 1)
        if len(line) > 132 and not line.startswith(("|", "!["))
    ]  # fmt: skip
    assert long == []
