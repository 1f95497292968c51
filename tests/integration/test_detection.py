"""Documents whose language is told as they are added."""

from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import rows

pytest.importorskip("py3langid")

DOCUMENTS: list[dict[str, Any]] = [
    {"id": "en", "text": "The houses by the river were flooded twice in the spring of last year."},
    {"id": "de", "text": "Die Häuser am Fluss wurden im Frühjahr des letzten Jahres zweimal überschwemmt."},
    {"id": "named", "text": "Die Häuser am Fluss wurden im Frühjahr überschwemmt.", "language": "english"},
    {"id": "short", "text": "404"},
]


def test_documents_get_the_language_that_they_seem_to_be_in(
    db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=2, languages=["german"])
    assert docs.add(DOCUMENTS, detect_language=True).written == 4
    told = dict(rows(sql, f"select external_id, language from {docs.info.schema_name}.document"))
    assert told == {"en": None, "de": "german", "named": None, "short": None}
    # 'Haus' is what the German analyser makes of 'Häuser'
    assert [hit.document_id for hit in docs.search("Haus", mode="keyword")] == ["de"]
    assert docs.add(DOCUMENTS, detect_language=True).unchanged == 4
    assert docs.add(DOCUMENTS).written == 1


def test_a_collection_of_one_language_has_none_to_tell(db: pgretrieve.Client) -> None:
    for languages in ([], ["simple"]):
        docs = db.create_collection(f"docs {languages}", encoder=None, dimensions=2, languages=languages)
        with pytest.raises(pgretrieve.InvalidInput, match="fewer than two can be told") as refused:
            docs.add(DOCUMENTS, detect_language=True)
        assert "Nothing was written" in refused.value.hint
        assert docs.count() == 0
