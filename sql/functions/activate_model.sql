-- activate_model: searches use this model from now on, in place of the one of its kind and slot that they used; atomically.
--
-- Refused   error RT413, unless forced, where its figures are below their own baseline, or below those of the active model
--           on the same evidence, while that holds. Figures of different evidence say nothing of each other, but a calibration
--           that no judgement has seen does not take the place of one on judgements while that holds.
-- Errors    RT410 for an unknown model, RT400 for settings that the collection cannot have.
create or replace function pgretrieve.activate_model(model_id integer, force boolean default false)
    returns void
    language plpgsql
    set search_path from current
as $$
declare
    model   pgretrieve.model := pgretrieve._find_model(activate_model.model_id);
    active  pgretrieve.model;
    value   constant double precision := model.figures ->> 'value';
    target  text;
    problem text;
    holds   boolean;  -- the active one: searches use it, it is not stale
begin
    select c.name into target from pgretrieve.collection as c where c.id = model.collection_id for update;
    if model.kind = 'settings' then
        perform pgretrieve._check_settings(model.collection_id, model.slot, model.parameters);
    end if;
    select m.* into active from pgretrieve.model as m
     where m.collection_id = model.collection_id and m.kind = model.kind and m.slot = model.slot and m.state = 'active';
    if active.id = model.id then
        return;
    end if;
    holds := pgretrieve._model_problem(active.kind, active.state, target, active.parameters) is null;
    problem := case
        when value < (model.figures ->> 'baseline')::double precision
            then format('its %s of %s is below its baseline of %s', model.figures ->> 'measure', round(value::numeric, 4),
                        round((model.figures ->> 'baseline')::numeric, 4))
        when holds and model.figures -> 'measure' = active.figures -> 'measure'
             and model.fitted_on -> 'evidence' = active.fitted_on -> 'evidence'
             and value < (active.figures ->> 'value')::double precision
            then format('its %s of %s is below the %s of model %s, which is active', model.figures ->> 'measure',
                        round(value::numeric, 4), round((active.figures ->> 'value')::numeric, 4), active.id)
        when holds and model.kind = 'calibration' and active.fitted_on ->> 'evidence' like 'judgements%'
             and model.fitted_on ->> 'evidence' not like 'judgements%'
            then format('model %s, which is active, was fitted on judgements, and this one was not', active.id)
    end;
    if problem is not null and not coalesce(force, false) then
        raise exception 'model % is not activated: %', model.id, problem
            using errcode = 'RT413', hint = 'Fit it on more or other evidence, or activate it with force => true.';
    end if;
    update pgretrieve.model as m set state = 'retired' where m.id = active.id;
    update pgretrieve.model as m set state = 'active' where m.id = model.id;
    insert into pgretrieve.model_event (model_id, event, reason)
    select e.id, e.event, e.reason
      from (values (active.id, 'retired', 'model ' || model.id || ' took its place'),
                   (model.id, 'activated', coalesce('forced, although ' || problem, ''))) as e (id, event, reason)
     where e.id is not null;
    perform pgretrieve._publish_models(model.collection_id);
end;
$$;
comment on function pgretrieve.activate_model is 'Searches use this model from now on; refused where its figures are worse.';
