"""What a database holds, as text that two databases can be compared by."""

import re
import subprocess

import psycopg

from tests.servers import Server

# What hangs on the release of PostgreSQL, on the moment, or is said of every database.
_NOISE = re.compile(r"^(--.*|SET .*;|SELECT pg_catalog\.set_config.*;|\\(un)?restrict .*)$\n?", re.MULTILINE)


def dump(server: Server, dsn: str, *options: str) -> str:
    """The output of pg_dump."""
    command = [server.binary("pg_dump"), "--no-owner", "--no-privileges", *options, f"--dbname={dsn}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def schema(server: Server, dsn: str, *schemas: str) -> str:
    """Definitions, without data; of all schemas if none is named."""
    text = dump(server, dsn, "--schema-only", *(f"--schema={name}" for name in schemas))
    return re.sub(r"\n{3,}", "\n\n", _NOISE.sub("", text)).strip() + "\n"


def routines(dsn: str) -> set[str]:
    """Signatures of all functions in our schemas."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "select p.oid::regprocedure::text from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace "
            "where n.nspname ~ '^pgretrieve'"
        ).fetchall()
    return {signature for (signature,) in rows}


def without_bodies(text: str) -> str:
    """Definitions of functions down to where their bodies begin."""
    text = re.sub(r"\n    AS (\$_*\$).*?\n\1;", "\n    AS ...;", text, flags=re.DOTALL)
    text = re.sub(r"\n    BEGIN ATOMIC\n.*?\nEND;", "\n    BEGIN ATOMIC ... END;", text, flags=re.DOTALL)
    return re.sub(r"\n    RETURN .*;", "\n    RETURN ...;", text)


def run_script(server: Server, dsn: str, script: str) -> None:
    """Runs SQL as a person would, with psql; an error ends it."""
    command = [server.binary("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={dsn}"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def restore(server: Server, dsn: str, file: str) -> None:
    """Runs pg_restore; an error ends it."""
    command = [server.binary("pg_restore"), "--exit-on-error", "--no-owner", f"--dbname={dsn}", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
