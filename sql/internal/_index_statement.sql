-- _index_statement: the CREATE INDEX of a collection, for the vectors of its chunks or of a field, in the form that lets
-- writers go on; null if none is wanted, a usable one is there, or the caller may not build it. A client runs it, since no function can.
create or replace function pgretrieve._index_statement(name text, field text default null)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    target  pgretrieve.collection := pgretrieve._find_collection(name);
    vectors constant text := pgretrieve._vectors(target.fields, field);
begin
    if target.index_kind = 'none'
       or not pg_has_role((select c.relowner from pg_class as c
                            where c.oid = to_regclass(format('%I.%I', target.schema_name, vectors))), 'usage')
       or exists (select from pg_index as i
                   where i.indexrelid = to_regclass(format('%I.%I', target.schema_name, vectors || '_ann')) and i.indisvalid) then
        return null;
    end if;
    return replace(pgretrieve._render('index', target, field), 'create index', 'create index concurrently');
end;
$$;
comment on function pgretrieve._index_statement(text, text) is 'The CREATE INDEX that a collection lacks, or null.';
