-- leg: one ranked list of a search of several queries or fields. Made anew by each upgrade.
drop type if exists pgretrieve.leg cascade;
create type pgretrieve.leg as (
    name          text,              -- 'dense', 'keyword'; of the second query 'dense 2', 'keyword 2'; of a field 'dense.title'
    kind          text,              -- 'dense' or 'keyword'
    query         pgretrieve.keyword_query,
    embedding     vector,
    weight        double precision,
    field         text               -- whose vectors are searched; null: those of the chunks
);
comment on type pgretrieve.leg is 'One ranked list of a search of several queries or fields.';
