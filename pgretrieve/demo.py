"""The documents and questions of the demo: the documentation strings of the Python that runs this.

Source files are parsed, not imported: importing all of the standard library takes long and has side effects.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import sysconfig
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import BuiltinFunctionType, ModuleType
from typing import Any

from pgretrieve.types import Document

COLLECTION = "demo"

QUESTIONS = (
    "cache results so that a function is not computed twice",
    "split a string like the shell does",
    "what day of the week is a date",
    "generate a secure random token for a password reset link",
    "find files matching a pattern in all subfolders",
)

LEAST_CHARACTERS = 40
ENOUGH_CHARACTERS = 300
MOST_TITLE_CHARACTERS = 80

_SKIPPED_FOLDERS = {
    "__pycache__", "distutils", "encodings", "ensurepip", "idlelib", "lib2to3", "lib-dynload", "pydoc_data",
    "site-packages", "test", "tests", "tkinter", "turtledemo", "wsgiref", "xmlrpc",
}  # fmt: skip

# Jokes, toys, tools of Python's own makers, and what newer versions no longer have.
_SKIPPED_MODULES = {
    "aifc", "antigravity", "asynchat", "asyncore", "audioop", "bdb", "cgi", "cgitb", "chunk", "crypt", "imaplib",
    "imghdr", "imp", "mailcap", "msilib", "nntplib", "opcode", "pdb", "pickletools", "pipes", "poplib", "pydoc",
    "smtpd", "sndhdr", "sunau", "symtable", "telnetlib", "turtle", "uu", "xdrlib",
}  # fmt: skip
_SKIPPED_CLASSES = {"builtins.bytearray", "decimal.Context"}  # they repeat bytes and Decimal, method by method

# Modules in C, which have no source to parse, and are safe to import.
_COMPILED = ("builtins", "cmath", "errno", "gc", "itertools", "math", "sys", "time", "zlib")

# Where the Python half of a module says what the compiled half leaves out, it is known by the name of the whole.
_PUBLIC_NAMES = {
    "_collections_abc": "collections.abc",
    "_pydatetime": "datetime",
    "_pydecimal": "decimal",
    "_pyio": "io",
}

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def documents() -> Iterator[Document]:
    """Each documented public module, class, function and method of the standard library, one document each."""
    seen: set[str] = set()
    for document in _all():
        if document.id not in seen:
            seen.add(document.id)
            yield document


def _all() -> Iterator[Document]:
    root = Path(sysconfig.get_path("stdlib"))
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        module = _module_name(place)
        if module and not _SKIPPED_FOLDERS.intersection(place.parts) and module not in _SKIPPED_MODULES:
            yield from _from_source(path, module, str(place))
    for name in _COMPILED:
        yield from _from_compiled(import_module(name))


def _module_name(place: Path) -> str | None:
    """The dotted name of a source file; None if it is private or does not belong to the standard library."""
    parts = place.with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    name = ".".join(parts)
    if name in _PUBLIC_NAMES:
        return _PUBLIC_NAMES[name]
    public = all(part.isidentifier() and not part.startswith("_") for part in parts)
    return name if parts and public and parts[0] in sys.stdlib_module_names else None


def _from_source(path: Path, module: str, place: str) -> Iterator[Document]:
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:  # a template, or a file for another version
        return
    yield from _documented(tree, "module", "", module, place)
    yield from _members(tree.body, "", module, place)


def _members(body: list[ast.stmt], owner: str, module: str, place: str) -> Iterator[Document]:
    """What a module or class defines, also under ``if`` and ``try``."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_") or f"{module}.{node.name}" in _SKIPPED_CLASSES:
                continue
            name = f"{owner}.{node.name}" if owner else node.name
            kind = "class" if isinstance(node, ast.ClassDef) else "method" if owner else "function"
            yield from _documented(node, kind, name, module, place)
            if isinstance(node, ast.ClassDef):
                yield from _members(node.body, name, module, place)
        else:
            for branch in ("body", "orelse", "handlers", "finalbody"):
                yield from _members(getattr(node, branch, []), owner, module, place)


def _documented(node: _Documented, kind: str, name: str, module: str, place: str) -> Iterator[Document]:
    signature = f"({ast.unparse(node.args)})" if isinstance(node, _FUNCTIONS) else ""
    yield from _document(kind, name, signature, ast.get_docstring(node), module, place)


def _from_compiled(module: ModuleType) -> Iterator[Document]:
    yield from _document("module", "", "", module.__doc__, module.__name__, "built in")
    for name, value in vars(module).items():
        if name.startswith("_") or not isinstance(value, type | BuiltinFunctionType):
            continue
        if f"{module.__name__}.{name}" in _SKIPPED_CLASSES:
            continue
        kind = "class" if isinstance(value, type) else "function"
        yield from _document(kind, name, _signature(value), value.__doc__, module.__name__, "built in")
        for method, function in vars(value).items() if isinstance(value, type) else ():
            if not method.startswith("_") and callable(function):
                yield from _document(
                    "method", f"{name}.{method}", _signature(function), function.__doc__, module.__name__, "built in"
                )


def _signature(value: Any) -> str:
    return getattr(value, "__text_signature__", None) or ""


def _document(kind: str, name: str, signature: str, text: str | None, module: str, place: str) -> Iterator[Document]:
    text = _beginning(inspect.cleandoc(text or ""))
    if len(text) < LEAST_CHARACTERS:
        return
    yield Document(
        id=f"{module}.{name}" if name else module,
        title=_title(name, signature, module),
        text=text,
        metadata={"module": module.partition(".")[0], "kind": kind, "path": place},
    )


def _beginning(text: str) -> str:
    """The paragraphs that say what it is; the rest would only make the demo slower."""
    kept: list[str] = []
    length = 0
    for paragraph in text.split("\n\n"):
        length += len(paragraph)
        if kept and (length > ENOUGH_CHARACTERS or paragraph.lstrip().startswith(">>>")):
            break
        kept.append(paragraph)
    return "\n\n".join(kept)


def _title(name: str, signature: str, module: str) -> str:
    """As in 'glob(pattern) in pathlib Path'; dots would make one word, a host name, of it in the keyword index."""
    owner, _, own = name.rpartition(".")
    where = " ".join(part for part in (module, owner) if part).replace(".", " ")
    if not name:
        return where
    short = re.sub(r"^\(\$?(self|cls|module|type)\b(, )?(/(, )?)?", "(", signature)
    title = f"{own}{short} in {where}"
    return title if len(title) <= MOST_TITLE_CHARACTERS else f"{own} in {where}"
