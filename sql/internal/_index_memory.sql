-- _index_memory: the maintenance_work_mem, in kB, under which to build the index over the vectors of a collection's
--   chunks, or of a field.
--
-- A build whose graph does not fit in it goes on several times slower. Wanted: the vectors and 2 m neighbours each, with a
-- third to spare. Never less than what is set, never more than twice shared_buffers, which stands for the memory that the
-- server has to give.
create or replace function pgretrieve._index_memory(name text, field text default null)
    returns bigint
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    target  pgretrieve.collection := pgretrieve._find_collection(name);
    vectors bigint;
    bytes   bigint;
begin
    execute format('select count(*), coalesce(max(pg_column_size(embedding)), 0) from %I.%I', target.schema_name,
                   pgretrieve._vectors(target.fields, field))
        into vectors, bytes;
    return greatest(
        pg_size_bytes(current_setting('maintenance_work_mem')),
        least(vectors * (bytes + 32 * coalesce((target.index_settings ->> 'm')::integer, 16)) * 4 / 3,
              2 * pg_size_bytes(current_setting('shared_buffers')))) / 1024;
end;
$$;
comment on function pgretrieve._index_memory(text, text) is 'The maintenance_work_mem, in kB, to build an index under.';
