-- _install_collection: creates or replaces the functions of one collection from the templates.
create or replace function pgretrieve._install_collection(collection pgretrieve.collection)
    returns void
    language plpgsql
    set search_path from current
as $$
declare
    name text;
begin
    for name in
        select t.name from pgretrieve.template as t where t.install_order is not null order by t.install_order
    loop
        execute pgretrieve._render(name, collection);
    end loop;
end;
$$;
comment on function pgretrieve._install_collection(pgretrieve.collection) is
    'Creates or replaces the functions of one collection.';
