"""Run files of TREC: query, Q0, document, rank, score, name."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from pgretrieve import errors
from pgretrieve.evaluation.folders import read_lines, require_one_word, writing
from pgretrieve.evaluation.running import Found, Run


def write_run(path: str | Path, run: Run) -> None:
    """Writes what a run found. Scores are as the search gave them, but that each is below the one before.

    Readers of such files go by the score, as a number of 4 bytes, and order what is tied by document.

    Raises:
        InvalidInput: an id holds white space, which the format cannot hold; or the file cannot be written.
    """
    name = "-".join(run.name.split())
    with writing(Path(path)), open(path, "w", encoding="utf-8") as out:
        for query, hits in run.hits.items():
            last = np.float32(np.inf)
            for rank, hit in enumerate(hits, 1):
                require_one_word(query, hit.document_id)
                last = min(np.float32(hit.score), np.nextafter(last, np.float32(-np.inf)))
                print(query, "Q0", hit.document_id, rank, repr(float(last)), name, file=out)


def read_run(path: str | Path) -> Run:
    """A run from such a file: documents by score, what is tied by their order in the file."""
    found: dict[str, list[Found]] = defaultdict(list)
    name = ""
    for place, line in read_lines(path):
        try:
            query, _, document, _, score, name = line.split()
            found[query].append(Found(document, float(score)))
        except ValueError:
            raise errors.InvalidInput(
                f"{place} is no line of a run: {line[:80]!r}", "A line is query, Q0, document, rank, score, name"
            ) from None
    hits = {query: sorted(documents, key=lambda hit: -hit.score) for query, documents in found.items()}
    return Run(name, {"file": str(path)}, hits, {})
