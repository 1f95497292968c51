"""Cuts as arguments of searches, and calibrating from Python: what is given arrives, what cannot be is refused."""

import json

import pytest
from psycopg.types.json import Jsonb

import pgretrieve
from pgretrieve import InvalidInput, NotCalibrated, NotFound
from pgretrieve.operations import with_cuts
from tests import encoders
from tests.calibrated import documents, questions

QUERY = "river bridge item20"


@pytest.fixture
def subjects(client):
    subjects = client.create_collection("subjects", encoder=encoders.NAME)
    subjects.add(documents())
    return subjects


def judge(sql, relevant, *, of="subjects", count=20):
    """A set 'asked' of questions, with ``relevant`` of each the documents that are judged."""
    asked = questions(count)
    queries = [{"id": one["id"], "text": one["query"]} for one in asked]
    judgements = [
        {"query_id": one["id"], "document_id": document, "grade": grade}
        for one in asked
        for document, grade in relevant(one).items()
    ]
    sql.execute("select pgretrieve.add_queries(%s, 'asked', %s)", [of, Jsonb(queries)])
    sql.execute("select pgretrieve.add_judgements(%s, 'asked', %s)", [of, Jsonb(judgements)])


def test_cuts_are_the_options_of_their_names(client, subjects):
    [fitted] = subjects.calibrate(modes=["keyword"])
    whole = subjects.search(QUERY, mode="keyword", k=20)
    thresholds = {name: dict(pairs) for name, pairs in fitted.thresholds.items()}
    precision = max(thresholds["precision"])
    for arguments, least in (
        ({"target_recall": 0.5}, thresholds["recall"][0.5]),
        ({"target_precision": precision}, thresholds["precision"][precision]),
        ({"target_recall": 0.99, "target_precision": precision}, None),
    ):
        cut = subjects.search(QUERY, mode="keyword", k=20, **arguments)
        assert list(cut) == list(subjects.search(QUERY, mode="keyword", k=20, options=arguments))
        if least is not None:
            assert list(cut) == [hit for hit in whole if hit.relevance >= least]
            assert 0 < len(cut) < len(whole)
        explained = subjects.explain(QUERY, mode="keyword", k=20, **arguments)
        assert [hit["chunk_id"] for hit in explained["hits"]] == [hit.chunk_id for hit in cut]
    gap = subjects.search(QUERY, mode="keyword", k=20, cut="gap")
    assert list(gap) == list(whole)[: len(gap)]
    assert 0 < len(gap) < len(whole)


def test_arguments_stand_in_the_statement_and_none_is_not_given(subjects):
    def options(**given):
        return subjects.sql("x", **given)[1]["options"].obj

    assert options(target_recall=0.9, target_precision=0.2, cut="gap") == {
        "target_recall": 0.9,
        "target_precision": 0.2,
        "cut": "gap",
    }
    assert options(target_recall=None, target_precision=None, cut=None) == options() == {}
    both = {"cut": "gap", "exact": True}
    assert options(options=both, cut="gap", target_recall=None) == both
    assert options(options={"cut": None, "exact": True}, cut="gap") == both
    assert options(options=both, cut=None) == both
    with pytest.raises(InvalidInput, match="options are a dictionary") as raised:
        options(options="exact", cut="gap")
    assert "'exact'" in raised.value.message


def test_the_given_options_stay_as_they_are():
    given = {"exact": True}
    assert with_cuts(given, None, None, "gap") == {"exact": True, "cut": "gap"}
    assert given == {"exact": True}
    assert with_cuts(None, None, None, None) is None
    assert with_cuts(given, None, None, None) is given


def test_pages_take_cuts(db, dsn, runner):
    docs = db.create_collection("docs", encoder=encoders.NAME)
    docs.add(documents())
    docs.calibrate(modes=["keyword"])
    given = {"mode": "keyword", "target_recall": 0.8}
    hits = [hit for page in docs.pages(QUERY, page_size=3, **given) for hit in page.hits]
    assert [hit.chunk_id for hit in hits] == [
        hit.chunk_id for hit in docs.search(QUERY, k=60, options={"depth": 1000}, **given)
    ]
    assert 0 < len(hits) < len(docs.search(QUERY, mode="keyword", k=60))

    async def pages():
        async with await pgretrieve.connect_async(dsn) as client:
            same = await client.collection("docs")
            return [hit async for page in same.pages(QUERY, page_size=3, **given) for hit in page.hits]

    assert runner.run(pages()) == hits
    with pytest.raises(InvalidInput, match="target_recall is"):
        next(docs.pages(QUERY, options={"target_recall": 0.7}, **given))


BAD = [
    ({"target_precision": 2}, "2"),
    ({"target_precision": 0}, "0"),
    ({"target_precision": "high"}, "high"),
    ({"target_precision": True}, "true"),
    ({"target_recall": -0.5}, "-0.5"),
    ({"target_recall": float("nan")}, "JSON"),
    ({"target_recall": [0.5]}, "0.5"),
    ({"cut": "half"}, "half"),
    ({"cut": 1}, "1"),
    ({"cut": "gap", "options": {"cut": "half"}}, "cut is 'gap'"),
    (
        {"target_recall": 0.9, "options": {"target_recall": 0.8}},
        "target_recall is 0.9, and the option of that name 0.8",
    ),
    ({"target_precision": 0.9, "options": {"target_precision": 0.8}}, "target_precision is 0.9"),
]


def test_cuts_that_cannot_be_are_refused(subjects):
    for arguments, part in BAD:
        for call in (subjects.search, subjects.explain):
            with pytest.raises(InvalidInput) as raised:
                call("x", **arguments)
            assert part in raised.value.message, arguments
            assert raised.value.hint, arguments


def test_without_a_calibration_there_is_no_cut_by_relevance(subjects):
    for arguments in ({"min_relevance": 0.1}, {"target_precision": 0.1}, {"target_recall": 0.9}):
        for call in (subjects.search, subjects.explain):
            with pytest.raises(NotCalibrated, match="is not calibrated for hybrid searches") as raised:
                call("x", **arguments)
            assert "pgretrieve calibrate subjects" in raised.value.hint
    assert {hit.relevance for hit in subjects.search(QUERY)} == {None}
    # nor is one mode's calibration that of another
    subjects.calibrate(modes=["keyword"])
    with pytest.raises(NotCalibrated, match="dense"):
        subjects.search("x", mode="dense", target_recall=0.9)


def test_a_precision_that_was_never_reached_is_refused_with_the_highest(subjects):
    [fitted] = subjects.calibrate(modes=["dense"])
    highest = max(target for target, _ in fitted.thresholds["precision"])
    assert highest < 1
    with pytest.raises(NotCalibrated) as raised:
        subjects.search("x", mode="dense", target_precision=1)
    assert f"the highest was {highest:g}" in raised.value.message


def test_calibrating_counts_its_queries_and_tells_what_it_fitted(subjects):
    seen = []
    [hybrid, dense] = subjects.calibrate(
        modes=["hybrid", "dense"], family="sqrt", on_progress=lambda done, total: seen.append((done, total))
    )
    total = seen[-1][1]
    assert seen == [(n, total) for n in range(1, total + 1)]
    assert total == 2 * (60 + hybrid.fitted_on["foreign_queries"])
    models = {model.slot: model for model in subjects.models()}
    assert models["hybrid"].parameters["family"] is None
    assert models["dense"].parameters["family"] == "sqrt"
    assert [one.model_id for one in (hybrid, dense)] == [models["hybrid"].id, models["dense"].id]
    for one in (hybrid, dense):
        assert one.active == (models[one.mode].state == "active") == (one.refused is None)


def test_judged_queries_are_fitted_on(subjects, sql):
    judge(sql, lambda one: dict.fromkeys(one["relevant"], 1))
    [fitted] = subjects.calibrate(query_set="asked", modes=["keyword"])
    assert (fitted.fitted_on["queries"], fitted.fitted_on["relevant_hits"]) == (20, None)
    assert fitted.figures["relevant"] == 20
    assert json.loads(json.dumps(fitted.figures)) == subjects.models()[0].figures


def test_what_no_judgement_has_seen_does_not_take_the_place_of_what_was_fitted_on_some(subjects, sql):
    judge(sql, lambda one: dict.fromkeys(one["relevant"], 1))
    [judged] = subjects.calibrate(query_set="asked", modes=["keyword"])
    assert judged.active
    [by_passages] = subjects.calibrate(modes=["keyword"])
    assert not by_passages.active
    assert f"model {judged.model_id}, which is active, was fitted on judgements" in by_passages.refused
    subjects.activate_model(by_passages.model_id, force=True)
    subjects.activate_model(judged.model_id)  # the other way round nothing stands against it
    # one that no longer holds is replaced
    fewer = "update pgretrieve.model set parameters = parameters || '{\"chunks\": 6}' where id = %s"
    sql.execute(fewer, [judged.model_id])
    [again] = subjects.calibrate(modes=["keyword"])
    assert again.active


def test_what_nothing_can_be_fitted_on_is_refused(client, subjects, sql):
    empty = client.create_collection("empty", encoder=encoders.NAME)
    few = client.create_collection("few", encoder=encoders.NAME)
    few.add(documents(5))
    own = client.create_collection("own", encoder=None, dimensions=3)
    judge(sql, lambda _: {"nobody": 1})
    cases = [
        (empty, {}, InvalidInput, "'empty' is empty"),
        (few, {}, InvalidInput, "of 5 chunks"),
        (own, {}, InvalidInput, "no encoder"),
        (subjects, {"query_set": "none"}, NotFound, "'none'"),
        (subjects, {"query_set": "asked", "modes": ["keyword"]}, InvalidInput, "are not relevant"),
        (subjects, {"modes": ["magic"]}, InvalidInput, "['magic']"),
        (subjects, {"modes": "hybrid"}, InvalidInput, "'hybrid'"),
        (subjects, {"modes": []}, InvalidInput, "[]"),
        (subjects, {"family": "cubic"}, InvalidInput, "'cubic'"),
        (subjects, {"relevant_hits": 0}, InvalidInput, "0"),
        (subjects, {"relevant_hits": 20}, InvalidInput, "20"),
        (subjects, {"relevant_hits": -1}, InvalidInput, "-1"),
        (subjects, {"relevant_hits": float("nan")}, InvalidInput, "nan"),
        (subjects, {"relevant_hits": "three"}, InvalidInput, "'three'"),
        (subjects, {"relevant_hits": True}, InvalidInput, "True"),
    ]
    for collection, arguments, kind, part in cases:
        with pytest.raises(kind) as raised:
            collection.calibrate(**arguments)
        assert part in raised.value.message, arguments
        assert raised.value.hint, arguments
    sql.execute("select pgretrieve.delete_queries('subjects', 'asked')")
    judge(sql, lambda _: {str(n): 1 for n in range(60)}, count=10)
    with pytest.raises(InvalidInput, match="are relevant, and both kinds are needed"):
        subjects.calibrate(query_set="asked", modes=["keyword"])
    assert subjects.models() == []


def test_models_that_are_not_there_are_refused(subjects):
    for call in (subjects.activate_model, subjects.retire_model):
        with pytest.raises(NotFound, match="99999"):
            call(99_999)
        for model in ("x", True, 1.5, None):
            with pytest.raises(InvalidInput):
                call(model)
    with pytest.raises(NotFound, match="calibration"):
        subjects.rollback_model("calibration", "hybrid")
