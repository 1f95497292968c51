"""Runs the revisions, then puts the functions of sql/ in place, all in one transaction."""

from alembic import context

from pgretrieve import schema

schema.run_migrations(context)
