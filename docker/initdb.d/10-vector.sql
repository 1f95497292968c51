-- Runs once, in POSTGRES_DB of an empty volume. The extension needs a superuser; `pgretrieve migrate` then needs none.
create extension if not exists vector;
