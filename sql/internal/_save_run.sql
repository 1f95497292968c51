-- _save_run: a run of a set of queries under its name, without its queries yet; one of the same name is replaced.
--
-- versions  what it ran on is added: pgretrieve, PostgreSQL, pgvector, the encoder of the collection.
-- Returns   its id.
create or replace function pgretrieve._save_run(
    collection text, name text, query_set text, settings jsonb, versions jsonb, measures jsonb
)
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    target pgretrieve.collection := pgretrieve._find_collection(_save_run.collection);
    run_id integer;
begin
    if coalesce(_save_run.name, '') !~ '\S' or length(_save_run.name) > 200 then
        raise exception 'the name of a run cannot be %', quote_nullable(left(_save_run.name, 210))
            using errcode = 'RT400', hint = 'Give 1 to 200 characters, such as ''before''.';
    end if;
    delete from pgretrieve.run as r where r.collection_id = target.id and r.name = _save_run.name;
    insert into pgretrieve.run (collection_id, name, query_set, settings, versions, measures)
    values (target.id, _save_run.name, _save_run.query_set, _save_run.settings,
            jsonb_build_object(
                'pgretrieve', pgretrieve.version(), 'PostgreSQL', current_setting('server_version'),
                'pgvector', (select e.extversion from pg_extension as e where e.extname = 'vector'),
                'encoder', target.encoder, 'k1', target.k1, 'b', target.b) || _save_run.versions,
            _save_run.measures)
    returning id into run_id;
    return run_id;
end;
$$;
comment on function pgretrieve._save_run is 'Stores a run, in place of one of the same name; returns its id.';
