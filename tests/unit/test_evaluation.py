"""Evaluation without a database: files, configurations, measures, and what chance makes."""

import gzip
import itertools
import json
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pgretrieve import errors, evaluation
from pgretrieve.evaluation import Found, QuerySet, Run, measures, significance
from pgretrieve.evaluation.configurations import Configuration

QUERIES = {"1": "renew vpn", "2": "tea, 茶", "3": "unjudged"}
JUDGED = {"1": {"vpn": 2, "tls": 0}, "2": {"tea": 1, "bread": -1}}
SET = QuerySet(QUERIES, JUDGED)


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    evaluation.write_folder(tmp_path, SET, [{"_id": "vpn", "title": "", "text": "x"}])
    read = evaluation.read_folder(tmp_path)
    assert (read.queries, read.judgements) == (QUERIES, JUDGED)
    assert read.name == tmp_path.name
    assert json.loads((tmp_path / "corpus.jsonl").read_text()) == {"_id": "vpn", "title": "", "text": "x"}


def test_qrels_are_read_as_they_were_written(tmp_path: Path) -> None:
    evaluation.write_qrels(tmp_path / "qrels.txt", SET)
    assert (tmp_path / "qrels.txt").read_text().splitlines()[0] == "1 0 tls 0"
    assert evaluation.read_qrels(tmp_path / "qrels.txt") == JUDGED


def test_compressed_files_splits_and_queries_without_judgements(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "queries.jsonl.gz", "wt") as out:
        out.writelines(json.dumps({"id": int(query), "text": text}) + "\n" for query, text in QUERIES.items())
    (tmp_path / "qrels").mkdir()
    for split, rows in {"train": "1\tvpn\t2\n", "test": "query-id\tcorpus-id\tscore\n2\ttea\t1\n9\ttea\t1\n"}.items():
        with gzip.open(tmp_path / "qrels" / f"{split}.tsv.gz", "wt") as out:
            out.write(rows)
    assert evaluation.read_folder(tmp_path).judgements == {"2": {"tea": 1}}
    assert evaluation.read_folder(tmp_path, "train").judgements == {"1": {"vpn": 2}}
    assert evaluation.read_folder(tmp_path, "all").judgements == {"1": {"vpn": 2}, "2": {"tea": 1}}
    with pytest.raises(errors.InvalidInput, match="no split 'dev'"):
        evaluation.read_folder(tmp_path, "dev")


def test_splits_by_lists_of_queries(tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text("1\trenew vpn\n2\ttea\n")
    (tmp_path / "qrels.tsv").write_text("1\tvpn\t2\n2\ttea\t1\n")
    assert set(evaluation.read_folder(tmp_path).judgements) == {"1", "2"}
    (tmp_path / "splits").mkdir()
    (tmp_path / "splits" / "test.txt").write_text("2\n")
    assert set(evaluation.read_folder(tmp_path).judgements) == {"2"}
    assert set(evaluation.read_folder(tmp_path, "all").judgements) == {"1", "2"}
    with pytest.raises(errors.InvalidInput, match="no split 'train'"):
        evaluation.read_folder(tmp_path, "train")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("queries.jsonl", '{"_id": "1"}', "line 1 is no query"),
        ("queries.jsonl", "\n{oops", "line 2 is not valid JSON"),
        ("queries.jsonl", '{"_id": "1", "text": "x", "embedding": ["1"]}', "line 1 has an embedding"),
        ("queries.jsonl", "1 no tab", "line 1 is no query"),
        ("qrels.tsv", "1\tvpn\tgood", "line 1 is no judgement"),
        ("qrels.tsv", "1\tvpn", "line 1 is no judgement"),
        ("qrels.tsv", "1 0 vpn 1 extra", "line 1 is no judgement"),
        ("qrels.tsv", b"\xff\xfe", "is not text in UTF-8"),
        ("queries.jsonl", None, "there is no queries.jsonl"),
        ("qrels.tsv", None, "there are no judgements"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: str | bytes | None, says: str) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "x"}')
    (tmp_path / "qrels.tsv").write_text("1\tvpn\t1")
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(errors.InvalidInput, match=says) as caught:
        evaluation.read_folder(tmp_path)
    assert caught.value.hint


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidInput, match="is not a folder"):
        evaluation.read_folder(tmp_path / "nothing")
    with pytest.raises(errors.InvalidInput, match="cannot be written"):
        evaluation.write_qrels(tmp_path / "no" / "where", SET)


def test_sets_of_queries() -> None:
    assert list(SET.judged().queries) == ["1", "2"]
    assert SET.sample(2).queries == SET.sample(2).queries
    assert len(SET.sample(2).queries) == 2
    assert SET.sample(9).queries == QUERIES
    with pytest.raises(errors.InvalidInput, match="'9' is judged, but has no text"):
        QuerySet({}, {"9": {"a": 1}})
    with pytest.raises(errors.InvalidInput, match="none of 1 queries has a judgement"):
        QuerySet({"1": "x"}, {"1": {}}).judged()


def test_data_sets_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from pgretrieve.evaluation import folders

    monkeypatch.setattr(folders, "find_spec", lambda _: None)
    with pytest.raises(errors.MissingDependency, match="ir_datasets"):
        evaluation.read_dataset("tiny")
    monkeypatch.setattr(folders, "find_spec", lambda _: True)

    class Tiny:
        judged = True

        def has_queries(self) -> bool:
            return True

        def has_qrels(self) -> bool:
            return self.judged

        def queries_iter(self) -> Any:
            return iter([SimpleNamespace(query_id="1", default_text=lambda: "renew vpn")])

        def qrels_iter(self) -> Any:
            return iter([SimpleNamespace(query_id=q, doc_id="vpn", relevance=2) for q in ("1", "2")])

    monkeypatch.setitem(sys.modules, "ir_datasets", SimpleNamespace(load={"tiny": Tiny()}.__getitem__))
    read = evaluation.read_dataset("tiny")
    assert (read.queries, read.judgements, read.name) == ({"1": "renew vpn"}, {"1": {"vpn": 2}}, "tiny")
    with pytest.raises(errors.InvalidInput, match="no data set 'other'"):
        evaluation.read_dataset("other")
    monkeypatch.setattr(Tiny, "judged", False)
    with pytest.raises(errors.InvalidInput, match="no queries with judgements"):
        evaluation.read_dataset("tiny")


def test_a_run_is_read_as_it_was_written_also_by_others(tmp_path: Path) -> None:
    """Documents that a search has tied keep their order, though readers order ties by document."""
    found = [Found("b", 0.5), Found("z", 0.25), Found("a", 0.25), Found("c", 0.25), Found("d", -1)]
    run = Run("my run", {}, {"1": found, "2": []}, {})
    evaluation.write_run(tmp_path / "run", run)
    assert evaluation.read_run(tmp_path / "run").rankings == {"1": ["b", "z", "a", "c", "d"]}
    assert evaluation.read_run(tmp_path / "run").name == "my-run"
    theirs = list(ir_measures.read_trec_run(str(tmp_path / "run")))
    for document, rank in zip("bzacd", itertools.count(1), strict=False):
        (value,) = ir_measures.iter_calc([ir_measures.RR], {"1": {document: 1}}, theirs)
        assert value.value == 1 / rank
    with pytest.raises(errors.InvalidInput, match="'a b' holds white space"):
        evaluation.write_run(tmp_path / "run", Run("x", {}, {"1": [Found("a b", 1)]}, {}))
    (tmp_path / "run").write_text("1 Q0 a 1 high name")
    with pytest.raises(errors.InvalidInput, match="line 1 is no line of a run"):
        evaluation.read_run(tmp_path / "run")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("words: mode=keyword", Configuration("words", "keyword")),
        ("plain:", Configuration("plain")),
        (
            'both: fusion=rrf weights={"dense": 2, "keyword": 1}  exact=true filter={"team": "a b"}',
            Configuration(
                "both", filter={"team": "a b"},
                options={"fusion": "rrf", "weights": {"dense": 2, "keyword": 1}, "exact": True},
            ),
        ),
        (
            "x: weights.dense=0.5 mmr.lambda=0.3 min_relevance=0.4",
            Configuration("x", min_relevance=0.4, options={"weights": {"dense": 0.5}, "mmr": {"lambda": 0.3}}),
        ),
        (
            'a b: queries=["x y"] group_by=metadata.team',
            Configuration("a b", options={"queries": ["x y"], "group_by": "metadata.team"}),
        ),
    ],
)  # fmt: skip
def test_configurations_are_read(text: str, expected: Configuration) -> None:
    assert evaluation.read_configuration(text) == expected


@pytest.mark.parametrize(
    "text",
    ["mode=keyword", ": mode=keyword", "x: keyword", "x: mode=both", "x: filter=3", "x: weights={", "x: a=1 a.b=2",
     "x: depth=", 'x: fusion="rrf"exact=true'],
)  # fmt: skip
def test_configurations_that_cannot_be_read(text: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        evaluation.read_configuration(text)
    assert caught.value.hint


def test_measures_count_what_finds_nothing_and_take_any_name() -> None:
    values = measures.per_query(
        ["nDCG@10", "AP", "MAP", "Bpref", "R@5"], JUDGED | {"4": {"x": 1}}, {"1": ["tls", "vpn"], "4": [], "9": ["a"]}
    )
    assert values["R@5"] == {"1": 1, "2": 0, "4": 0}
    assert values["AP"] == values["MAP"] == {"1": 0.5, "2": 0, "4": 0}
    assert values["Bpref"]["2"] == 0
    assert measures.depth(["nDCG@10", "R@50"]) == 50
    assert measures.depth(["nDCG@10", "AP"]) == 100
    assert measures.per_query(["P@1"], JUDGED, {}) == {"P@1": {"1": 0, "2": 0}}


@pytest.mark.skipif(shutil.which("perl") is None, reason="ir_measures has ERR from a program in Perl")
def test_ids_may_be_any_text_for_measures_from_other_programs() -> None:
    values = measures.per_query(["ERR@10", "RR"], {"a b": {"c d": 1}}, {"a b": ["x", "c d"]})
    assert values["RR"] == {"a b": 0.5}
    assert values["ERR@10"]["a b"] > 0


@pytest.mark.parametrize("name", ["", "nonsense@10", "nDCG@0", "P@5.5", "R", "__import__('os')"])
def test_measures_that_are_not_known(name: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        measures.parsed([name])
    assert caught.value.hint
    with pytest.raises(errors.InvalidInput, match="no measure"):
        measures.parsed([])


@pytest.mark.parametrize("package", ["ir_measures", "matplotlib", "jinja2"])
def test_what_is_missing_is_named_with_its_extra(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pgretrieve.evaluation import html, pictures

    for module in (measures, pictures, html):
        monkeypatch.setattr(module, "find_spec", lambda name: name != package)
    use = (lambda: measures.parsed(["nDCG"])) if package == "ir_measures" else html.require
    with pytest.raises(errors.MissingDependency, match=r"pgretrieve\[evaluation\]"):
        use()


differences = st.lists(st.sampled_from([-1, -0.5, -0.25, 0, 0.125, 0.5, 1]), min_size=2, max_size=8)


@given(differences)
def test_the_randomisation_test_is_exact_where_it_can_be(given_: list[float]) -> None:
    expected = stats.permutation_test(
        (given_, np.zeros(len(given_))), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples",
        vectorized=True, n_resamples=np.inf,
    ).pvalue  # fmt: skip
    assert significance.randomisation_test(given_) == pytest.approx(expected)


def test_the_randomisation_test_by_chance_is_near_the_exact_one() -> None:
    values = np.random.default_rng(3).normal(0.15, 1, 300)
    expected = stats.ttest_1samp(values, 0).pvalue
    assert significance.randomisation_test(values) == pytest.approx(expected, abs=0.01)
    assert significance.randomisation_test(np.ones(40)) == 1 / 10_000
    assert significance.randomisation_test(np.zeros(40)) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm(p_values: list[float]) -> None:
    corrected = significance.holm(p_values)
    for p, ours in zip(p_values, corrected, strict=True):
        # The largest, over those at most as large, of p times how many are left.
        smaller = sorted(q for q in p_values if q <= p)
        assert ours == pytest.approx(max(min(1, (len(p_values) - n) * q) for n, q in enumerate(smaller)))


def test_intervals_hold_the_mean() -> None:
    values = np.random.default_rng(5).normal(2, 1, 400)
    low, high = significance.interval(values)
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.15)
    assert significance.interval([0.5]) == (0.5, 0.5)
