"""Every error of the SQL functions has its SQLSTATE, says the value that is wrong, and what to do."""

from typing import Any

import psycopg
import pytest

import pgretrieve

CREATE = "select pgretrieve.create_collection('other', encoder => null, {})"
ADD = "select pgretrieve.add_documents('docs', '{}')"
SEARCH = "select * from pgretrieve.search('docs', {})"
FILTER = "select * from pgretrieve.search('docs', 'word', filter => '{}')"
HIGHLIGHT = "select * from pgretrieve.highlight('docs', {})"
FACETS = "select * from pgretrieve.facets('docs', {})"
PAGE = "select * from pgretrieve.search_page('docs', {})"

# statement, SQLSTATE, what the message must contain
CASES = [
    (CREATE.format("dimensions => 0"), "RT400", "0 dimensions"),
    (CREATE.format("dimensions => null"), "RT400", "null dimensions"),
    (CREATE.format("dimensions => 4001"), "RT400", "4001 dimensions"),
    (CREATE.format("dimensions => 2001, storage => 'vector'"), "RT400", "2001 dimensions"),
    (CREATE.format("dimensions => 16001, index => 'none'"), "RT400", "16001 dimensions"),
    (CREATE.format("storage => 'float8'"), "RT400", "'float8'"),
    (CREATE.format("storage => null"), "RT400", "NULL"),
    (CREATE.format("storage => 'bit', distance => 'cosine'"), "RT400", "'cosine'"),
    (CREATE.format("distance => 'manhattan'"), "RT400", "'manhattan'"),
    (CREATE.format("index => 'btree'"), "RT400", "'btree'"),
    (CREATE.format("index => null"), "RT400", "NULL"),
    (CREATE.format("""index_settings => '{"lists": 5}'"""), "RT400", "'lists'"),
    (CREATE.format("""index_settings => '{"m": "5"}'"""), "RT400", "'m'"),
    (CREATE.format("""index => 'none', index_settings => '{"m": 5}'"""), "RT400", "'m'"),
    (CREATE.format("language => 'klingon'"), "RT400", "'klingon'"),
    (CREATE.format("language => 'pg_catalog.'"), "RT400", "'pg_catalog.'"),
    (CREATE.format("language => 'a.b.c.d'"), "RT400", "'a.b.c.d'"),
    (CREATE.format("language => ''"), "RT400", "''"),
    (CREATE.format("language => null"), "RT400", "NULL"),
    (CREATE.format("k1 => -1"), "RT400", "-1"),
    (CREATE.format("k1 => 'NaN'"), "RT400", "NaN"),
    (CREATE.format("b => 1.5"), "RT400", "1.5"),
    (CREATE.format("ef_search => 0"), "RT400", "0"),
    (CREATE.format("ef_search => 1001"), "RT400", "1001"),
    (CREATE.format("""index => 'ivfflat', index_settings => '{"probes": 0}'"""), "RT400", "probes of 0"),
    (CREATE.format("""index => 'ivfflat', index_settings => '{"probes": 32769}'"""), "RT400", "32769"),
    (CREATE.format("""index => 'ivfflat', index_settings => '{"probes": 1.5}'"""), "RT400", "1.5"),
    (CREATE.format("""index => 'ivfflat', index_settings => '{"probes": "2"}'"""), "RT400", '"2"'),
    (CREATE.format("""index_settings => '{"probes": 2}'"""), "RT400", "'probes'"),
    (CREATE.format("chunking => '{}'"), "RT400", "max_tokens"),
    (CREATE.format("chunking => null"), "RT400", "null"),
    (
        CREATE.format("""chunking => '{"max_tokens": 10, "overlap_tokens": 6, "max_characters": 100}'"""),
        "RT400",
        '"overlap_tokens": 6',
    ),
    ("select pgretrieve.create_collection('docs')", "RT409", "'docs'"),
    (SEARCH.format("'word', k => 0"), "RT400", "0"),
    (SEARCH.format("'word', k => null"), "RT400", "null"),
    (SEARCH.format("'word', k => 10001"), "RT400", "10001"),
    (SEARCH.format("'word', mode => 'both'"), "RT400", "'both'"),
    (SEARCH.format("'word', mode => null"), "RT400", "NULL"),
    (SEARCH.format("'word', mode => 'dense'"), "RT400", "embedding"),
    (SEARCH.format("' '"), "RT400", "empty"),
    (SEARCH.format("null"), "RT400", "empty"),
    (SEARCH.format("'', embedding => '[1,2,3]', mode => 'keyword'"), "RT400", "empty"),
    (SEARCH.format("""'word', options => '{"rerank": 1}'"""), "RT400", "'rerank'"),
    (SEARCH.format("""'word', options => '{"fusion": "max"}'"""), "RT400", '"max"'),
    (SEARCH.format("""'word', options => '{"fusion": ["rrf"]}'"""), "RT400", '["rrf"]'),
    (SEARCH.format("""'word', options => '{"fusion": []}'"""), "RT400", "[]"),
    (SEARCH.format("""'word', options => '{"rrf_k": -1}'"""), "RT400", "-1"),
    (SEARCH.format("""'word', options => '{"depth": 5}'"""), "RT400", "5"),
    (SEARCH.format("""'word', options => '{"depth": 20001}'"""), "RT400", "20001"),
    (SEARCH.format("""'word', options => '{"ef_search": 0}'"""), "RT400", "0"),
    (SEARCH.format("""'word', options => '{"probes": 0}'"""), "RT400", "0"),
    (SEARCH.format("""'word', options => '{"probes": 32769}'"""), "RT400", "32769"),
    (SEARCH.format("""'word', options => '{"probes": "all"}'"""), "RT400", '"all"'),
    (SEARCH.format("""'word', options => '{"exact": "yes"}'"""), "RT400", '"yes"'),
    (SEARCH.format("""'word', options => '{"group_by": "team"}'"""), "RT400", '"team"'),
    (SEARCH.format("""'word', options => '{"min_match": 1.5}'"""), "RT400", "1.5"),
    (SEARCH.format("""'word', options => '{"weights": {"sparse": 1}}'"""), "RT400", '"sparse"'),
    (SEARCH.format("""'word', options => '{"weights": {"dense": -1}}'"""), "RT400", "-1"),
    (SEARCH.format("""'word', options => '[1]'"""), "RT400", "array"),
    ("select * from pgretrieve.search('no such', 'word')", "RT404", "'no such'"),
    ("select * from pgretrieve.search(null, 'word')", "RT404", "NULL"),
    ("select pgretrieve.drop_collection('no such')", "RT404", "'no such'"),
    ("select pgretrieve.delete_document('no such', 'a')", "RT404", "'no such'"),
    ("select pgretrieve.compact('no such')", "RT404", "'no such'"),
    ("select pgretrieve.add_document('no such', 'a', 'text')", "RT404", "'no such'"),
    ("select pgretrieve.explain('no such', 'word')", "RT404", "'no such'"),
    (SEARCH.format("'word', min_relevance => 0.5"), "RT412", "keyword"),
    (SEARCH.format("'word', target_recall => 0.9"), "RT412", "keyword"),
    (SEARCH.format("'word', target_precision => 1.5"), "RT400", "1.5"),
    (SEARCH.format("'word', target_recall => 0"), "RT400", "0"),
    (SEARCH.format("'word', min_relevance => 2"), "RT400", "2"),
    (SEARCH.format("'word', min_relevance => 'NaN'"), "RT400", "NaN"),
    (SEARCH.format("'word', cut => 'elbow'"), "RT400", "elbow"),
    ("select pgretrieve.activate_model(999)", "RT410", "999"),
    ("select pgretrieve.retire_model(null)", "RT410", "null"),
    ("select pgretrieve.apply_model(999, 'slope', '[1]')", "RT410", "999"),
    ("select pgretrieve.add_model('docs', 'Bad kind', '', '{}', '{}', '{}')", "RT400", "Bad kind"),
    ("select pgretrieve.add_model('docs', 'settings', '', '[]', '{}', '{}')", "RT400", "objects"),
    ("select pgretrieve.rollback_model('docs', 'calibration', 'dense')", "RT410", "dense"),
    (FILTER.format("[1]"), "RT420", "[1]"),
    (FILTER.format('"team"'), "RT420", '"team"'),
    (FILTER.format('{"$gte": 3}'), "RT420", "$gte"),
    (FILTER.format('{"year": {"$near": 3}}'), "RT420", "'$near'"),
    (FILTER.format('{"team": {"$in": "infra"}}'), "RT420", '"infra"'),
    (FILTER.format('{"team": {"$nin": 7}}'), "RT420", "7"),
    (FILTER.format('{"team": {"$exists": "no"}}'), "RT420", '"no"'),
    (FILTER.format('{"team": [1, 2]}'), "RT420", "[1, 2]"),
    (FILTER.format('{"team": {"$in": [[1]]}}'), "RT420", "[1]"),
    (FILTER.format('{"year": {"$gt": {"a": 1}}}'), "RT420", '{"a": 1}'),
    (FILTER.format('{"$or": []}'), "RT420", "[]"),
    (FILTER.format('{"$and": {"a": 1}}'), "RT420", '{"a": 1}'),
    (FILTER.format('{"$or": [1]}'), "RT420", "1"),
    (FILTER.format('{"$not": 5}'), "RT420", "5"),
    (FILTER.format('{"a": ' * 40 + "1" + "}" * 40), "RT420", "32"),
    (SEARCH.format("'word', embedding => '[1,2]'"), "RT421", "2"),
    (SEARCH.format("'word', embedding => '[0,0,0]'"), "RT421", "zeros"),
    (SEARCH.format("'word', embedding => '[1e-9,0,0]'"), "RT421", "zeros as halfvec"),
    (SEARCH.format("'word', embedding => '[1e6,0,0]'"), "RT421", "65504"),
    (ADD.format('[{"id": "a", "text": "x", "embedding": [1e-9, 0, 0]}]'), "RT421", "zeros as halfvec"),
    (ADD.format('[{"id": "a", "text": "x", "embedding": [1e6, 0, 0]}]'), "RT421", "65504"),
    (ADD.format('[{"id": "a", "text": "x", "embedding": "[1]"}]'), "RT421", "'a'"),
    (ADD.format('[{"id": "a", "text": "x", "embedding": [0, 0, 0]}]'), "RT421", "'a'"),
    (ADD.format("{}"), "RT422", "object"),
    ("select pgretrieve.add_documents('docs', null)", "RT422", "null"),
    (ADD.format("[7]"), "RT422", "document 1"),
    (ADD.format('[{"id": "a", "text": "x"}, {"text": "x"}]'), "RT422", "document 2"),
    (ADD.format('[{"id": "", "text": "x"}]'), "RT422", '""'),
    (ADD.format('[{"id": true, "text": "x"}]'), "RT422", "true"),
    (ADD.format(f'[{{"id": "{"x" * 1001}", "text": "x"}}]'), "RT422", "1000 bytes"),
    (ADD.format('[{"id": "a"}]'), "RT422", '"a"'),
    (ADD.format('[{"id": "a", "text": 5}]'), "RT422", '"a"'),
    (ADD.format('[{"id": "a", "text": " \\n "}]'), "RT422", '"a"'),
    (ADD.format('[{"id": "a", "text": "x", "title": 3}]'), "RT422", '"a"'),
    (ADD.format('[{"id": "a", "text": "x", "metadata": [1]}]'), "RT422", '"a"'),
    (ADD.format('[{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]'), "RT422", "'a'"),
    (ADD.format('[{"id": 1, "text": "x"}, {"id": "1", "text": "y"}]'), "RT422", "'1'"),
    (
        ADD.format(f'[{{"id": "long", "text": "{"word " * 100}", "embedding": "[1,2,3]"}}]'),
        "RT422",
        "'long'",
    ),
    ("select pgretrieve.delete_documents('docs', null)", "RT422", "null"),
    (HIGHLIGHT.format("null, 'word'"), "RT400", "null"),
    (HIGHLIGHT.format("array_fill(1, '{10001}')::bigint[], 'word'"), "RT400", "10001"),
    (HIGHLIGHT.format("""'{1}', 'word', '{"colour": 1}'"""), "RT400", "'colour'"),
    (HIGHLIGHT.format("""'{1}', 'word', '{"start": 1}'"""), "RT400", "1"),
    (HIGHLIGHT.format("""'{1}', 'word', '{"max_fragments": 0}'"""), "RT400", "0"),
    (HIGHLIGHT.format("""'{1}', 'word', '{"max_characters": 19}'"""), "RT400", "19"),
    (HIGHLIGHT.format("""'{1}', 'word', '{"html": "no"}'"""), "RT400", '"no"'),
    (HIGHLIGHT.format("""'{1}', 'word', '[1]'"""), "RT400", "array"),
    ("select * from pgretrieve.highlight('no such', '{1}', 'word')", "RT404", "'no such'"),
    ("select * from pgretrieve.neighbours('docs', 1, -1)", "RT400", "-1"),
    ("select * from pgretrieve.neighbours('docs', 1, 1, null)", "RT400", "null"),
    ("select * from pgretrieve.neighbours('no such', 1)", "RT404", "'no such'"),
    (FACETS.format("null"), "RT400", "null"),
    (FACETS.format("'{}'"), "RT400", "{}"),
    (FACETS.format("'{null}'"), "RT400", "NULL"),
    (FACETS.format("'{$or}'"), "RT400", "'$or'"),
    (FACETS.format("'{a}', max_values => 0"), "RT400", "0"),
    (FACETS.format("'{a}', 'word', k => 10001"), "RT400", "10001"),
    (FACETS.format("'{a}', 'word', mode => 'both'"), "RT400", "'both'"),
    (FACETS.format("""'{a}', 'word', options => '{"x": 1}'"""), "RT400", "'x'"),
    (FACETS.format("'{a}', 'word', embedding => '[1,2]'"), "RT421", "2"),
    (FACETS.format("""'{a}', filter => '{"a": [1]}'"""), "RT420", "[1]"),
    ("select * from pgretrieve.facets('no such', '{a}')", "RT404", "'no such'"),
    ("select * from pgretrieve.count_matches('no such')", "RT404", "'no such'"),
    ("""select * from pgretrieve.count_matches('docs', 'word', '{"$gte": 3}')""", "RT420", "$gte"),
    (PAGE.format("'word', page_size => 0"), "RT400", "0"),
    (PAGE.format("'word', page_size => null"), "RT400", "null"),
    (PAGE.format("'word', page_size => 1001"), "RT400", "1001"),
    (PAGE.format("'word', cursor => 'abc'"), "RT400", "'abc'"),
    (PAGE.format("""'word', options => '{"depth": 10001}'"""), "RT400", "10001"),
    (PAGE.format("""'word', options => '[1]'"""), "RT400", "array"),
    (PAGE.format("''"), "RT400", "empty"),
    ("select * from pgretrieve.search_page('no such', 'word')", "RT404", "'no such'"),
]


@pytest.fixture(scope="module")
def docs(shared_db: pgretrieve.Client) -> pgretrieve.Collection:
    return shared_db.create_collection("docs", encoder=None, dimensions=3, chunking={"max_characters": 100})


@pytest.mark.usefixtures("docs")
@pytest.mark.parametrize(("statement", "state", "value"), CASES, ids=lambda value: str(value)[-50:])
def test_error_has_its_state_names_the_value_and_has_a_hint(
    shared_sql: psycopg.Connection[Any], statement: str, state: str, value: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        shared_sql.execute(statement)
    assert caught.value.sqlstate == state
    assert value in (caught.value.diag.message_primary or "")
    assert caught.value.diag.message_hint


def test_failed_write_writes_nothing(db: pgretrieve.Client, sql: psycopg.Connection[Any]) -> None:
    docs = db.create_collection("docs", encoder=None, dimensions=3, chunking={"max_characters": 100})
    for statement, state, _ in CASES:
        if state in ("RT421", "RT422"):
            with pytest.raises(psycopg.Error):
                sql.execute(statement)
    assert docs.count() == 0
    assert docs.stats().chunks == 0


def test_every_code_of_the_readme_is_tested() -> None:
    assert {state for _, state, _ in CASES} == {"RT400", "RT404", "RT409", "RT410", "RT412", "RT420", "RT421", "RT422"}
