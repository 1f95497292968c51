-- _keep_recall: keeps what pgretrieve tune has measured, and makes the chosen setting that of the collection.
--
-- measured  an array of rows of _recall_summary.
-- chosen    null: no setting reached the target, and the collection keeps what it has.
-- Under a filter a setting is only ever raised: searches without it use the same one.
-- Returns   whether the setting is now what has been chosen.
create or replace function pgretrieve._keep_recall(
    collection text, measured jsonb, setting text, chosen integer, target_recall double precision, k integer, filter jsonb,
    source text
)
    returns boolean
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(_keep_recall.collection);
    -- what searches had while it was measured
    present constant integer := (select m.value from jsonb_to_recordset(measured) as m (value integer, present boolean)
                                  where m.present);
begin
    -- two that tune at once: the second sees what the first has set
    select c.* into target from pgretrieve.collection as c where c.id = target.id for update;
    insert into pgretrieve.recall_measurement (collection_id, settings, queries, source, k, filter, target_recall, mean,
                                               worst_decile, minimum, median_ms, present, chosen)
    select target.id, target.index_settings || jsonb_build_object(setting, m.value), m.queries, _keep_recall.source, _keep_recall.k,
           _keep_recall.filter, _keep_recall.target_recall, m.mean, m.worst_decile, m.minimum, m.median_ms, m.present,
           coalesce(m.value = _keep_recall.chosen, false)
      from jsonb_to_recordset(measured) as m (
               value integer, present boolean, queries integer, mean double precision, worst_decile double precision,
               minimum double precision, median_ms double precision)
     order by m.value;
    if chosen is null or coalesce(filter, '{}') <> '{}' and chosen <= present then
        return false;
    end if;
    if setting = 'ef_search' then
        update pgretrieve.collection as c set ef_search = chosen where c.id = target.id;
    else
        update pgretrieve.collection as c set index_settings = c.index_settings || jsonb_build_object('probes', chosen)
         where c.id = target.id;
    end if;
    return true;
end;
$$;
comment on function pgretrieve._keep_recall is 'Keeps what pgretrieve tune has measured, and sets what it has chosen.';
