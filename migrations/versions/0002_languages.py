"""Languages: of a collection and of its documents, accent folding, synonyms and stop words."""

from pgretrieve.schema import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Two functions have more arguments, and the view more columns; they are put in place again after the revisions.
UPGRADE = """
drop function if exists pgretrieve.create_collection(
    text, text, integer, text, text, text, text, jsonb, jsonb, double precision, double precision, integer);
drop function if exists pgretrieve.add_document(text, text, text, text, jsonb, vector);
drop view if exists pgretrieve.collections;

alter table pgretrieve.collection
    add column fold_accents boolean not null default false,
    add column languages text[] not null default '{}';

do $$
declare
    name text;
begin
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format($ddl$
            alter table %1$I.document add column language text;
            create table %1$I.synonym (
                term         text primary key,
                synonyms     text[] not null,
                lexemes      text[] not null,
                alternatives jsonb not null
            );
            create index synonym_lexeme on %1$I.synonym ((lexemes[1]));
            create table %1$I.stop_word (
                term    text primary key,
                lexemes text[] not null
            );
            $ddl$, name);
        execute format('comment on table %I.synonym is %L', name,
                       'Synonyms, applied to queries. Written by pgretrieve.set_synonyms.');
        execute format('comment on table %I.stop_word is %L', name,
                       'Words that queries leave out. Written by pgretrieve.set_stop_words.');
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
                where c.fold_accents or c.languages <> '{}' or c.text_config = 'cjk') then
        raise exception 'collections with fold_accents, several languages or cjk cannot go back to revision 0001'
            using hint = 'Drop them first; the view pgretrieve.collections names them.';
    end if;
    for name in select c.schema_name from pgretrieve.collection as c loop
        execute format('drop table %1$I.synonym, %1$I.stop_word cascade', name);
        execute format('alter table %I.document drop column language cascade', name);
    end loop;
end;
$$;
alter table pgretrieve.collection drop column fold_accents, drop column languages;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
