"""What users of other systems complain about in the fusion of words and meaning, each as a test of this one."""

from typing import Any

import psycopg
import pytest

import pgretrieve
from tests.sql.histories import rows

METHODS = ["blend", "rrf", "rrf_imputed", "minmax", "zscore", "dbsf"]
QUERY = [1.0, 0.0, 0.0]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    """200 documents, the lower the number the nearer; error codes that only words tell apart."""
    docs = shared_db.create_collection("docs", encoder=None, dimensions=3, language="simple")
    docs.add(
        [{"id": str(n), "text": f"error e{n:04} of machine m{n % 10} in hall h{n % 3}"} for n in range(200)],
        embeddings=[[1, 0.02 * n, 0] for n in range(200)],
    )
    return docs


def ids(docs: pgretrieve.Collection, query: str = "", **arguments: Any) -> list[str]:
    return [hit.document_id for hit in docs.search(query, **{"embedding": QUERY} | arguments)]


@pytest.mark.parametrize("method", ["blend", "rrf", "rrf_imputed"])
def test_what_only_words_find_is_on_the_first_page(docs: pgretrieve.Collection, method: str) -> None:
    """Scores of words and meaning are on different scales, so hits of words come last (llama_index#10576)."""
    unknown_to_the_encoder = [0.1, 0.0, 1.0]
    assert "150" not in ids(docs, "e0150", mode="dense", embedding=unknown_to_the_encoder)
    found = ids(docs, "e0150", embedding=unknown_to_the_encoder, options={"fusion": method})
    assert found.index("150") <= 1


def test_vectors_that_know_nothing_do_not_drown_words(docs: pgretrieve.Collection) -> None:
    """Hybrid search in a language that the encoder was not made for finds less than words alone.

    Whatever is nearest to such a query is no nearer than any chunks are to each other, and says nothing by it.
    """
    unlike_anything = [-1.0, 0.3, 0.2]
    nearest = ids(docs, "e0010", mode="dense", embedding=unlike_anything)
    assert int(nearest[-1]) > 150  # of 200: the farthest from what is sought
    assert ids(docs, "e0010", embedding=unlike_anything)[0] == "10"


@pytest.mark.parametrize("method", METHODS)
def test_hybrid_is_neither_leg_alone(docs: pgretrieve.Collection, method: str) -> None:
    """Hybrid results were those of vectors (llama_index#11851)."""
    words, meaning = ids(docs, "m7 h2", mode="keyword"), ids(docs, "m7 h2", mode="dense")
    both = ids(docs, "m7 h2", options={"fusion": method})
    assert both not in (words, meaning)
    assert set(both) & set(words)
    assert set(both) & set(meaning)


@pytest.mark.parametrize("rrf_k", [60, 1, 0])
def test_reciprocal_ranks_of_whole_numbers_are_fractions(
    shared_sql: psycopg.Connection[Any], docs: Any, rrf_k: int
) -> None:
    """1 / (60 + 1) was worked out in whole numbers, and every score was 0 (LocalAGI#493)."""
    found = rows(
        shared_sql,
        "select score, dense_rank, keyword_rank"
        "  from pgretrieve.search(%s, 'm7', embedding => '[1,0,0]', options => %s)",
        docs.name,
        f'{{"fusion": "rrf", "rrf_k": {rrf_k}, "weights": {{"dense": 1, "keyword": 2}}}}',
    )
    for score, dense, keyword in found:
        assert score == pytest.approx((1 / (rrf_k + dense) if dense else 0) + (2 / (rrf_k + keyword) if keyword else 0))
    assert 0 < found[-1][0] < found[0][0]


def test_good_in_both_lists_goes_before_first_in_one(docs: pgretrieve.Collection) -> None:
    """A constant of 2 lets the first of one list win over what both lists hold (nextcloud-mcp-server#1199)."""
    options = {"fusion": "rrf", "depth": 100}
    found = docs.search("e0199 m7", embedding=QUERY, k=50, options=options)
    only_words = next(hit for hit in found if hit.document_id == "199")
    assert (only_words.keyword_rank, only_words.dense_rank) == (1, None)
    in_both = [hit for hit in found if hit.dense_rank and hit.keyword_rank]
    assert in_both
    assert min(hit.rank for hit in in_both) < only_words.rank
    narrow = docs.search("e0199 m7", embedding=QUERY, options=options | {"rrf_k": 0})
    assert next(hit.rank for hit in narrow if hit.document_id == "199") <= 2


@pytest.mark.parametrize("method", METHODS)
def test_a_leg_that_weighs_more_counts_for_more(docs: pgretrieve.Collection, method: str) -> None:
    """Linear fusion ranked the worst first (lancedb#3154); weights and alpha were ignored (LlamaIndex, R2R)."""
    words = ids(docs, "m7 h2", mode="keyword", k=5)
    meaning = ids(docs, "m7 h2", mode="dense", k=5)
    for leg, other, alone in (("keyword", "dense", words), ("dense", "keyword", meaning)):
        assert ids(docs, "m7 h2", k=5, options={"fusion": method, "weights": {leg: 1, other: 0}}) == alone
        assert ids(docs, "m7 h2", k=5, options={"fusion": method, "weights": {leg: 1e6, other: 1}})[0] == alone[0]


@pytest.mark.parametrize("method", ["blend", "minmax", "zscore"])
def test_a_score_is_the_same_on_any_page_of_any_size(docs: pgretrieve.Collection, method: str) -> None:
    """Fused scores move with the size of the page (neural-search#325)."""
    options = {"fusion": method}
    scores = {hit.document_id: hit.score for hit in docs.search("m7 h2", embedding=QUERY, k=200, options=options)}
    for arguments in ({"k": 3}, {"k": 30}, {"options": options | {"depth": 400}}):
        hits = docs.search("m7 h2", **{"embedding": QUERY, "options": options} | arguments)
        assert {hit.document_id: hit.score for hit in hits}.items() <= scores.items()
    paged = [hit for page in docs.pages("m7 h2", embedding=QUERY, page_size=9, options=options) for hit in page]
    assert {hit.document_id: hit.score for hit in paged} == scores


def test_a_hit_has_its_rank_and_score_of_each_leg(docs: pgretrieve.Collection) -> None:
    """Only the fused score is told (qdrant#5116), or a sentinel stands for no rank (pgEdge Vectorizer)."""
    alone = {
        mode: {hit.document_id: hit for hit in docs.search("m7 h2", embedding=QUERY, mode=mode, k=200)}
        for mode in ("dense", "keyword")
    }
    for hit in docs.search("m7 h2", embedding=QUERY, k=50):
        assert hit.dense_score == alone["dense"][hit.document_id].dense_score
        words = alone["keyword"].get(hit.document_id)
        assert hit.keyword_score == (words.keyword_score if words else None)
        assert hit.dense_rank is None or hit.dense_rank == alone["dense"][hit.document_id].rank
        assert hit.keyword_rank is None or (words and hit.keyword_rank == words.rank)


@pytest.mark.parametrize("method", METHODS)
def test_grouped_and_ungrouped_searches_agree(db: pgretrieve.Client, method: str) -> None:
    """Groups are fused otherwise than rows, so the best group is not that of the best row (qdrant#9764)."""
    docs = db.create_collection("docs", encoder=None, dimensions=3, language="simple")
    docs.add(
        [{"id": str(n), "text": f"w{n % 5} v{n % 7}", "metadata": {"team": f"t{n % 4}"}} for n in range(60)],
        embeddings=[[1, (n * 37 % 60) / 20, 0] for n in range(60)],
    )
    options = {"fusion": method, "depth": 60}
    every = docs.search("w1 v3", embedding=QUERY, k=60, options=options)
    first: dict[str, float] = {}
    for hit in every:
        first.setdefault(hit.metadata["team"], hit.score)
    grouped = docs.search("w1 v3", embedding=QUERY, k=10, options=options | {"group_by": "metadata.team"})
    assert [(hit.metadata["team"], hit.score) for hit in grouped] == list(first.items())


def test_one_query_leaves_nothing_for_the_next(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """The first hybrid query, text and all, was used for all later ones (langchain-postgres#288)."""
    options: dict[str, Any] = {"weights": {"keyword": 3}, "fusion": "rrf", "min_match": 1}
    before = repr(options)
    asked = [("e0003", options), ("e0004", None), ("e0005", options), ("m7", {"fusion": "minmax"}), ("m8", None)]
    alone = []
    for query, given in asked:
        with pgretrieve.connect(shared_sql.info.dsn) as db:
            alone.append(list(db.collection("docs").search(query, embedding=QUERY, options=given)))
    for _ in range(3):
        assert [list(docs.search(query, embedding=QUERY, options=given)) for query, given in asked] == alone
    assert repr(options) == before


def test_both_legs_filter_and_fusion_are_one_statement(
    docs: pgretrieve.Collection, shared_sql: psycopg.Connection[Any]
) -> None:
    """Two queries fused by the client (LangChain, LlamaIndex, R2R), or a recipe to copy (paradedb#5764)."""
    condition = {"$ids": ["7", "17", "27"]}
    statement, parameters = docs.sql("m7 h2", embedding=QUERY, k=3, filter=condition)
    with shared_sql.cursor() as cursor:
        found = cursor.execute(statement, parameters).fetchall()
        assert not cursor.nextset()
    hits = docs.search("m7 h2", embedding=QUERY, k=3, filter=condition)
    assert [row[0] for row in found] == [hit.document_id for hit in hits]
    assert all(hit.dense_rank and hit.keyword_rank for hit in hits)
