-- retire_model: searches no longer use this model, nor another in its place. Nothing happens if it is not active.
create or replace function pgretrieve.retire_model(model_id integer)
    returns void
    language plpgsql
    set search_path from current
as $$
declare
    model pgretrieve.model := pgretrieve._find_model(retire_model.model_id);
begin
    perform from pgretrieve.collection as c where c.id = model.collection_id for update;
    update pgretrieve.model as m set state = 'retired' where m.id = model.id and m.state = 'active';
    if found then
        insert into pgretrieve.model_event (model_id, event) values (model.id, 'retired');
        perform pgretrieve._publish_models(model.collection_id);
    end if;
end;
$$;
comment on function pgretrieve.retire_model(integer) is 'Searches no longer use this model.';
