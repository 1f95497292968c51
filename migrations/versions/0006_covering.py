"""Indexes that know of a chunk its document, and of a document its chunks, without a look at the table."""

from pgretrieve.schema import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UPGRADE = """
do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format($ddl$
            alter table %I.chunk
                drop constraint chunk_pkey,
                drop constraint chunk_document_id_ordinal_key,
                add constraint chunk_pkey primary key (id) include (document_id),
                add constraint chunk_document_id_ordinal_id_key unique (document_id, ordinal) include (id)
            $ddl$, name);
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
        execute format($ddl$
            alter table %I.chunk
                drop constraint chunk_pkey,
                drop constraint chunk_document_id_ordinal_id_key,
                add constraint chunk_pkey primary key (id),
                add constraint chunk_document_id_ordinal_key unique (document_id, ordinal)
            $ddl$, name);
    end loop;
end;
$$;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
