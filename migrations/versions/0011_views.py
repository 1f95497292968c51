"""Views stay through upgrades, with the functions that they stand on; one from before revision 0005 has to go once."""

from pgretrieve.schema import run_sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UPGRADE = """
do $$
begin
    if (select pg_get_function_result(p.oid) not like '%pending_field_embeddings%'
          from pg_catalog.pg_proc as p where p.oid = to_regprocedure('pgretrieve._stats(text)')) then
        drop function pgretrieve._stats(text) cascade;
    end if;
end;
$$;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    """Nothing: all views and functions go before a downgrade."""
