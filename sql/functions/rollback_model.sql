-- rollback_model: goes back to the model of a kind and slot that was active before the one that is, or if none is, to the last one.
--
-- Returns   the id of the model that is active now.
-- Error RT410  there is none to go back to.
create or replace function pgretrieve.rollback_model(collection text, kind text, slot text default '')
    returns integer
    language plpgsql
    set search_path from current
as $$
declare
    target   pgretrieve.collection := pgretrieve._find_collection(rollback_model.collection);
    previous integer;
begin
    perform from pgretrieve.collection as c where c.id = target.id for update;
    select e.model_id into previous
      from pgretrieve.model_event as e
      join pgretrieve.model as m on m.id = e.model_id
     where m.collection_id = target.id and m.kind = rollback_model.kind and m.slot = rollback_model.slot
       and m.state = 'retired' and e.event = 'activated'
       and e.id < coalesce((select max(a.id) from pgretrieve.model_event as a
                              join pgretrieve.model as n on n.id = a.model_id
                             where n.collection_id = target.id and n.kind = rollback_model.kind and n.slot = rollback_model.slot
                               and n.state = 'active' and a.event = 'activated'), 9223372036854775807)
     order by e.id desc
     limit 1;
    if previous is null then
        raise exception 'no model of kind % and slot % was active before', quote_nullable(rollback_model.kind),
            quote_nullable(rollback_model.slot)
            using errcode = 'RT410', hint = 'select * from pgretrieve.models shows those that there are; activate_model takes any.';
    end if;
    perform pgretrieve.activate_model(previous, force => true);
    return previous;
end;
$$;
comment on function pgretrieve.rollback_model is 'Goes back to the model that was active before.';
