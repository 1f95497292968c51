-- _publish_models: writes what the active models of a collection say into its row, which every search reads anyway.
--
-- calibration  by mode: parameters {"hit": [...], "query": [...], "family": null, "thresholds": {...}, "chunks": n, "space": [...]}
--              and the id as "model".
-- settings     parameters are options of searches, such as {"fusion": "blend", "weights": {...}}.
create or replace function pgretrieve._publish_models(collection_id integer)
    returns void
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    update pgretrieve.collection as c
       set calibrations = (select coalesce(jsonb_object_agg(m.slot, m.parameters || jsonb_build_object('model', m.id)), '{}')
                             from pgretrieve.model as m
                            where m.collection_id = c.id and m.kind = 'calibration' and m.state = 'active'),
           search_defaults = coalesce((select m.parameters from pgretrieve.model as m
                                        where m.collection_id = c.id and m.kind = 'settings' and m.state = 'active' and m.slot = ''),
                                      '{}')
     where c.id = _publish_models.collection_id;
$$;
comment on function pgretrieve._publish_models(integer) is 'Writes what the active models of a collection say into its row.';
