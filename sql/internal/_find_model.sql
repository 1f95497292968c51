-- _find_model: a model by id, or error RT410.
create or replace function pgretrieve._find_model(model_id integer)
    returns pgretrieve.model
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    found_row pgretrieve.model;
begin
    select m.* into found_row from pgretrieve.model as m where m.id = _find_model.model_id;
    if found_row.id is null then
        raise exception 'model % does not exist', coalesce(model_id::text, 'null')
            using errcode = 'RT410', hint = 'select * from pgretrieve.models shows those that there are.';
    end if;
    return found_row;
end;
$$;
comment on function pgretrieve._find_model(integer) is 'A model by id, or error RT410.';
