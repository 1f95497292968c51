"""Fields of documents beside title and text, which a collection may weigh one by one."""

from pgretrieve.schema import run_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Two functions have one more argument; they are put in place again after the revisions.
UPGRADE = """
drop function if exists pgretrieve.create_collection(
    text, text, integer, text, text, text, text, jsonb, jsonb, double precision, double precision, integer, boolean,
    text[]);
drop function if exists pgretrieve.add_document(text, text, text, text, jsonb, vector, text);

alter table pgretrieve.collection add column fields jsonb not null default '{}';

do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format($ddl$
            alter table %1$I.document
                add column fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object');
            create table %1$I.field_statistic (
                field  text collate "C" not null,
                chunks bigint not null,
                tokens bigint not null
            )
            $ddl$, name);
        execute format('comment on table %I.field_statistic is %L', name,
                       'Append-only, in a collection with fields; the sums are the chunks that have a field, '
                       'and its total length in terms.');
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
    if exists (select from pgretrieve.collection as c where c.fields <> '{}') then
        raise exception 'collections with fields cannot go back to revision 0003'
            using hint = 'Drop them first; the view pgretrieve.collections names them.';
    end if;
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format('drop table %I.field_statistic cascade', name);
        execute format('alter table %I.document drop column fields cascade', name);
    end loop;
end;
$$;
alter table pgretrieve.collection drop column fields;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
