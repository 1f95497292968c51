"""Tables: the header path of a chunk's rows; numbers normalised for matching."""

from pgretrieve.schema import run_sql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# create_collection has one argument more, the view one column; both are put in place again after the revisions.
UPGRADE = """
drop function if exists pgretrieve.create_collection(
    text, text, integer, text, text, text, text, jsonb, jsonb, double precision, double precision, integer, boolean,
    text[], jsonb);
drop view if exists pgretrieve.collections;

alter table pgretrieve.collection add column normalise_numbers boolean not null default false;

do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format('alter table %I.chunk add column context text not null default %L', name, '');
        execute format('comment on column %I.chunk.context is %L', name,
                       'Of rows of a table, what stands above them: indexed and encoded before the text.');
    end loop;
end;
$$;
"""

DOWNGRADE = """
drop view if exists pgretrieve.collections;
do $$
declare
    name text;
begin
    if exists (select from pgretrieve.collection as c
                where c.normalise_numbers or (c.chunking ->> 'table_tokens')::integer > 0) then
        raise exception 'collections with normalise_numbers or table_tokens cannot go back to revision 0008'
            using hint = 'Drop them first; the view pgretrieve.collections names them.';
    end if;
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format('alter table %I.chunk drop column context cascade', name);
    end loop;
end;
$$;
alter table pgretrieve.collection drop column normalise_numbers;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
