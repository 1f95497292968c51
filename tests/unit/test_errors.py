import inspect
import re

import psycopg
import pytest

from pgretrieve import errors

OURS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == errors.__name__
]  # fmt: skip


def raised(state, message, kind=psycopg.DatabaseError):
    """An error as psycopg raises it for an SQLSTATE, where no server has filled in the parts of the message."""
    return type("Raised", (kind,), {"sqlstate": state})(message)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("RT400", errors.InvalidInput),
        ("RT404", errors.CollectionNotFound),
        ("RT409", errors.AlreadyExists),
        ("RT412", errors.NotCalibrated),
        ("RT420", errors.InvalidFilter),
        ("RT421", errors.DimensionMismatch),
        ("RT422", errors.InvalidDocument),
        ("42501", errors.PermissionDenied),
        ("22021", errors.InvalidInput),
        ("22P05", errors.InvalidInput),
        ("28000", errors.DatabaseUnavailable),
        ("28P01", errors.DatabaseUnavailable),
        ("3D000", errors.DatabaseUnavailable),
        ("57P01", errors.DatabaseUnavailable),
        ("57P03", errors.DatabaseUnavailable),
        ("53300", errors.DatabaseUnavailable),
        ("3F000", errors.SchemaMissing),
    ],
)
def test_each_sqlstate_has_its_class(state, kind):
    cause = raised(state, "what is  wrong\nin two lines")
    ours = errors.translated(cause)
    assert type(ours) is kind
    assert ours.message == "what is wrong in two lines"
    assert ours.__cause__ is cause


@pytest.mark.parametrize("state", ["42P01", "42883"])
def test_only_a_missing_relation_or_function_of_ours_means_a_missing_schema(state):
    ours = errors.translated(raised(state, 'relation "pgretrieve.collections" does not exist'))
    assert type(ours) is errors.SchemaMissing
    assert "pgretrieve init" in ours.hint
    theirs = raised(state, 'relation "orders" does not exist')
    assert errors.translated(theirs) is theirs


def test_an_error_that_is_none_of_ours_stays_what_it_is():
    error = raised("40P01", "deadlock detected")
    assert errors.translated(error) is error


def test_no_connection_is_an_unavailable_database_with_a_hint():
    ours = errors.translated(psycopg.OperationalError("connection failed: no route"))
    assert type(ours) is errors.DatabaseUnavailable
    assert "DSN" in ours.hint


def test_a_nul_that_psycopg_refuses_is_invalid_input():
    ours = errors.translated(psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"))
    assert type(ours) is errors.InvalidInput
    assert "NUL" in ours.message
    assert ours.hint


def test_translating_raises_ours_from_the_original():
    cause = raised("RT404", "collection 'x' does not exist")
    with pytest.raises(errors.CollectionNotFound) as caught, errors.translating():
        raise cause
    assert caught.value.__cause__ is cause


def test_translating_leaves_other_errors_alone():
    cause = raised("40P01", "deadlock detected")
    with pytest.raises(psycopg.Error) as caught, errors.translating():
        raise cause
    assert caught.value is cause
    with pytest.raises(KeyError), errors.translating():
        raise KeyError


@pytest.mark.parametrize("kind", OURS)
def test_the_message_of_every_class_is_followed_by_its_hint(kind):
    error = kind("what is wrong", "What to do")
    assert isinstance(error, errors.PgretrieveError)
    assert (str(error), error.message, error.hint) == ("what is wrong. What to do", "what is wrong", "What to do")
    assert str(kind("what is wrong")) == "what is wrong"


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.InvalidInput, ValueError),
        (errors.InvalidDocument, ValueError),
        (errors.CollectionNotFound, LookupError),
        (errors.MissingDependency, ImportError),
    ],
)
def test_who_knows_only_python_can_catch_them(kind, builtin):
    with pytest.raises(builtin):
        raise kind("what is wrong")


def test_the_tree_in_the_docstring_is_the_tree():
    def drawn(kind, depth=0):
        yield depth, kind.__name__
        for below in sorted(kind.__subclasses__(), key=lambda k: order.index(k.__name__)):
            if below.__module__ == errors.__name__:
                yield from drawn(below, depth + 1)

    lines = [line for line in errors.__doc__.splitlines() if re.match(r"PgretrieveError|[│├└ ]+─", line)]
    told = [(re.search(r"\w", line).start() // 4, re.search(r"\w+", line).group()) for line in lines]
    order = [name for _, name in told]
    assert list(drawn(errors.PgretrieveError)) == told
    assert sorted(order) == sorted(kind.__name__ for kind in OURS)
