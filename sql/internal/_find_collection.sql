-- _find_collection: the registry row of a collection, or the error that names what is there instead.
create or replace function pgretrieve._find_collection(name text)
    returns pgretrieve.collection
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    found_row pgretrieve.collection;
    others    text;
begin
    select c.* into found_row from pgretrieve.collection as c where c.name = _find_collection.name;
    if found_row.id is null then
        select string_agg(quote_literal(o.name), ', ') into others
          from (select c.name from pgretrieve.collection as c order by c.name limit 5) as o;
        raise exception 'collection % does not exist', quote_nullable(name)
            using errcode = 'RT404',
                  hint = coalesce('Collections here: ' || others || '. ', 'There are no collections yet. ')
                         || 'Create one with pgretrieve.create_collection.';
    end if;
    return found_row;
end;
$$;
comment on function pgretrieve._find_collection(text) is 'The registry row of a collection; error RT404 if there is none.';
