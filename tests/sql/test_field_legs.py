"""Vectors of fields as legs of a search: option weights switches them on, and they are fused as any other leg."""

import json
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgretrieve
from tests.reference import fusion
from tests.reference.ranking import assert_ranking
from tests.sql.histories import rows
from tests.sql.test_fields import TOLERANCE as BM25F_TOLERANCE
from tests.sql.test_fusion import METHODS, WORDS, alike, queries, vectors

Collection = pgretrieve.Collection
Connection = psycopg.Connection[Any]

SIZE = 200
FIELDS = {"abstract": {"weight": 2, "vector": True}, "title": {"vector": True}, "keywords": 3}


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client, shared_sql: Connection) -> Collection:
    """Documents of one chunk; two of three have an abstract, half of them a title, many vectors are equal."""
    rows(
        shared_sql, "select pgretrieve.create_collection('docs', encoder => null, dimensions => 4, storage => 'vector',"
                    " index => 'none', fields => %s::jsonb)", json.dumps(FIELDS),
    )  # fmt: skip
    rng = np.random.default_rng(3)
    documents = []
    for n in range(SIZE):
        fields = {"abstract": "words"} if n % 3 else {}
        held = [*fields, *(["title"] if n % 2 else [])]
        documents.append({
            "id": str(n), "text": " ".join(rng.choice(WORDS, size=rng.integers(1, 4))), "title": "T" if n % 2 else "",
            "fields": fields, "embedding": rng.integers(1, 4, size=4).tolist(), "metadata": {"half": n % 2},
            "field_embeddings": {field: rng.integers(1, 4, size=4).tolist() for field in held},
        })  # fmt: skip
    rows(shared_sql, "select pgretrieve.add_documents('docs', %s::jsonb)", json.dumps(documents))
    return shared_db.collection("docs")


def field_leg(docs: Collection, sql: Connection, field: str, embedding: list[int], depth: int) -> fusion.Leg:
    schema = docs.info.schema_name
    found = rows(
        sql, f"select chunk_id, score from {schema}.dense_field(%s, %s::text::vector, 1000, true) order by rank",
        field, str(embedding),
    )  # fmt: skip
    sampled = rows(sql, f"select mean from {schema}.background(%s::text::vector)", str(embedding))[0][0]
    scores = dict(found)
    return fusion.Leg([chunk for chunk, _ in found][:depth], scores, [sampled], sampled, alike(docs, sql))


# The others measure the background anew; their formulas are tested with the chunks' own vectors.
@settings(max_examples=80, deadline=None)
@given(
    method=st.sampled_from([method for method in METHODS if method not in {"zscore", "minmax"}]),
    query=queries,
    embedding=vectors,
    mode=st.sampled_from(["hybrid", "dense"]),
    weight=st.fixed_dictionaries(
        {"dense.abstract": st.sampled_from([0.5, 2])},
        optional={"dense.title": st.sampled_from([0, 1]), "dense": st.sampled_from([0, 1]), "keyword": st.just(2)},
    ),
    k=st.sampled_from([1, 5, 60]),
    extra=st.sampled_from([0, 40, 140]),
)
def test_fused_ranking_is_the_oracles(
    docs: Collection,
    shared_sql: Connection,
    method: str,
    query: str,
    embedding: list[int],
    mode: str,
    weight: dict[str, float],
    k: int,
    extra: int,
) -> None:
    depth = k + extra
    legs = {}
    for kind in ("dense", "keyword") if mode == "hybrid" else ("dense",):
        hits = docs.search(query, embedding=embedding, k=SIZE, mode=kind)
        scores = {hit.chunk_id: hit.score for hit in hits}
        legs[kind] = fusion.Leg([hit.chunk_id for hit in hits][:depth], scores, [0], 0, alike(docs, shared_sql))
    for name, value in weight.items():
        if name.startswith("dense.") and value:
            legs[name] = field_leg(docs, shared_sql, name.removeprefix("dense."), embedding, depth)
    options = {"fusion": method, "depth": depth, "weights": weight}
    hits = docs.search(query, embedding=embedding, k=k, mode=mode, options=options)
    expected = fusion.fused(method, legs, weight, depth=depth)
    # of three shares the same ones may sum to another last digit in another order of legs
    by_rank = method.startswith("rrf")
    evidence = {
        chunk: tuple(
            leg.rank(chunk) if by_rank else (leg.rank(chunk) is None, leg.scores.get(chunk)) for leg in legs.values()
        )
        for chunk in expected
    }  # fmt: skip
    assert_ranking(
        [(hit.chunk_id, hit.score) for hit in hits], expected, k, evidence=evidence, tolerance=BM25F_TOLERANCE
    )


@pytest.mark.parametrize("filter_", [None, {"half": 1}, {"none": 1}], ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_explanation_adds_up(docs: Collection, method: str, filter_: dict[str, Any] | None) -> None:
    options = {"fusion": method, "weights": {"dense.title": 0.5, "dense.abstract": 2}, "queries": ["tea"]}
    report = docs.explain("vpn", embedding=[1, 2, 3, 1], filter=filter_, options=options)
    assert sorted(report["legs"]) == ["dense", "dense.abstract", "dense.title", "keyword", "keyword 2"]
    assert report["legs"]["dense.title"]["weight"] == 0.5
    hits = docs.search("vpn", embedding=[1, 2, 3, 1], filter=filter_, options=options)
    assert [hit["chunk_id"] for hit in report["hits"]] == [hit.chunk_id for hit in hits]
    assert [hit["fusion"]["sum"] for hit in report["hits"]] == pytest.approx([hit.score for hit in hits])
    assert len(hits) == (0 if filter_ == {"none": 1} else 10)


def test_a_field_brings_in_what_the_text_does_not(docs: Collection, shared_sql: Connection) -> None:
    embedding = [3, 1, 1, 3]
    [best] = rows(
        shared_sql, f"select chunk_id from {docs.info.schema_name}.dense_field('title', %s::text::vector, 1)",
        str(embedding),
    )  # fmt: skip
    weights = {"dense": 0, "keyword": 0, "dense.title": 1}
    hits = docs.search("zebra", embedding=embedding, k=1, options={"weights": weights, "fusion": "rrf"})
    assert [hit.chunk_id for hit in hits] == list(best)
    assert hits[0].dense_rank == 1
    # by words alone it is not asked
    assert docs.search("tea", options={"weights": weights}) == docs.search("tea")


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"dense.keywords": 1}, "has no vectors of a field 'keywords'"),
        ({"dense.nothing": 1}, "has no vectors of a field 'nothing'"),
        ({"dense.": 1}, "'weights' cannot be"),
        ({"dense.title": -1}, "'weights' cannot be"),
        ({"keyword.title": 1}, "'weights' cannot be"),
    ],
)
def test_what_cannot_be_is_said(docs: Collection, weights: dict[str, float], said: str) -> None:
    with pytest.raises(pgretrieve.InvalidInput, match=said) as caught:
        docs.search("vpn", embedding=[1, 2, 3, 1], options={"weights": weights})
    assert "dense.FIELD" in caught.value.hint or "abstract, title" in caught.value.hint


def test_a_collection_without_such_fields_says_how_to_get_them(db: pgretrieve.Client) -> None:
    plain = db.create_collection("plain", encoder=None, dimensions=2)
    with pytest.raises(pgretrieve.InvalidInput, match="no vectors of a field 'title'") as caught:
        plain.search("vpn", options={"weights": {"dense.title": 1}})
    assert '{"vector": true}' in caught.value.hint
