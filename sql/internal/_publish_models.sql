-- _publish_models: makes searches of a collection use its active models: writes them into its row, which every search reads anyway.
--
-- calibration  by mode: parameters {"hit": [...], "query": [...], "family": null, "thresholds": {...}, "chunks": n, "space": [...]}
--              and the id as "model".
-- settings     slot 'bm25': {"k1": ..., "b": ...}; without one the collection has those again that it was created with. Every
--              other slot: options that searches have unless they say otherwise, such as {"fusion": "blend", "weights": {...}};
--              of two slots with the same option the later name wins.
create or replace function pgretrieve._publish_models(collection_id integer)
    returns void
    language plpgsql
    set search_path from current
as $$
declare
    created jsonb;
    fitted  jsonb;
begin
    update pgretrieve.collection as c
       set calibrations = (select coalesce(jsonb_object_agg(m.slot, m.parameters || jsonb_build_object('model', m.id)), '{}')
                             from pgretrieve.model as m
                            where m.collection_id = c.id and m.kind = 'calibration' and m.state = 'active'),
           search_defaults = (select coalesce(jsonb_object_agg(p.key, p.value order by m.slot), '{}')
                                from pgretrieve.model as m, lateral jsonb_each(m.parameters) as p
                               where m.collection_id = c.id and m.kind = 'settings' and m.state = 'active' and m.slot <> 'bm25')
     where c.id = _publish_models.collection_id
    returning coalesce(c.created_bm25, jsonb_build_object('k1', c.k1, 'b', c.b)) into created;
    select m.parameters into fitted
      from pgretrieve.model as m
     where m.collection_id = _publish_models.collection_id and m.kind = 'settings' and m.slot = 'bm25' and m.state = 'active';
    perform pgretrieve._set_bm25(_publish_models.collection_id, (coalesce(fitted, created) -> 'k1')::double precision,
                                 (coalesce(fitted, created) -> 'b')::double precision);
    update pgretrieve.collection as c
       set created_bm25 = case when fitted is not null then created end
     where c.id = _publish_models.collection_id and c.created_bm25 is distinct from case when fitted is not null then created end;
end;
$$;
comment on function pgretrieve._publish_models(integer) is 'Makes searches of a collection use its active models.';
