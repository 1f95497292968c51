"""Settings that were fitted: k1 and b of a collection as they were before."""

from pgretrieve.schema import run_sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UPGRADE = """
alter table pgretrieve.collection add column created_bm25 jsonb;
comment on column pgretrieve.collection.created_bm25 is
    'The k1 and b that the collection was created with, while a fitted model has set others; else null.';
"""

DOWNGRADE = """
do $$
begin
    if exists (select from pgretrieve.collection as c where c.created_bm25 is not null) then
        raise exception 'collections with a fitted k1 and b cannot go back to revision 0009'
            using hint = 'Retire those models first: pgretrieve.models has them, of kind settings and slot bm25.';
    end if;
end;
$$;
alter table pgretrieve.collection drop column created_bm25;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
