-- models: everything fitted, newest first within its collection, kind and slot.
create or replace view pgretrieve.models as
select m.id, c.name as collection, m.kind, m.slot, m.version, m.state, m.figures ->> 'measure' as measure,
       (m.figures ->> 'value')::double precision as value, (m.figures ->> 'baseline')::double precision as baseline,
       m.parameters, m.fitted_on, m.figures, m.created_at,
       (select max(e.happened_at) from pgretrieve.model_event as e
         where e.model_id = m.id and e.event = 'activated') as activated_at,
       pgretrieve._model_problem(m.kind, m.state, c.name, m.parameters) as problem
  from pgretrieve.model as m join pgretrieve.collection as c on c.id = m.collection_id
 order by c.name, m.kind, m.slot, m.version desc;
comment on view pgretrieve.models is
    'Everything fitted, by version, with its figures on what was held out; problem: why searches do not use an active one.';
