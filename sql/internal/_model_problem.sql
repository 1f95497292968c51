-- _model_problem: why searches do not use a model although it is active, which is a stale calibration; null if they do. The view
--   pgretrieve.models stands on it, so its signature changes by a revision only.
--
-- A reader of the registry may be one who may not read every collection.
create or replace function pgretrieve._model_problem(kind text, state text, collection text, parameters jsonb)
    returns text
    language plpgsql stable
    set search_path from current
as $$
begin
    if kind <> 'calibration' or state <> 'active' then
        return null;
    end if;
    return (select 'stale: ' || pgretrieve._calibration_lapse(parameters, b.space, b.chunks)
              from pgretrieve._calibration_base(_model_problem.collection) as b);
exception
    when insufficient_privilege then
        return 'not known: this role may not read the collection';
end;
$$;
comment on function pgretrieve._model_problem(text, text, text, jsonb) is 'Why searches do not use a model that is active.';
