-- _install_collection: puts the functions of one collection in place from the templates. Old ones go first: no one else's
-- objects should hang on them, and their signatures may change with any release.
create or replace function pgretrieve._install_collection(collection pgretrieve.collection)
    returns void
    language plpgsql
    set search_path from current
    set client_min_messages = warning
as $$
declare
    name    text;
    routine text;
    marks   constant text[] := pgretrieve._marks(collection);
begin
    -- by name, taken before the first goes: some will have gone with those that they call
    foreach routine in array (
        select coalesce(array_agg(p.oid::regprocedure::text), '{}')
          from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
         where n.nspname = collection.schema_name)
    loop
        execute 'drop function if exists ' || routine || ' cascade';
    end loop;
    for name in
        select t.name from pgretrieve.template as t
         where t.install_order is not null
           and (collection.fields <> '{}' or not starts_with(t.name, 'field_') or t.name = 'field_scores')
         order by t.install_order
    loop
        execute pgretrieve._render(name, collection, marks => marks);
    end loop;
end;
$$;
comment on function pgretrieve._install_collection(pgretrieve.collection) is
    'Puts the functions of one collection in place.';
