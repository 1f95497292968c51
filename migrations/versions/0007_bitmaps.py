"""Bitmaps of frequent terms, which keyword search in large collections asks instead of their lists."""

from pgretrieve.schema import run_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The next compaction that merges a segment makes its bitmaps; until then lists are looked up.
UPGRADE = """
do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format($ddl$
            create table %1$I.bitmap (
                lexeme   text collate "C" not null,
                segment  integer not null,
                first_id integer not null,
                bits     bit varying not null,
                primary key (lexeme, segment)
            );
            alter table %1$I.bitmap alter bits set storage external
            $ddl$, name);
        execute format('comment on table %I.bitmap is %L', name,
                       'Of frequent terms in large segments: a bit for each chunk id from first_id on, set where the '
                       'chunk holds the term.');
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
        execute format(
            'drop function if exists %1$I.index_bitmaps, %1$I.bm25_top, %1$I.bm25_of, %1$I.bm25_marked cascade', name);
        execute format('drop table %I.bitmap cascade', name);
    end loop;
end;
$$;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
