"""What the tests read in a Markdown file: fenced blocks, headings, links."""

import re
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path

ROOT = Path(__file__).parents[2]

# benchmarks.md is written by the benchmarks; what it shows takes hours.
PAGES = [ROOT / "README.md", *(p for p in sorted((ROOT / "docs").glob("*.md")) if p.name != "benchmarks.md")]

_FENCE = re.compile(r"^```(\w*)$\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SKIP = re.compile(r"<!-- not run: (.+?) -->\s*$")


@dataclass(frozen=True)
class Block:
    """A fenced block. ``skip`` is the reason not to run it; ``expected`` the text block that follows at once."""

    language: str
    text: str
    line: int
    skip: str | None
    expected: str | None


def blocks(page: Path) -> list[Block]:
    text = page.read_text()
    fences = list(_FENCE.finditer(text))
    found = []
    for fence, after in zip_longest(fences, fences[1:]):
        follows = after is not None and after[1] == "text" and not text[fence.end() : after.start()].strip()
        skip = _SKIP.search(text[: fence.start()])
        found.append(
            Block(
                fence[1],
                fence[2],
                text.count("\n", 0, fence.start()) + 1,
                skip[1] if skip else None,
                after[2] if follows else None,
            )
        )
    return found


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    """The anchors of headings, made as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> list[str]:
    """Targets of links and pictures, without those of other sites."""
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    return [t for t in targets if not re.match(r"[a-z]+:", t)]


def section(page: Path, title: str) -> str | None:
    """What stands under a heading ``#### `title` ``."""
    parts = re.split(r"^(#+ .+)$", page.read_text(), flags=re.MULTILINE)
    return next((body for heading, body in pairwise(parts) if heading.lstrip("# ") == f"`{title}`"), None)
