"""How alike the chunks of a collection are, which fusion measures similarity by."""

from pgretrieve.schema import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UPGRADE = """
do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format($ddl$
            create table %I.similarity (
                mean      double precision not null,
                deviation double precision,
                chunks    bigint not null
            )
            $ddl$, name);
        execute format('comment on table %I.similarity is %L', name,
                       'How alike chunks at large are by the dense score, and of how many that was measured. '
                       'One row at most.');
    end loop;
end;
$$;
"""

DOWNGRADE = """
do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format('drop table %I.similarity cascade', name);
    end loop;
end;
$$;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
