"""Each command on a real database."""

import gzip
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console

import pgretrieve
from pgretrieve.cli import searching
from pgretrieve.cli.common import out
from tests import encoders
from tests.cli.conftest import DOCUMENTS, Invoke, Run, lines


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_init_then_create_then_add_then_search(run: Run, empty_dsn: str, file: Path) -> None:
    assert run("collection", "list", dsn=empty_dsn).stderr.splitlines()[-1] == "hint: Run: pgretrieve init"
    assert "schema revision" in run("init", dsn=empty_dsn).stdout
    assert run("migrate", dsn=empty_dsn).returncode == 0
    created = run("collection", "create", "own", "--no-encoder", "--dimensions", "3", dsn=empty_dsn)
    assert created.stdout == "Created 'own': your own vectors, 3 dimensions, english.\n"
    assert run("add", "own", str(file), dsn=empty_dsn).stdout == "3 written, 0 unchanged, 3 chunks.\n"
    found = run("search", "own", "certificates", "of", "servers", "--json", dsn=empty_dsn)
    assert found.stderr == ""
    assert [row["document_id"] for row in rows(found.stdout)] == ["tls", "vpn"]


def test_downgrade_asks_first(invoke: Invoke, sql: psycopg.Connection[Any]) -> None:
    refused = invoke("migrate", "--downgrade", "base", input="n\n")
    assert refused.exit_code == 1
    assert "drops all collections" in refused.stderr
    assert invoke("collection", "list").exit_code == 0
    assert invoke("migrate", "--downgrade", "base", "--yes").exit_code == 0
    assert sql.execute("select to_regnamespace('pgretrieve')").fetchone() == (None,)


def test_create_takes_every_setting(invoke: Invoke) -> None:
    made = invoke(
        "collection", "create", "c", "--encoder", encoders.NAME, "--language", "german", "--distance", "l2",
        "--storage", "vector", "--index", "ivfflat", "--index-setting", "lists=5", "--chunking", "max_tokens=20",
        "--chunking", "overlap_tokens=2", "--k1", "0.9", "--b", "0.4", "--ef-search", "80", "--json",
    )  # fmt: skip
    (info,) = rows(made.stdout)
    assert (info["dimensions"], info["language"], info["distance"], info["storage"]) == (64, "german", "l2", "vector")
    assert (info["index"], info["index_settings"], info["k1"], info["b"]) == ("ivfflat", {"lists": 5}, 0.9, 0.4)
    assert info["chunking"]["max_tokens"] == 20
    assert info["ef_search"] == 80
    again = invoke("collection", "create", "c", "--no-encoder", "--dimensions", "3")
    assert isinstance(again.exception, pgretrieve.AlreadyExists)


def test_list_and_show(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    listed = invoke("collection", "list")
    assert listed.stdout.split()[:2] == ["collection", "encoder"]
    assert listed.stdout.splitlines()[1].split()[:3] == ["docs", encoders.NAME, "64"]
    assert rows(invoke("collection", "list", "--json").stdout)[0]["name"] == "docs"
    shown = invoke("collection", "show", "docs").stdout
    assert "max_tokens" in shown
    assert rows(invoke("collection", "show", "docs", "--json").stdout)[0]["encoder"] == encoders.NAME


def test_no_collections_yet(invoke: Invoke) -> None:
    for command in (["collection", "list"], ["stats"]):
        result = invoke(*command)
        assert (result.exit_code, result.stdout) == (0, "")
        assert "pgretrieve collection create" in result.stderr
        assert invoke(*command, "--json").output == ""


def test_an_unknown_collection_names_those_that_there_are(run: Run, own: pgretrieve.Collection) -> None:
    done = run("search", "dosc", "x")
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["error: collection 'dosc' does not exist", "hint: Collections here: 'own'"]


def test_drop_asks_for_the_name(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    refused = invoke("collection", "drop", "docs", input="yes\n")
    assert refused.exit_code == 1
    assert "with 3 documents" in refused.stderr
    assert docs.count() == 3
    assert (
        invoke("collection", "drop", "docs", input="docs\n").stdout.splitlines()[-1]
        == "Dropped 'docs' with 3 documents."
    )
    assert isinstance(invoke("collection", "drop", "docs", "--yes").exception, pgretrieve.CollectionNotFound)


def test_index(invoke: Invoke, docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    assert invoke("collection", "index", "docs").stdout == "There is nothing to build.\n"
    sql.execute(f"drop index {docs.info.schema_name}.embedding_ann")
    assert invoke("collection", "index", "docs").stdout == "Built the vector index.\n"


def test_add_reads_several_files_and_standard_input(run: Run, own: pgretrieve.Collection, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as out:
        out.write(lines(DOCUMENTS[:1]))
    (tmp_path / "b.jsonl").write_text(lines(DOCUMENTS[1:2]))
    files = [str(tmp_path / "a.jsonl.gz"), "-", str(tmp_path / "b.jsonl")]
    done = run("add", "own", *files, "--json", input=lines(DOCUMENTS[2:]))
    assert rows(done.stdout) == [{"written": 3, "unchanged": 0, "chunks": 3}]
    assert done.stderr == ""
    again = run("add", "own", *files, input=lines(DOCUMENTS[2:]))
    assert again.stdout == "0 written, 3 unchanged, 0 chunks.\n"


def test_add_dry_run_checks_and_writes_nothing(run: Run, own: pgretrieve.Collection, file: Path) -> None:
    done = run("add", "own", str(file), "--dry-run")
    assert done.stdout.startswith("3 documents with 104 characters are well formed")
    assert rows(run("add", "own", str(file), "--dry-run", "--json").stdout)[0]["documents"] == 3
    file.write_text(lines([*DOCUMENTS, {"id": "bad"}]))
    bad = run("add", "own", str(file), "--dry-run")
    assert bad.returncode == 1
    assert bad.stderr.startswith(f"error: {file} line 4 (id 'bad') has no text\nhint: ")
    assert own.count() == 0


def test_delete(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    dry = invoke("delete", "docs", "vpn", "--dry-run")
    assert dry.stdout == "select pgretrieve.delete_documents('docs', '{vpn}'::text[]);\n"
    assert invoke("delete", "docs", "vpn", "nope").stdout == "1 deleted, 1 were not there.\n"
    assert rows(invoke("delete", "docs", "tls", "--json").stdout) == [{"deleted": 1}]
    assert docs.count() == 1


def test_search_prints_a_table(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    result = invoke("search", "docs", "certificates of the VPN")
    head, first, second, *_ = result.stdout.splitlines()
    assert head.split() == ["rank", "score", "dense", "keyword", "document", "text"]
    assert first.split()[0] == "1"
    assert first.split()[2:] == ["1", "1", "vpn", "VPN"]
    assert second.strip() == "Rotate the certificates of the VPN."
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert result.stderr == ""


def test_text_is_printed_as_it_is_and_cut_to_the_width(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    docs.add([{"id": "x" * 200, "text": "tea [bold] :smile: 茶 " * 50}])
    result = invoke("search", "docs", "leaves tea")
    assert "leaves [bold], four" in result.stdout
    assert "tea [bold] :smile: 茶" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output goes to a terminal without colours, as far as the program can tell."""
    console = Console(highlight=False, markup=False, emoji=False, force_terminal=True, color_system=None, width=80)
    monkeypatch.setattr(searching, "out", console)


@pytest.mark.usefixtures("terminal")
def test_search_in_a_terminal_shows_title_legs_and_snippet(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    result = invoke("search", "docs", "certificates of the VPN", "-k", "2")
    first, second = (block.splitlines() for block in result.stdout.split("\n\n"))
    assert first[0].split()[:6] == ["1", "VPN", "dense", "#1", "keyword", "#1"]
    assert first[0].split()[-1] == "━" * 10
    assert [line.strip() for line in first[1:]] == ["vpn", "Rotate the certificates of the VPN."]
    assert second[0].split()[:2] == ["2", "TLS"]
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "2 hits · 2 documents match by words · " in result.stderr


@pytest.mark.usefixtures("terminal")
def test_a_snippet_is_cut_from_around_the_words(
    invoke: Invoke, db: pgretrieve.Client, sql: psycopg.Connection[Any]
) -> None:
    db.create_collection("own", encoder=None, dimensions=3, chunking={"max_characters": 5000})
    db.collection("own").add([{"id": "long", "text": "filler words " * 200 + "and unicorns at the end"}])
    result = invoke("search", "own", "unicorn", "--mode", "keyword")
    head, *snippet = result.stdout.splitlines()
    assert head.split()[:4] == ["1", "long", "keyword", "#1"]
    assert snippet[0].strip().startswith("… ")
    assert " ".join(line.strip() for line in snippet).endswith("and unicorns at the end")
    assert len(snippet) <= 3


def test_matches_are_in_colour_on_a_terminal(
    invoke: Invoke, docs: pgretrieve.Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(highlight=False, markup=False, force_terminal=True, color_system="standard", width=80)
    monkeypatch.setattr(searching, "out", console)
    result = invoke("search", "docs", "rotating certificate", "--mode", "keyword", color=True)
    assert "\x1b[1;33mRotate\x1b[0m the \x1b[1;33mcertificates\x1b[0m of" in result.stdout


@pytest.mark.usefixtures("terminal")
def test_a_text_cannot_give_commands_to_the_terminal(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    docs.add([{"id": "\x1b]0;id\x07", "title": "title\x1b[2J\x9b3m", "text": "evil\x1b[31m word\r\b and\n\nlines"}])
    for command in (["search", "docs", "evil"], ["explain", "docs", "evil"]):
        result = invoke(*command, "--mode", "keyword")
        assert not set(result.stdout) & set("\x1b\x07\x9b\r\b")
        assert result.exit_code == 0
    assert "evil [31m word and lines" in invoke("search", "docs", "evil").stdout


def test_a_table_shows_where_the_words_are(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    docs.add([{"id": "long", "text": "filler words " * 200 + "and unicorns at the end"}])
    result = invoke("search", "docs", "unicorn", "-k", "1")
    assert "unicorns at the end" in result.stdout
    assert "\x1b" not in result.stdout


def test_facets(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    result = invoke("facets", "docs", "team", "year", "--max-values", "2")
    lines_ = [line.split() for line in result.stdout.splitlines()]
    assert lines_[0] == ["key", "value", "documents"]
    assert [line[:3] for line in lines_[1:3]] == [["team", "infra", "2"], ["web", "1", "━━━━━"]]
    assert lines_[3][:3] == ["year", "2022", "1"]
    assert len(lines_) == 5
    assert result.stderr == "Counted over: all documents.\n"
    found = rows(invoke("facets", "docs", "team", "-q", "certificates", "--mode", "keyword", "--json").stdout)
    assert found == [
        {"key": "team", "value": value, "count": 1, "scope": "documents that match"} for value in ("infra", "web")
    ]
    top = invoke("facets", "docs", "team", "--query", "certificates", "-k", "2", "--filter", '{"year": {"$gt": 2022}}')
    assert top.stderr == "Counted over: top 2 hits.\n"
    none = invoke("facets", "docs", "colour")
    assert (none.exit_code, none.stdout, none.stderr) == (0, "", "None of the documents has these keys.\n")


def test_search_as_json_has_the_columns_of_a_hit(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    found = rows(invoke("search", "docs", "certificates", "--json", "-k", "1", "--mode", "keyword").stdout)
    assert len(found) == 1
    assert tuple(found[0]) == pgretrieve.types.HIT_COLUMNS
    assert found[0]["dense_rank"] is None


def test_search_with_filter_mode_and_options(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    def ids(*arguments: str) -> list[str]:
        return [
            row["document_id"] for row in rows(invoke("search", "docs", "certificates", "--json", *arguments).stdout)
        ]

    assert ids("--filter", '{"year": {"$lt": 2024}}', "--mode", "keyword") == ["tls"]
    assert sorted(ids("--exact", "--mode", "dense")) == ["tea", "tls", "vpn"]
    assert len(ids("--option", "group_by=document", "--option", "rrf_k=10")) == 3


def test_groups_are_told(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    arguments = ("docs", "certificates", "--option", "group_by=metadata.team", "--option", "group_size=2")
    found = rows(invoke("search", *arguments, "--k", "1", "--json").stdout)
    assert len({row["metadata"]["team"] for row in found}) == 1
    assert "by metadata.team, the best 2 of each" in invoke("explain", *arguments).stdout
    assert "groups" not in invoke("explain", "docs", "certificates").stdout
    refused = invoke("search", "docs", "certificates", "--option", "group_by=team")
    assert isinstance(refused.exception, pgretrieve.InvalidInput)
    assert '"metadata.team"' in refused.exception.hint


def test_diversity_is_told(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    arguments = ("docs", "certificates", "--option", 'mmr={"lambda": 0.3}')
    assert len(rows(invoke("search", *arguments, "--json").stdout)) == 3
    shown = invoke("explain", *arguments).stdout
    assert "the best 50 by maximal marginal relevance" in shown
    assert "lambda 0.3" in shown
    assert "diversity" not in invoke("explain", "docs", "certificates").stdout


def test_examples_are_told(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    arguments = ("docs", "", "--option", 'like={"positive": ["vpn"]}')
    found = rows(invoke("search", *arguments, "--json").stdout)
    assert "vpn" not in [row["document_id"] for row in found]
    assert found
    assert "their 1 chunk left out" in invoke("explain", *arguments).stdout


def test_several_queries_are_told(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    others = 'queries=["tea", {"query": "mail", "weight": 0.5, "mode": "keyword"}]'
    arguments = ("docs", "certificates", "--option", others)
    assert len(rows(invoke("search", *arguments, "--json").stdout)) == 3
    shown = invoke("explain", *arguments).stdout
    for part in ("keyword 2", "dense 2", "keyword 3", "tea  weight 1", "mail  weight 0.5"):
        assert part in shown
    assert "dense 3" not in shown
    refused = invoke("search", "docs", "certificates", "--option", 'queries={"query": "tea"}')
    assert isinstance(refused.exception, pgretrieve.InvalidInput)
    assert "at most 16" in refused.exception.hint


def test_nothing_found_is_no_failure(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    result = invoke("search", "docs", "unicorn", "--mode", "keyword")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No hits.\n")


def test_an_answer_that_was_cut_short_says_so(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    words = ["--", "certificates", "-rotate", "-renew"]
    result = invoke("search", "docs", "--mode", "dense", "-k", "1", "--option", "depth=1", *words)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("Cut short: there may be more to find.")
    assert "cut short" in invoke("explain", "docs", "--mode", "dense", "-k", "1", "--option", "depth=1", *words).stdout
    result = invoke("search", "docs", "--mode", "dense", "-k", "1", "--option", "depth=3", *words)
    assert "tea" in result.stdout
    assert "Cut short" not in result.stderr


@pytest.mark.parametrize(
    "arguments", [["--filter", '{"a": {"$near": 1}}'], ["--option", "colour=red"], ["--min-relevance", "0.5"]]
)
def test_what_the_database_refuses_is_1(run: Run, own: pgretrieve.Collection, arguments: list[str]) -> None:
    done = run("search", "own", "x", *arguments)
    assert done.returncode == 1
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == ["error", "hint"]


def test_explain(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    result = invoke("explain", "docs", "rotate certificates unicorn", "--filter", '{"team": "infra"}', "--plan")
    assert result.exit_code == 0
    for part in ("rotat", "certif", "unicorn", "in no chunk", "dense", "keyword", "2 chunks pass", "vpn", "Sort"):
        assert part in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert "blend of the first 100 of each leg" in result.stdout
    assert " + 2) * (1 + 2 * " in result.stdout
    rrf = invoke("explain", "docs", "rotate certificates", "--option", "fusion=rrf")
    assert "1 / (60 + 1) = 0.01639" in rrf.stdout
    assert "idf" in result.stdout
    (report,) = rows(invoke("explain", "docs", "rotate", "--json", "--mode", "keyword").stdout)
    assert list(report["legs"]) == ["keyword"]


@pytest.mark.parametrize("columns", ["60", "80", "120"])
@pytest.mark.parametrize("mode", ["hybrid", "dense", "keyword"])
def test_explain_fits_the_width(
    invoke: Invoke, docs: pgretrieve.Collection, monkeypatch: pytest.MonkeyPatch, mode: str, columns: str
) -> None:
    docs.add([{"id": "x" * 200, "title": "y" * 200, "text": "certificates " * 50}])
    monkeypatch.setattr(out, "width", int(columns))
    result = invoke("explain", "docs", "rotate certificates", "--mode", mode)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= int(columns)
    assert ("terms" in result.stdout) == (mode != "dense")
    assert ("weights dense 1, keyword 1" in result.stdout) == (mode == "hybrid")


def test_explain_shows_what_was_understood_of_a_query(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    query = 'rotat* "the certificates" -unicorn "of" zebra OR horse'
    shown = invoke("explain", "docs", query, "--option", "min_match=2", "--mode", "keyword")
    assert shown.exit_code == 0
    lines = [" ".join(line.strip("│├└─ ").split()) for line in shown.stdout.splitlines()]
    for line in ("required the certificates", "excluded unicorn", "alternatives zebra or horse", "rotat* rotat",
                 "at least 2 of 3", "no term in of"):  # fmt: skip
        assert line in lines
    assert "understood" not in invoke("explain", "docs", "plain words", "--mode", "keyword").stdout


def test_search_takes_a_query_that_begins_with_a_minus(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    found = invoke("search", "docs", "--mode", "keyword", "--json", "--", "-vpn", "certificates")
    assert "vpn" not in [row["document_id"] for row in rows(found.stdout)]
    assert rows(found.stdout)


def test_explain_shows_what_boosts_add(
    invoke: Invoke, docs: pgretrieve.Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    boosts = [
        {"field": "at", "recency": {"half_life_days": 30, "origin": "2026-11-01T08:00+02:00"}},
        {"field": "year", "range": [2000, 2030], "weight": 0.5},
        {"field": "no such key " * 20, "saturation": 10},
        {"filter": {"team": "infra", "$ids": ["vpn", "x"]}, "weight": -2},
    ]
    option = f"boosts={json.dumps(boosts)}"
    shown = invoke("explain", "docs", "rotate certificates", "--option", option)
    for line in ("at, half for each 30 days before 2026-11-01T06:00:00 UTC",
                 "0.5 at most: year, nothing at 2000, all at 2030",
                 '-2 at most: ($."team" == "infra"), and one of 2 ids', "-2 * 1 = -2.00000",
                 "year: 0.5 * clip((2024 - 2000) / (2030 - 2000)) = 0.40000", "at: 0.00000"):  # fmt: skip
        assert line in shown.stdout
    monkeypatch.setattr(out, "width", 60)
    narrow = invoke("explain", "docs", "rotate certificates", "--option", option, "--mode", "keyword")
    assert max(map(len, narrow.stdout.splitlines())) <= 60
    wrong = invoke("search", "docs", "rotate", "--option", 'boosts=[{"field": "year"}]')
    assert isinstance(wrong.exception, pgretrieve.InvalidInput)
    assert "boost 1 needs one of recency, saturation and range" in str(wrong.exception)


def test_explain_without_hits(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    result = invoke("explain", "docs", "the", "--mode", "keyword")
    assert result.exit_code == 0
    assert "hits  0" in result.stdout


def test_stats_and_compact(invoke: Invoke, docs: pgretrieve.Collection) -> None:
    assert invoke("compact", "docs").stdout == "Compacted.\n"
    (line,) = invoke("stats").stdout.splitlines()[1:]
    assert line.split()[:4] == ["docs", "3", "3", "0"]
    assert ["documents", "3"] in [line.split() for line in invoke("stats", "docs").stdout.splitlines()]
    assert rows(invoke("stats", "--json").stdout)[0]["chunks"] == 3
    assert rows(invoke("stats", "docs", "--json").stdout)[0]["delta_postings"] == 0


def test_worker_once(invoke: Invoke, docs: pgretrieve.Collection, sql: psycopg.Connection[Any]) -> None:
    sql.execute("select pgretrieve.add_document('docs', 'new', 'Written from SQL.')")
    assert docs.stats().pending_embeddings == 1
    assert invoke("worker", "docs", "--once").stdout == "1 documents encoded.\n"
    assert docs.stats().pending_embeddings == 0
    assert invoke("worker", "docs", "--once").stdout == "0 documents encoded.\n"
