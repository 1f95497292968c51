"""Options of count_matches, and what the keyword leg is asked as one value."""

from pgretrieve.schema import run_sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The function has one more argument; it is put in place again after the revisions, as the type is.
UPGRADE = "drop function if exists pgretrieve.count_matches(text, text, jsonb)"

DOWNGRADE = "drop type if exists pgretrieve.keyword_query cascade"


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
