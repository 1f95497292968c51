-- add_model: stores something fitted as the next version of its kind and slot, proposed; activate_model makes searches use it.
--
-- kind         'calibration' (of relevance, slot: the mode) or 'settings' (slot 'bm25': k1 and b; every other: options of searches, such
--              as 'fusion' and 'fields'). Other kinds are kept for whoever fits them, such as adapters, projections and codebooks.
-- parameters   what searches read: see pgretrieve._publish_models for those two kinds.
-- fitted_on    what it was fitted on; "evidence" names it, so that figures of the same evidence are compared.
-- figures      what was seen on what was held out: {"measure": ..., "value": ..., "baseline": ..., ...}, higher is better.
-- parts        matrices by name, a row an array of numbers: {"slope": [[0.1, 0.2]]}; read with apply_model.
-- Returns      the id of the model.
create or replace function pgretrieve.add_model(
    collection text, kind text, slot text, parameters jsonb, fitted_on jsonb, figures jsonb, parts jsonb default '{}'
)
    returns integer
    language plpgsql
    set search_path from current
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(add_model.collection);
    added  integer;
begin
    if add_model.kind is null or add_model.kind !~ '^[a-z_]{1,40}$' then
        raise exception 'a model cannot be of kind %', quote_nullable(add_model.kind)
            using errcode = 'RT400', hint = 'Give a word of small letters, such as ''calibration''.';
    end if;
    if jsonb_typeof(add_model.parameters) is distinct from 'object' or jsonb_typeof(add_model.fitted_on) is distinct from 'object'
       or jsonb_typeof(add_model.figures) is distinct from 'object' or jsonb_typeof(add_model.parts) is distinct from 'object' then
        raise exception 'parameters, fitted_on, figures and parts of a model are objects'
            using errcode = 'RT400', hint = 'Give {} where there is nothing to say.';
    end if;
    -- one at a time for a collection, so that versions have no gaps and are no two the same
    perform from pgretrieve.collection as c where c.id = target.id for update;
    insert into pgretrieve.model as m (collection_id, kind, slot, version, parameters, fitted_on, figures)
    select target.id, add_model.kind, coalesce(add_model.slot, ''),
           coalesce((select max(o.version) from pgretrieve.model as o
                      where o.collection_id = target.id and o.kind = add_model.kind and o.slot = coalesce(add_model.slot, '')), 0) + 1,
           add_model.parameters, add_model.fitted_on, add_model.figures
    returning m.id into added;
    insert into pgretrieve.model_row (model_id, part, ordinal, components)
    select added, p.key, r.ordinal, r.value::text::vector
      from jsonb_each(add_model.parts) as p, lateral jsonb_array_elements(p.value) with ordinality as r (value, ordinal);
    insert into pgretrieve.model_event (model_id, event) values (added, 'fitted');
    return added;
end;
$$;
comment on function pgretrieve.add_model is 'Stores something fitted as the next version of its kind and slot.';
